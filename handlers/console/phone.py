"""Showing a citizen's number: a reason is asked for, and the number stands on the answer to the form alone."""

from datetime import UTC, datetime

from flask import abort, render_template, request
from flask_login import current_user

from gateway import database, phones
from gateway.desk import showing_phones
from gateway.errors import NoSuchTicket, Refused
from gateway.staff.rights import Right
from gateway.tickets import casework, references
from handlers.console.access import blueprint, needs
from handlers.console.forms import ReasonForm
from handlers.console.telling import said


@blueprint.get("/tickets/<reference>/phone")
@needs(Right.SHOW_PHONES)
def phone(reference: str) -> str:
    """Asks why."""
    return _page(reference, ReasonForm())


@blueprint.post("/tickets/<reference>/phone")
@needs(Right.SHOW_PHONES)
def show_phone(reference: str) -> str:
    """Shows the number and records it; a page that is loaded again asks, and records, again."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(reference, form)
    try:
        with database.transaction() as db:
            number = showing_phones.show(db, current_user.staff, reference, form.reason.data or "", datetime.now(UTC))
    except NoSuchTicket:
        abort(404)
    except Refused as refused:
        form.reason.errors = [*form.reason.errors, said(refused)]
        return _page(reference, form)
    return _page(reference, form, number)


def _page(reference: str, form: ReasonForm, number: str | None = None) -> str:
    """Gives the page, or for htmx its part alone."""
    try:
        with database.transaction() as db:
            ticket = casework.find(db, current_user.staff, reference)
            printed, masked, is_hidden = (
                references.printed(ticket.reference),
                showing_phones.masked(ticket),
                ticket.hides_phone,
            )
    except NoSuchTicket:
        abort(404)
    template = "console/phone_part.html" if "HX-Request" in request.headers else "console/phone.html"
    spoken = phones.spoken(number) if number else None
    return render_template(
        template, form=form, reference=printed, masked=masked, is_hidden=is_hidden, number=number, spoken=spoken
    )
