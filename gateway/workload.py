"""The load on the county's people, as a supervisor sees it: who has how much, where it is late, what went up the chain.

Every query carries the scope of the one who looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session

from gateway import period, references, rights
from gateway.county_time import zone
from models import LIVE_STATUSES, Category, Department, Escalation, EventKind, Role, Staff, Ticket, TicketEvent

MOST_RAISED = 50
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
    name: str
    open: int
    overdue: int
    unassigned: int


@dataclass(frozen=True)
class Raised:
    """A ticket that went up the chain: how far (2 the supervisor, 3 the chief officer), and since when."""

    reference: str
    version: int
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
        select(Department.code, Department.name, func.count(), late, func.count().filter(Ticket.assignee.is_(None)))
        .join(Ticket, Ticket.department_code == Department.code)
        .where(Ticket.status.in_(LIVE_STATUSES), *rights.in_scope(staff))
        .group_by(Department.code, Department.name)
        .order_by(late.desc(), func.count().desc(), Department.name)
    )
    return [Late(*row) for row in db.execute(found)]


def raised(db: Session, staff: Staff) -> Sequence[Raised]:
    """Gives the open tickets that went up the chain in their present round, the furthest first."""
    step, since = func.max(Escalation.step), func.max(Escalation.at)
    found = (
        select(Ticket.reference, Ticket.version, Category.label, Ticket.assignee, step, since)
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
