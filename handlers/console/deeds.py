"""What staff do to a ticket from its page. Each form names the version it was shown and its own press of the button.

What is refused comes back with all that was typed; what is done leads back to the page.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug import Response

from gateway import database
from gateway.errors import Refused, Stale
from gateway.staff.rights import Right
from gateway.tickets import assignments, calls, casework, filing, merging, references, splitting
from gateway.tickets.casework import Deed
from gateway.tickets.filing import Filing
from gateway.tickets.splitting import Part
from handlers import current
from handlers.console.access import blueprint, needs
from handlers.console.ticket import ANSWER, NOTE, Typed, page_of
from handlers.words import translated
from models import Priority, Status

Answer = Response | tuple[str, int]


@blueprint.post("/tickets/<reference>/work")
@needs(Right.NOTE_TICKETS)
def work(reference: str) -> Answer:
    """The desk: an answer, a note, or a move with its words."""
    what, words = request.form.get("what", ""), request.form.get("words", "")
    if what == ANSWER:
        return _done(reference, casework.answer, words, said=_answered)
    if what == NOTE:
        return _done(reference, casework.note, words, said=translated("The note stands on the timeline."))
    if what not in list(Status):
        abort(400)
    return _done(reference, casework.move, Status(what), words, said=translated("The case has moved."))


@blueprint.post("/tickets/<reference>/assign")
@needs(Right.WORK_TICKETS)
def assign(reference: str) -> Answer:
    """Gives the ticket to somebody, or to nobody."""
    name = request.form.get("name") or None
    said = translated("The case is %(name)s's.", name=name) if name else translated("The case is nobody's.")
    return _done(reference, assignments.assign, name, said=said)


@blueprint.post("/tickets/<reference>/transfer")
@needs(Right.WORK_TICKETS)
def transfer(reference: str) -> Answer:
    """Hands the ticket to another department."""
    department, words = request.form.get("department", ""), request.form.get("note", "")
    said = translated("The case is with the other department.")
    return _done(reference, assignments.transfer, department, words, said=said)


@blueprint.post("/tickets/<reference>/refile")
@needs(Right.WORK_TICKETS)
def refile(reference: str) -> Answer:
    """Corrects what it is about, where, and how much it presses; the form also says how it was when it was shown."""
    shown = _filing("was_") if "was_priority" in request.form else None
    return _done(reference, filing.refile, _filing(), shown, said=translated("The case is filed anew."))


@blueprint.post("/tickets/<reference>/project")
@needs(Right.WORK_TICKETS)
def link_project(reference: str) -> Answer:
    """Links the ticket to a public project."""
    code = request.form.get("project") or None
    return _done(reference, filing.link_project, code, said=translated("The link to the project is kept."))


@blueprint.post("/tickets/<reference>/merge")
@needs(Right.WORK_TICKETS)
def merge(reference: str) -> Answer:
    """Joins the ticket to another one about the same."""
    said = translated("The cases are one now; both citizens hear of it.")
    return _done(reference, merging.merge, request.form.get("into", ""), said=said)


@blueprint.post("/tickets/<reference>/unmerge")
@needs(Right.WORK_TICKETS)
def unmerge(reference: str) -> Answer:
    """Undoes that."""
    return _done(reference, merging.unmerge, said=translated("The case stands on its own again."))


@blueprint.post("/tickets/<reference>/split")
@needs(Right.WORK_TICKETS)
def split(reference: str) -> Answer:
    """Opens a second ticket for a second matter."""
    form = request.form
    wish = Part(
        form.get("category", ""), form.get("ward") or None, form.get("second", ""), current.settings().service_code
    )
    return _done(reference, splitting.split, wish, said=translated("The second matter has a case of its own."))


@blueprint.post("/tickets/<reference>/call")
@needs(Right.WORK_TICKETS)
def note_call(reference: str) -> Answer:
    """Notes that the citizen called about it."""
    said = translated("The call stands on the timeline.")
    return _done(reference, calls.note_call, request.form.get("spoken", ""), said=said)


def _filing(prefix: str = "") -> Filing:
    form = request.form
    priority = form.get(f"{prefix}priority")
    if priority not in list(Priority):
        abort(400)
    return Filing(form.get(f"{prefix}category", ""), form.get(f"{prefix}ward") or None, Priority(priority))


def _answered(is_heard: bool) -> str:
    if is_heard:
        return translated("The answer goes out.")
    return translated("The answer stands on the timeline, but there is no mobile number: nothing is sent.")


def _done(reference: str, rule: Callable[..., Any], *wishes: object, said: str | Callable[[Any], str]) -> Answer:
    """Does one deed and leads back to the page; a refused one shows the page with its sentence and what was typed.

    `said` is what the member of staff is told of it, or makes that of what the rule gives.
    """
    try:
        with database.transaction() as db:
            deed = _deed(reference)
            result = rule(db, deed, *wishes)
            stays = casework.is_in_sight(db, deed.staff, deed.reference)
    except Refused as error:  # also for a case to merge into that isn't there; the page finds out whether its own is
        form = request.form.to_dict()
        typed = Typed(form.get("what", ANSWER), form.get("words", ""), error, form)
        return page_of(reference, typed), 409 if isinstance(error, Stale) else 422
    flash(said if isinstance(said, str) else said(result), "success")
    return redirect(url_for("console.ticket", reference=reference) if stays else url_for("console.tickets"))


def _deed(reference: str) -> Deed:
    try:
        version, press = int(request.form["version"]), UUID(request.form["press"])
    except ValueError:
        abort(400)
    read = references.read(reference)
    if read is None:
        abort(404)
    return Deed(current_user.staff, read, version, press, datetime.now(UTC))
