"""Logging a call to the county's line: the case of a caller, with a number or without, for themselves or another."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.desk import queue_filters
from gateway.errors import Refused
from gateway.staff.rights import Right
from gateway.tickets import calls, casework, references
from gateway.tickets.calls import Call
from handlers import current
from handlers.console.access import blueprint, needs
from handlers.words import translated

Answer = Response | tuple[str, int]


@blueprint.get("/calls/new")
@needs(Right.WORK_TICKETS)
def new_call() -> str:
    """The empty form."""
    return _form({}, None)


@blueprint.post("/calls/known")
@needs(Right.WORK_TICKETS)
def known_caller() -> str:
    """The caller's open cases, while they are on the phone."""
    with database.transaction() as db:
        found = calls.known(db, current_user.staff, request.form.get("phone", ""))
        return render_template("console/known.html", known=found)


@blueprint.post("/calls/new")
@needs(Right.WORK_TICKETS)
def log_call() -> Answer:
    """Opens the case; what is refused comes back as it was typed."""
    form, now = request.form.to_dict(), datetime.now(UTC)
    try:
        with database.transaction() as db:
            reference = calls.log_call(db, current_user.staff, _call(form), now).reference
    except Refused as error:
        return _form(form, error), 422
    flash(translated("Case %(reference)s is opened.", reference=references.printed(reference)), "success")
    return redirect(_onward(reference))


def _onward(reference: str) -> str:
    """Gives the new case's page; one that the agent may not see, a sensitive one, leads back to the empty form."""
    with database.transaction() as db:
        if not casework.is_in_sight(db, current_user.staff, reference):
            return url_for("console.new_call")
    return url_for("console.ticket", reference=references.printed(reference))


def _call(form: Mapping[str, str]) -> Call:
    try:
        press = UUID(form.get("press", ""))
    except ValueError:
        abort(400)
    return Call(
        press=press,
        phone=form.get("phone", ""),
        on_behalf_of=form.get("on_behalf_of", ""),
        language=form.get("language", ""),
        category=form.get("category", ""),
        ward=form.get("ward") or None,
        project=form.get("project") or None,
        words=form.get("words", ""),
        service_code=current.settings().service_code,
    )


def _form(typed: Mapping[str, str], refused: Refused | None) -> str:
    with database.transaction() as db:
        choices = queue_filters.choices(db)
    press = typed.get("press") or uuid4()
    return render_template("console/new_call.html", typed=typed, refused=refused, choices=choices, press=press)
