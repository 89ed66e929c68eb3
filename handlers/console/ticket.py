"""The page of one ticket: what the citizen wrote, what happened since, and the desk to work on it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from flask import render_template, request
from flask_login import current_user

from gateway import database
from gateway.desk import canned_replies, desk_ticket, previews, queue_filters, viewers
from gateway.errors import Refused, Stale
from gateway.staff.rights import Right
from gateway.tickets import alike
from handlers.console.access import blueprint, needs
from models import Status

ANSWER, NOTE = "answer", "note"  # what the desk does besides moving the ticket


@dataclass(frozen=True)
class Typed:
    """What was typed and is still to be sent: a refused form comes back with it."""

    what: str = ANSWER
    words: str = ""
    refused: Refused | None = None
    form: dict[str, str] = field(default_factory=dict)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else was quicker, so that both texts stand on the page."""
        return isinstance(self.refused, Stale)


@blueprint.get("/tickets/<reference>")
@needs(Right.SEE_TICKETS)
def ticket(reference: str) -> str:
    """The whole page, or what changed since, which the page asks for every few seconds."""
    if "poll" in request.args:
        return _since(reference)
    return page_of(reference, Typed(what=request.args.get("what", ANSWER)))


def page_of(reference: str, typed: Typed) -> str:
    """Gives the page with what was typed in its place; a ticket out of sight is not found."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        found = desk_ticket.read(db, staff, reference)
        return render_template(
            "console/ticket.html",
            shown=found,
            ticket=found.ticket,
            typed=typed,
            others=viewers.look(db, staff.name, found.ticket.id, now),
            choices=queue_filters.choices(db),
            canned=canned_replies.offered(db, found.ticket) if found.may_work else [],
            alike=alike.suggestions(db, staff, found.ticket) if found.may_merge else [],
            press=uuid4,
            now=now,
        )


def _since(reference: str) -> str:
    """Gives who looks, how each SMS fared, and whether the page has fallen behind."""
    staff, now = current_user.staff, datetime.now(UTC)
    with database.transaction() as db:
        found = desk_ticket.read(db, staff, reference)
        others = viewers.look(db, staff.name, found.ticket.id, now)
        is_behind = request.args.get("seen") != str(len(found.timeline))
        return render_template("console/ticket_since.html", shown=found, others=others, is_behind=is_behind)


@blueprint.post("/tickets/<reference>/preview")
@needs(Right.WORK_TICKETS)
def preview(reference: str) -> str:
    """What the citizen will read of what is being written."""
    what = request.form.get("what", ANSWER)
    to = Status(what) if what in list(Status) else None
    with database.transaction() as db:
        found = desk_ticket.read(db, current_user.staff, reference)
        made = None if what == NOTE else previews.preview(db, found.ticket, request.form.get("words", ""), to)
        return render_template("console/ticket_preview.html", preview=made, shown=found, what=what)


@blueprint.post("/tickets/<reference>/canned")
@needs(Right.WORK_TICKETS)
def canned(reference: str) -> str:
    """The page with a canned reply after what was typed already; where scripts run, the page does it by itself."""
    form = request.form
    with database.transaction() as db:
        offers = canned_replies.offered(db, desk_ticket.read(db, current_user.staff, reference).ticket)
    chosen = [offer.words for offer in offers if str(offer.id) == form.get("canned")]
    words = " ".join([form.get("words", "").rstrip(), *chosen]).strip()
    return page_of(reference, Typed(form.get("what", ANSWER), words))
