"""SMS in doubt: the carrier may have sent them, or holds them. A person may send a reply again, once."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.errors import Refused
from gateway.sending import doubts
from gateway.staff.rights import Right, may
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.console.forms import ReasonForm
from handlers.words import N_, translated
from models import State

STATES = {
    State.UNKNOWN: N_("may have been sent"),
    State.UNRESOLVED: N_("may have been sent, no word for 24 hours"),
    State.HELD: N_("held by the carrier"),
}


@blueprint.get("/messages")
@needs(Right.SEE_MESSAGES)
def messages() -> str:
    """Lists them, the longest in doubt first."""
    with database.transaction() as db:
        found = doubts.listed(db, current_user.staff)
    can_send = may(current_user.staff, Right.SEND_AGAIN)
    most = doubts.MOST_LISTED
    return render_template("console/messages.html", doubts=found, most=most, states=STATES, can_send=can_send)


@blueprint.route("/messages/<int(max=2147483647):message_id>/again", methods=["GET", "POST"])
@needs(Right.SEND_AGAIN)
def send_again(message_id: int) -> str | Response:
    """Asks why, and sends one again."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with database.transaction() as db:
                reason = form.reason.data or ""
                doubts.send_again(db, current_user.staff, message_id, reason, datetime.now(UTC))
        except Refused as refused:
            forms.say(refused)
        else:
            flash(translated("The SMS goes out once more."), "success")
        return redirect(url_for("console.messages"))
    return _asked(message_id, form)


def _asked(message_id: int, form: ReasonForm) -> str:
    try:
        with database.transaction() as db:
            doubt = doubts.find(db, current_user.staff, message_id)
    except Refused:
        abort(404)
    return render_template("console/send_again.html", doubt=doubt, form=form, states=STATES)
