"""A ticket's two clocks, in the county's hours of work: to the first answer, and to the resolution.

They start when it is opened, or opened again; they wait while it waits for the citizen.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from gateway import clocks
from gateway.county import working_hours
from models import LIVE_STATUSES, EventKind, Status, Ticket, TicketEvent

# Written out, not bound: a plan made for parameters can't use the indexes over open tickets.
_LISTED = ", ".join(f"'{status.value}'" for status in LIVE_STATUSES)
IS_OPEN: ColumnElement[bool] = literal_column(f"ticket.status IN ({_LISTED})")


def start(db: Session, ticket: Ticket, since: datetime) -> None:
    """Starts both clocks at `since`, as the ticket's category has them."""
    hours = working_hours(db)
    ticket.answer_due_at = clocks.due(since, ticket.category.answer_hours, hours)
    ticket.resolve_due_at = clocks.due(since, ticket.category.resolve_hours, hours)
    show_next(ticket)


def start_again(db: Session, ticket: Ticket) -> None:
    """Starts both clocks at the moment at which they began, after the category changed."""
    start(db, ticket, _began(db, ticket))


def pause(ticket: Ticket, now: datetime) -> None:
    """Lets the clocks wait."""
    ticket.paused_at = ticket.paused_at or now
    show_next(ticket)


def resume(db: Session, ticket: Ticket, now: datetime) -> None:
    """Lets the clocks go on with what was left on them; one that had run out stays run out."""
    if ticket.paused_at is None:
        return
    since, hours = ticket.paused_at, working_hours(db)
    for name in ("answer_due_at", "resolve_due_at"):
        due = getattr(ticket, name)
        if due > since:
            setattr(ticket, name, clocks.after(now, clocks.worked(since, due, hours), hours))
    ticket.paused_at = None
    show_next(ticket)


def show_next(ticket: Ticket) -> None:
    """Puts down when the running clock runs out; a ticket that waits for the citizen, or is over, has none."""
    is_running = ticket.status in LIVE_STATUSES and ticket.paused_at is None
    due = ticket.resolve_due_at if ticket.answered_at else ticket.answer_due_at
    ticket.next_due_at = due if is_running else None


def _began(db: Session, ticket: Ticket) -> datetime:
    if not ticket.reopened:
        return ticket.opened_at
    moved = select(TicketEvent.at).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MOVED)
    again = moved.where(TicketEvent.details["to"].astext == Status.REOPENED).order_by(TicketEvent.id.desc()).limit(1)
    return db.scalar(again) or ticket.opened_at
