"""The desk: pages of the queue as staff see them, and what came to the first page since somebody looked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from gateway.desk import queue_filters, queue_order, queue_search
from gateway.desk.folders import Folder, within
from gateway.desk.queue_filters import Filters
from gateway.desk.queue_order import Place
from gateway.errors import Refused
from gateway.tickets import references
from models import Channel, EventKind, Priority, Staff, Status, Ticket, TicketEvent

T = TypeVar("T")

SHOWN = 50  # on a page
EXCERPT = 240  # characters of the citizen's words


@dataclass(frozen=True)
class Wanted:
    """Which part of the queue somebody looks at."""

    folder: Folder
    zone: ZoneInfo
    filters: Filters = field(default_factory=Filters)
    after: Place | None = None


@dataclass(frozen=True)
class Line:
    """One ticket in the queue. Nobody's number is in it."""

    id: int
    reference: str
    category: dict[str, str]
    ward: str | None
    words: str
    status: Status
    channel: Channel
    priority: Priority
    is_urgent: bool
    is_sensitive: bool
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    unread: int  # how often the citizen wrote since the last answer


@dataclass(frozen=True)
class Page:
    """A page of the queue and the place where the next one begins, None at its end."""

    lines: Sequence[Line]
    following: Place | None
    lately: int | None = None  # how many of the latest tickets were searched, where older ones may match too
    most: int | None = None  # how many matches a search takes, where there are more


def page(db: Session, staff: Staff, wanted: Wanted, now: datetime) -> Page:
    """Gives a page of what `staff` may see, in as many statements however much there is."""
    narrowed = _unsearched(wanted, staff, now)
    match = queue_search.matching(db, wanted.filters.q, narrowed) if wanted.filters.q else None
    narrowed += [match.condition] if match else []
    found = select(Ticket).options(joinedload(Ticket.category), joinedload(Ticket.ward)).where(*narrowed)
    tickets = db.scalars(_cut(found, wanted)).all()
    shown = tickets[:SHOWN]
    unread = _unread(db, [ticket.id for ticket in shown])
    lines = [_line(ticket, unread.get(ticket.id, 0)) for ticket in shown]
    following = _place(shown[-1]) if len(tickets) > SHOWN else None
    lately = queue_search.LATELY if match and match.is_cut else None
    return Page(lines, following, lately, queue_search.LOOKED_AT if match and match.is_full else None)


def came_in(db: Session, staff: Staff, wanted: Wanted, shown: Sequence[int], now: datetime) -> int:
    """Gives how many tickets stand on the first page that `shown`, the ids somebody has before them, does not hold.

    What only moved up from the second page because others went does not count.
    """
    first = list(db.scalars(_cut(select(Ticket.id).where(*conditions(db, staff, wanted, now)), wanted)))[:SHOWN]
    return _new_among(first, set(shown), is_full=len(shown) >= SHOWN)


def _new_among(first: Sequence[int], shown: Collection[int], *, is_full: bool) -> int:
    end = len(first)
    if is_full and shown:
        end = max((place for place, number in enumerate(first) if number in shown), default=end)
    return sum(number not in shown for number in first[:end])


def conditions(db: Session, staff: Staff, wanted: Wanted, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Gives the conditions of a part of the queue, the scope of `staff` included; of a search, its newest matches."""
    narrowed = _unsearched(wanted, staff, now)
    if wanted.filters.q:
        narrowed.append(queue_search.matching(db, wanted.filters.q, narrowed).condition)
    return narrowed


def whole(db: Session, staff: Staff, wanted: Wanted, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Gives the conditions as `conditions` does, but of a search all its matches: nobody sees what a file lacks.

    Raises `Refused` for words that so many tickets have that not all of them are looked for.
    """
    narrowed = _unsearched(wanted, staff, now)
    if wanted.filters.q:
        match = queue_search.matching(db, wanted.filters.q, narrowed, most=None)
        if match.is_cut:
            raise Refused("So many cases have these words that not all would be found: add a word, or leave them out.")
        narrowed.append(match.condition)
    return narrowed


def _unsearched(wanted: Wanted, staff: Staff, now: datetime) -> list[ColumnElement[bool]]:
    narrowed = [
        *within(wanted.folder, staff, now),
        *queue_filters.conditions(wanted.filters, wanted.zone),
    ]
    if wanted.after is not None:
        narrowed.append(queue_order.after(wanted.folder, wanted.after))
    return narrowed


def _cut(found: Select[T], wanted: Wanted) -> Select[T]:
    return found.order_by(*queue_order.order(wanted.folder)).limit(SHOWN + 1)


def _unread(db: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Counts what citizens wrote to these tickets since they were last answered."""
    answered = aliased(TicketEvent)
    last = (
        select(func.coalesce(func.max(answered.id), 0))
        .where(answered.ticket_id == TicketEvent.ticket_id, answered.kind == EventKind.ANSWERED)
        .scalar_subquery()
    )
    wrote = (
        select(TicketEvent.ticket_id, func.count())
        .where(TicketEvent.ticket_id.in_(ids), TicketEvent.kind.in_((EventKind.WROTE, EventKind.CONTESTED)))
        .where(TicketEvent.id > last)
        .group_by(TicketEvent.ticket_id)
    )
    return {row[0]: row[1] for row in db.execute(wrote)} if ids else {}


def _place(ticket: Ticket) -> Place:
    return Place(ticket.rank, ticket.next_due_at, ticket.id)


def _line(ticket: Ticket, unread: int) -> Line:
    return Line(
        id=ticket.id,
        reference=references.printed(ticket.reference),
        category=ticket.category.label,
        ward=ticket.ward.name if ticket.ward else None,
        words=ticket.words if len(ticket.words) <= EXCERPT else f"{ticket.words[:EXCERPT]}…",
        status=ticket.status,
        channel=ticket.channel,
        priority=ticket.priority,
        is_urgent=ticket.is_urgent,
        is_sensitive=ticket.is_sensitive,
        assignee=ticket.assignee,
        opened_at=ticket.opened_at,
        due_at=ticket.next_due_at,
        paused_at=ticket.paused_at,
        unread=unread,
    )
