"""Up the chain when a clock runs out: the agent, the supervisor, the chief officer, each told once per clock and round.

The first two see it in the console, the chief officer gets an SMS. When each is told are the county's hours of work
after the clock ran out. A ticket whose clocks wait, or that is over or merged, has no clock that runs, and no steps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway.county import clocks
from gateway.county.county_book import the_county, working_hours
from gateway.tickets import chiefs, tending
from gateway.tickets.tending import Due, Mark
from gateway.tickets.ticket_clocks import IS_OPEN
from models import Clock, Escalation, EventKind, Priority, Ticket, TicketEvent

AGENT, SUPERVISOR, CHIEF = 1, 2, 3  # the steps

_RUNNING = case((Ticket.answered_at.is_(None), Clock.ANSWER.value), else_=Clock.RESOLVE.value)


def escalate(db: Session, now: datetime, mark: Mark | None = None) -> Mark | None:
    """Takes each step that is due on the next overdue tickets; gives how far it came, None after the last one.

    However many clocks do this at once, a step is taken once.
    """
    limits = _limits(db, now)
    steps = [and_(Ticket.next_due_at <= limit, ~_was_taken(step)) for step, limit in enumerate(limits, AGENT)]
    due = Due(Ticket.next_due_at, IS_OPEN & (Ticket.next_due_at <= limits[0]) & or_(*steps))
    return tending.batch(db, due, mark, partial(_climb, db, limits, now))


def _limits(db: Session, now: datetime) -> Sequence[datetime]:
    """Gives for each step the moment at which, or before which, a clock ran out whose step is due by now."""
    hours = working_hours(db)
    return [clocks.before(now, timedelta(hours=after), hours) for after in the_county(db).escalation_hours]


def _was_taken(step: int) -> ColumnElement[bool]:
    taken = exists().where(Escalation.ticket_id == Ticket.id, Escalation.clock == _RUNNING)
    return taken.where(Escalation.round == Ticket.reopened, Escalation.step == step)


def _climb(db: Session, limits: Sequence[datetime], now: datetime, ticket: Ticket) -> None:
    for step, limit in enumerate(limits, AGENT):
        if ticket.next_due_at is not None and ticket.next_due_at <= limit:
            _take(db, ticket, step, now)


def _take(db: Session, ticket: Ticket, step: int, now: datetime) -> None:
    clock = Clock.RESOLVE if ticket.answered_at else Clock.ANSWER
    row = insert(Escalation).values(ticket_id=ticket.id, clock=clock, round=ticket.reopened, step=step, at=now)
    taken = db.scalar(row.on_conflict_do_nothing().returning(Escalation.id))
    if taken is None:
        return
    event = TicketEvent(ticket_id=ticket.id, kind=EventKind.ESCALATED, at=now)
    event.details = {"clock": clock.value, "step": step}
    db.add(event)
    if step == SUPERVISOR:
        ticket.priority = Priority.HIGH
    if step == CHIEF:
        chiefs.tell(db, ticket, taken, now)
