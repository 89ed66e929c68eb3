"""What forms of the console share: labels in the reader's language, and a reason that is recorded."""

from typing import Any

from flask import flash
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from gateway.errors import Refused
from handlers.console.telling import said
from handlers.words import N_, translated


class Form(FlaskForm):
    """A form whose labels are sentences of the source, named with `N_` and translated when it is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            if field.label.text:
                field.label.text = translated(field.label.text)


class ReasonForm(Form):
    """Why somebody does what must be answered for."""

    reason = StringField(N_("Reason"), [InputRequired(), Length(max=200)])


def say(refused: Refused) -> None:
    """Tells the member of staff on their next page why something was refused."""
    flash(said(refused), "error")
