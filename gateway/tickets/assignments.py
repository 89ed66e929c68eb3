"""Whose a ticket is: a person's, and always a department's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import casework, moves, officers
from gateway.tickets.casework import Deed
from models import Department, EventKind, Role, Staff, Status, Ticket, TicketEvent, Verdict


def assign(db: Session, deed: Deed, name: str | None) -> None:
    """Gives a ticket to a person, or to nobody. A new one that somebody has is being looked at.

    Raises `Refused` for a person who can't work on it: without the right, without sight of it, or the one whose
    resolution the citizen contested.
    """
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    if name is not None:
        _check(db, ticket, name)
    db.add(casework.line(deed, ticket, EventKind.ASSIGNED, to=name, before=ticket.assignee))
    ticket.assignee = name
    if name is not None and ticket.status in (Status.NEW, Status.REOPENED):
        moves.put(db, ticket, Status.OPEN, deed.staff.name, deed.now)


def transfer(db: Session, deed: Deed, department: str, words: str) -> None:
    """Hands a ticket to another department with a note for it; whoever had it has it no more.

    Raises `Refused` for a department there is none of, the same one, or without a note. Where the ticket waits for
    the department, the new one's officers get it by SMS.
    """
    text = casework.checked(words, casework.LONGEST_NOTE)
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    known = db.get(Department, department)
    if known is None or known.retired_at is not None or known.code == ticket.department_code:
        raise Refused("Choose another department.")
    before, ticket.department_code, ticket.assignee = ticket.department_code, known.code, None
    event = casework.line(deed, ticket, EventKind.ASSIGNED, text, department=known.code, before=before)
    db.add(event)
    if ticket.status is Status.WAITING_DEPARTMENT:
        officers.tell(db, ticket, event, note=text)


def let_go(db: Session, ticket: Ticket, now: datetime) -> None:
    """Takes a ticket from whoever has it and can't work on it any more, since it was filed elsewhere, and notes it.

    Nobody did that: it follows from what was filed, by whomever.
    """
    staff = db.get(Staff, ticket.assignee) if ticket.assignee else None
    if staff is None or _why_not(ticket, staff) is None:
        return
    ticket.assignee = None
    details = {"to": None, "before": staff.name}
    db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.ASSIGNED, at=now, details=details))


def hand_on(db: Session, ticket: Ticket, filed: TicketEvent, before: str) -> None:
    """Sends a ticket that waits for its department to the officers of the new one, as a transfer does.

    `filed` is the line of the filing that took it from the department `before`.
    """
    if ticket.status is Status.WAITING_DEPARTMENT and ticket.department_code != before:
        officers.tell(db, ticket, filed)


def able(db: Session, ticket: Ticket) -> Sequence[Staff]:
    """Gives those a ticket may be assigned to, by name."""
    standing = select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)
    return [staff for staff in db.scalars(standing) if _why_not(ticket, staff) is None]


def _check(db: Session, ticket: Ticket, name: str) -> None:
    staff = db.get(Staff, name)
    if staff is None or staff.disabled_at is not None:
        raise Refused("There is no such member of staff.")
    if why := _why_not(ticket, staff):
        raise why


def _why_not(ticket: Ticket, staff: Staff) -> Refused | None:
    if ticket.verdict is Verdict.NOT_FIXED and ticket.resolved_by == staff.name:
        return Refused("The citizen contested this one's resolution: give the case to somebody else.")
    is_officers = staff.role is Role.OFFICER and staff.department_code == ticket.department_code
    if not rights.may(staff, Right.WORK_TICKETS) and not is_officers:
        return Refused("%(name)s does not work on cases.", name=staff.name)
    if ticket.is_sensitive and not rights.may(staff, Right.SEE_SENSITIVE):
        return Refused("%(name)s may not see sensitive cases.", name=staff.name)
    return None
