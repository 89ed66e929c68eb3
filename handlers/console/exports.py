"""Exports: what the queue's filters choose, as a file, for a reason that is recorded."""

from datetime import UTC, datetime
from tempfile import TemporaryFile

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import SelectField

from gateway import database, desk, queue_address
from gateway import exports as files
from gateway.errors import Refused
from gateway.exports import Kind, Wish
from gateway.queue_address import Asked
from gateway.rights import Right
from handlers.console import forms
from handlers.console.access import blueprint, needs
from handlers.console.forms import ReasonForm
from handlers.words import N_, translated


class ExportForm(ReasonForm):
    """Which kind of file, and why."""

    kind = SelectField(N_("File"), choices=[(Kind.CSV.value, "CSV"), (Kind.XLSX.value, "XLSX (Excel)")])


@blueprint.get("/exports")
@needs(Right.EXPORT)
def exports() -> str:
    """The filters in the address, how many cases they choose at most, and the form."""
    with database.transaction() as db:
        asked = queue_address.read(db, current_user.staff, request.args)
        number = files.count(db, current_user.staff, desk.conditions(current_user.staff, asked.wanted, datetime.now(UTC)))
    return render_template(
        "console/exports.html", form=ExportForm(), asked=asked, number=number, most=files.MOST_ROWS, hourly=files.MOST
    )


@blueprint.post("/exports")
@needs(Right.EXPORT)
def export() -> Response:
    """Writes the file and hands it out; it is kept nowhere."""
    form, staff, now = ExportForm(), current_user.staff, datetime.now(UTC)
    if not form.validate_on_submit():
        flash(translated("Say why, in a few words: it is recorded."), "error")
        return redirect(url_for("console.exports", **request.args))
    file = TemporaryFile()  # noqa: SIM115 - closed when the answer has been sent
    try:
        with database.transaction() as db:
            asked = queue_address.read(db, staff, request.args)
            made = files.write(db, staff, _wish(form, asked, now), file, now)
    except Refused as refused:
        file.close()
        forms.say(refused)
        return redirect(url_for("console.exports", **request.args))
    file.seek(0)
    return send_file(file, Kind(form.kind.data).media, as_attachment=True, download_name=made.name)


def _wish(form: ExportForm, asked: Asked, now: datetime) -> Wish:
    conditions = desk.conditions(current_user.staff, asked.wanted, now)
    return Wish(Kind(form.kind.data), form.reason.data or "", conditions, asked.again())
