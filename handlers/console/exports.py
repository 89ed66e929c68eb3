"""Exports: what the queue's filters choose, as a file, for a reason that is recorded."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import SelectField

from gateway import database
from gateway.desk import desk, queue_address
from gateway.desk import exports as files
from gateway.desk.exports import Kind, Wish
from gateway.desk.queue_address import Asked
from gateway.errors import Refused
from gateway.staff.rights import Right
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.console.forms import ReasonForm
from handlers.console.names import FILTERS
from handlers.words import N_, translated

MANY = 10_000  # cases, from which on the page says that a file takes a while


class ExportForm(ReasonForm):
    """Which kind of file, and why."""

    kind = SelectField(N_("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(Kind.CSV.value, "CSV"), (Kind.XLSX.value, "XLSX (Excel)")]


@blueprint.get("/exports")
@needs(Right.EXPORT)
def exports() -> str:
    """The filters in the address, how many cases they choose at most, and the form."""
    staff, refused, number = current_user.staff, None, 0
    with database.transaction() as db:
        asked = queue_address.read(db, staff, request.args)
        try:
            number = files.count(db, staff, desk.whole(db, staff, asked.wanted, datetime.now(UTC)))
        except Refused as error:
            refused = error
    about = {"refused": refused, "number": number, "most": files.MOST_ROWS, "many": MANY, "hourly": files.MOST}
    return render_template("console/exports.html", form=ExportForm(), asked=asked, **about)


@blueprint.post("/exports")
@needs(Right.EXPORT)
def export() -> Response:
    """Writes the file and hands it out; it is kept nowhere."""
    form, staff, now = ExportForm(), current_user.staff, datetime.now(UTC)
    if not form.validate_on_submit():
        flash(translated("Say why, in a few words: it is recorded."), "error")
        return redirect(_here())
    try:
        with ExitStack() as until_written, database.transaction() as db:
            file = until_written.enter_context(TemporaryFile())
            asked = queue_address.read(db, staff, request.args)
            made = files.write(db, staff, _wish(form, asked, desk.whole(db, staff, asked.wanted, now)), file, now)
            until_written.pop_all()  # from here on the answer closes it
    except Refused as refused:
        forms.say(refused)
        return redirect(_here())
    file.seek(0)
    return send_file(file, Kind(form.kind.data).media, as_attachment=True, download_name=made.name)


def _here() -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if name in request.args}
    return url_for("console.exports", **kept)


def _wish(form: ExportForm, asked: Asked, conditions: Sequence[Any]) -> Wish:
    return Wish(Kind(form.kind.data), form.reason.data or "", conditions, asked.again())
