"""What staff see of the cases that come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from gateway import phones, references
from gateway.county import the_county
from models import EventKind, Role, Staff, Ticket

SEES_SENSITIVE = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR})
SHOWN = 100


@dataclass(frozen=True)
class Line:
    """One ticket in the queue. The phone is masked, or hidden where the citizen asked for it."""

    reference: str
    opened_at: datetime
    due_at: datetime
    category: str
    ward: str
    status: str
    phone: str
    words: Sequence[str]  # what the citizen wrote, the first words first
    linked: str  # the case whose reference they quoted, if any
    is_urgent: bool
    clock_is_sample: bool


def zone(db: Session) -> ZoneInfo:
    """Gives the county's time zone, in which staff read every time."""
    return ZoneInfo(the_county(db).timezone)


def newest(db: Session, staff: Staff) -> Sequence[Line]:
    """Gives the newest tickets this member of staff may see, urgent ones first."""
    wanted = (
        select(Ticket)
        .options(joinedload(Ticket.category), joinedload(Ticket.ward))
        .options(joinedload(Ticket.linked), selectinload(Ticket.events))
        .order_by(Ticket.is_urgent.desc(), Ticket.id.desc())
        .limit(SHOWN)
    )
    if staff.role not in SEES_SENSITIVE:
        wanted = wanted.where(Ticket.is_sensitive.is_(False))
    if staff.role is Role.OFFICER:
        wanted = wanted.where(Ticket.department_code == staff.department_code)
    return [_line(ticket) for ticket in db.scalars(wanted)]


def _line(ticket: Ticket) -> Line:
    return Line(
        reference=references.printed(ticket.reference),
        opened_at=ticket.opened_at,
        due_at=ticket.answer_due_at,
        category=ticket.category.label["en"],
        ward=ticket.ward.name if ticket.ward else "",
        status=ticket.status.value.replace("_", " "),
        phone=_number(ticket),
        words=[ticket.words, *(event.body or "" for event in ticket.events if event.kind is EventKind.WROTE)],
        linked=references.printed(ticket.linked.reference) if ticket.linked else "",
        is_urgent=ticket.is_urgent,
        clock_is_sample=ticket.category.clocks_are_sample,
    )


def _number(ticket: Ticket) -> str:
    if ticket.phone is None:
        return "none"
    return "hidden" if ticket.hides_phone else phones.masked(ticket.phone)
