"""My day: what waits for one member of staff, in the order in which it presses, and what they did today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from gateway.county import period
from gateway.county.county_time import zone
from gateway.staff import rights
from gateway.tickets import references
from gateway.tickets.ticket_clocks import IS_OPEN
from models import EventKind, Staff, Status, Ticket, TicketEvent, Verdict

SHOWN = 200
EXCERPT = 160  # characters of the citizen's words


class Why(StrEnum):
    """Why a ticket waits, what presses most first."""

    CONTESTED = "contested"  # the citizen says it is not fixed
    OVERDUE = "overdue"
    WROTE = "wrote"  # the citizen wrote since the last answer
    TODAY = "today"  # due today
    LATER = "later"


@dataclass(frozen=True)
class Waiting:
    """A ticket of mine."""

    reference: str
    category: dict[str, str]
    ward: str | None
    words: str
    status: Status
    is_urgent: bool
    due_at: datetime | None
    why: Why


def waiting(db: Session, staff: Staff, now: datetime) -> Sequence[Waiting]:
    """Gives the open tickets of `staff`, each once, by the first reason for which it waits."""
    mine = (
        select(Ticket)
        .options(joinedload(Ticket.category), joinedload(Ticket.ward))
        .where(Ticket.assignee == staff.name, IS_OPEN, *rights.in_scope(staff))
        .order_by(Ticket.rank, Ticket.next_due_at.asc().nulls_last(), Ticket.id)
        .limit(SHOWN)
    )
    tickets = db.scalars(mine).all()
    written = _written_since(db, [ticket.id for ticket in tickets])
    ends = period.today(zone(db), now).ends
    found = [_line(ticket, _why(ticket, ends, now, has_written=ticket.id in written)) for ticket in tickets]
    return sorted(found, key=lambda line: list(Why).index(line.why))


def done(db: Session, staff: Staff, now: datetime) -> Mapping[EventKind, int]:
    """Gives how many lines of each kind `staff` added to timelines today."""
    begins = period.today(zone(db), now).begins
    own = select(TicketEvent.kind, func.count()).where(TicketEvent.actor == staff.name, TicketEvent.at >= begins)
    counts = {row[0]: row[1] for row in db.execute(own.group_by(TicketEvent.kind))}
    return {kind: counts[kind] for kind in EventKind if kind in counts}


def _why(ticket: Ticket, ends: datetime, now: datetime, *, has_written: bool) -> Why:
    due = ticket.next_due_at
    if ticket.verdict is Verdict.NOT_FIXED:
        return Why.CONTESTED
    if due is not None and due < now:
        return Why.OVERDUE
    if has_written:
        return Why.WROTE
    return Why.TODAY if due is not None and due < ends else Why.LATER


def _written_since(db: Session, ids: Sequence[int]) -> set[int]:
    """Gives those of the tickets whose citizen wrote after the last answer."""
    answered = aliased(TicketEvent)
    last = (
        select(func.coalesce(func.max(answered.id), 0))
        .where(answered.ticket_id == TicketEvent.ticket_id, answered.kind == EventKind.ANSWERED)
        .scalar_subquery()
    )
    wrote = select(TicketEvent.ticket_id).where(TicketEvent.kind == EventKind.WROTE, TicketEvent.id > last)
    return set(db.scalars(wrote.where(TicketEvent.ticket_id.in_(ids)))) if ids else set()


def _line(ticket: Ticket, why: Why) -> Waiting:
    return Waiting(
        reference=references.printed(ticket.reference),
        category=ticket.category.label,
        ward=ticket.ward.name if ticket.ward else None,
        words=ticket.words if len(ticket.words) <= EXCERPT else f"{ticket.words[:EXCERPT]}…",
        status=ticket.status,
        is_urgent=ticket.is_urgent,
        due_at=ticket.next_due_at,
        why=why,
    )
