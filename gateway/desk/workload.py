"""The load on the county's people, as a supervisor sees it: who has how much, where it is late, what went up the chain.

Every query carries the scope of the one who looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session, joinedload

from gateway.county import period
from gateway.county.county_time import zone
from gateway.desk import bulk_assignments
from gateway.staff import rights
from gateway.tickets import references
from models import LIVE_STATUSES, Category, Department, Escalation, EventKind, Role, Staff, Status, Ticket, TicketEvent

MOST_RAISED = 50
MOST_HELD = bulk_assignments.MOST
_WORKING = (*(role for role in Role if rights.Right.WORK_TICKETS in rights.RIGHTS[role]), Role.OFFICER)


@dataclass(frozen=True)
class Load:
    """What one person, or nobody, has open, what of it is late, and how many cases they answered today."""

    name: str | None
    open: int
    overdue: int
    answered: int


@dataclass(frozen=True)
class Late:
    """A department's open tickets."""

    code: str
    names: dict[str, str]  # per language
    open: int
    overdue: int
    unassigned: int


@dataclass(frozen=True)
class Raised:
    """A ticket that went up the chain: how far (2 the supervisor, 3 the chief officer), and since when."""

    reference: str
    category: dict[str, str]
    assignee: str | None
    step: int
    at: datetime


def per_person(db: Session, staff: Staff, now: datetime) -> Sequence[Load]:
    """Gives the load of all who work on tickets, the most overdue first, and of nobody, first of all."""
    held = (
        select(Ticket.assignee, func.count(), func.count().filter(Ticket.next_due_at < now))
        .where(Ticket.status.in_(LIVE_STATUSES), *rights.in_scope(staff))
        .group_by(Ticket.assignee)
    )
    loads = {row[0]: (row[1], row[2]) for row in db.execute(held)}
    answered = _answered_today(db, now)
    working = select(Staff.name).where(Staff.role.in_(_WORKING), Staff.disabled_at.is_(None))
    names = {*db.scalars(working), *(name for name in loads if name is not None)}
    people = [Load(name, *loads.get(name, (0, 0)), answered.get(name, 0)) for name in names]
    people.sort(key=lambda load: (-load.overdue, -load.open, load.name or ""))
    return [Load(None, *loads.get(None, (0, 0)), 0), *people]


def per_department(db: Session, staff: Staff, now: datetime) -> Sequence[Late]:
    """Gives the departments that have open tickets, the most overdue first."""
    late = func.count().filter(Ticket.next_due_at < now)
    found = (
        select(Department, func.count(), late, func.count().filter(Ticket.assignee.is_(None)))
        .join(Ticket, Ticket.department_code == Department.code)
        .where(Ticket.status.in_(LIVE_STATUSES), *rights.in_scope(staff))
        .group_by(Department.code)
        .order_by(late.desc(), func.count().desc(), Department.name)
    )
    return [Late(department.code, department.names, *numbers) for department, *numbers in db.execute(found)]


def raised(db: Session, staff: Staff) -> Sequence[Raised]:
    """Gives the open tickets that went up the chain in their present round, the furthest first."""
    step, since = func.max(Escalation.step), func.max(Escalation.at)
    found = (
        select(Ticket.reference, Category.label, Ticket.assignee, step, since)
        .join(Category, Category.code == Ticket.category_code)
        .join(Escalation, _in_this_round())
        .where(Ticket.status.in_(LIVE_STATUSES), *rights.in_scope(staff))
        .group_by(Ticket.id, Category.code)
        .order_by(step.desc(), since.desc(), Ticket.id)
        .limit(MOST_RAISED)
    )
    return [Raised(references.printed(row[0]), *row[1:]) for row in db.execute(found)]


def _in_this_round() -> ColumnElement[bool]:
    return (Escalation.ticket_id == Ticket.id) & (Escalation.round == Ticket.reopened)


def _answered_today(db: Session, now: datetime) -> dict[str | None, int]:
    begins = period.today(zone(db), now).begins
    told = (TicketEvent.kind == EventKind.ANSWERED) & TicketEvent.actor.is_not(None)
    found = select(TicketEvent.actor, func.count(distinct(TicketEvent.ticket_id)))
    return dict(db.execute(found.where(TicketEvent.at >= begins, told).group_by(TicketEvent.actor)).all())


@dataclass(frozen=True)
class Whose:
    """Which open tickets a supervisor wants to give away: a person's, nobody's (an empty name) or a department's."""

    assignee: str | None = None
    department: str | None = None
    is_overdue: bool = False


@dataclass(frozen=True)
class Held:
    """An open ticket that could be given to somebody else."""

    reference: str
    version: int
    category: dict[str, str]
    ward: str | None
    assignee: str | None
    status: Status
    is_urgent: bool
    due_at: datetime | None


def held(db: Session, staff: Staff, whose: Whose, now: datetime) -> Sequence[Held]:
    """Gives open tickets in the order of the queue, as many as can be given at once."""
    found = (
        select(Ticket)
        .options(joinedload(Ticket.category), joinedload(Ticket.ward))
        .where(Ticket.status.in_(LIVE_STATUSES), *rights.in_scope(staff), *_of(whose, now))
        .order_by(Ticket.rank, Ticket.next_due_at.asc().nulls_last(), Ticket.id)
        .limit(MOST_HELD)
    )
    return [
        Held(
            references.printed(ticket.reference),
            ticket.version,
            ticket.category.label,
            ticket.ward.name if ticket.ward else None,
            ticket.assignee,
            ticket.status,
            ticket.is_urgent,
            ticket.next_due_at,
        )
        for ticket in db.scalars(found)
    ]


def able(db: Session) -> Sequence[str]:
    """Gives the names of those who may get tickets; whether this one, each ticket says for itself."""
    working = select(Staff.name).where(Staff.role.in_(_WORKING), Staff.disabled_at.is_(None))
    return db.scalars(working.order_by(Staff.name)).all()


def _of(whose: Whose, now: datetime) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if whose.assignee is not None:
        found.append(Ticket.assignee == whose.assignee if whose.assignee else Ticket.assignee.is_(None))
    if whose.department:
        found.append(Ticket.department_code == whose.department)
    if whose.is_overdue:
        found.append(Ticket.next_due_at < now)
    return found
