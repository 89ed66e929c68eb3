"""A ticket's two clocks, in the county's hours of work: to the first answer, and to the resolution.

They start when it is opened, or opened again; they wait while it waits for the citizen.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from gateway.county import clocks
from gateway.county.clocks import WorkingHours
from gateway.county.county_book import working_hours
from gateway.literals import all_spelt_out
from models import LIVE_STATUSES, EventKind, Status, Ticket, TicketEvent

IS_OPEN: ColumnElement[bool] = Ticket.status.in_(all_spelt_out(LIVE_STATUSES))

_TO = TicketEvent.details["to"].astext


def start(db: Session, ticket: Ticket, since: datetime) -> None:
    """Starts both clocks at `since`, as the ticket's category has them."""
    hours = working_hours(db)
    ticket.answer_due_at = clocks.due(since, ticket.category.answer_hours, hours)
    ticket.resolve_due_at = clocks.due(since, ticket.category.resolve_hours, hours)
    show_next(ticket)


def start_again(db: Session, ticket: Ticket) -> None:
    """Starts both clocks at the moment at which they began, after the category changed; they wait as they did."""
    began, line = _began(db, ticket)
    start(db, ticket, began)
    hours = working_hours(db)
    for since, until in _waits(db, ticket, line):
        _wait(ticket, since, until, hours)
    show_next(ticket)


def pause(ticket: Ticket, now: datetime) -> None:
    """Lets the clocks wait."""
    ticket.paused_at = ticket.paused_at or now
    show_next(ticket)


def resume(db: Session, ticket: Ticket, now: datetime) -> None:
    """Lets the clocks go on with what was left on them; one that had run out stays run out."""
    if ticket.paused_at is None:
        return
    _wait(ticket, ticket.paused_at, now, working_hours(db))
    ticket.paused_at = None
    show_next(ticket)


def show_next(ticket: Ticket) -> None:
    """Puts down when the running clock runs out; a ticket that waits for the citizen, or is over, has none."""
    is_running = ticket.status in LIVE_STATUSES and ticket.paused_at is None
    due = ticket.resolve_due_at if ticket.answered_at else ticket.answer_due_at
    ticket.next_due_at = due if is_running else None


def _wait(ticket: Ticket, since: datetime, until: datetime, hours: WorkingHours) -> None:
    for name in ("answer_due_at", "resolve_due_at"):
        due = getattr(ticket, name)
        if due > since:
            setattr(ticket, name, clocks.after(until, clocks.worked(since, due, hours), hours))


def _began(db: Session, ticket: Ticket) -> tuple[datetime, int]:
    """Gives when the clocks began, and the line of the timeline that tells of it, 0 for the opening."""
    if not ticket.reopened:
        return ticket.opened_at, 0
    again = _moved(ticket).where(_TO == Status.REOPENED).order_by(TicketEvent.id.desc()).limit(1)
    found = db.execute(again).first()
    return (found.at, found.id) if found else (ticket.opened_at, 0)


def _waits(db: Session, ticket: Ticket, line: int) -> Iterator[tuple[datetime, datetime]]:
    """Gives from when until when a ticket waited for its citizen since a line of its timeline; not the wait that lasts.

    A merge ends a wait, and its undoing lets it go on from the moment of the merge.
    """
    since = until = None
    for moved in db.execute(_moved(ticket).where(TicketEvent.id > line, _TO.is_not(None)).order_by(TicketEvent.id)):
        if moved.to == Status.WAITING_CITIZEN:
            since = until if moved.is_undone else moved.at
        elif since is not None:
            until = moved.at
            yield since, until
            since = None


def _moved(ticket: Ticket) -> Select[Any]:
    is_undone = TicketEvent.details.has_key("out_of").label("is_undone")
    moved = select(TicketEvent.id, TicketEvent.at, _TO.label("to"), is_undone)
    return moved.where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_((EventKind.MOVED, EventKind.MERGED)))
