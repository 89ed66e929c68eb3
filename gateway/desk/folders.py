"""Folders: the ways in which staff look at the queue, each a condition on tickets and a number beside its name.

A folder narrows what somebody may see; that they may see it is said by `rights.in_scope`, which goes along.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from gateway.literals import all_spelt_out
from gateway.staff.rights import Right, in_scope, may
from gateway.tickets.ticket_clocks import IS_OPEN
from models import Role, Staff, Status, Ticket

COUNTED = 99  # a folder of more says "99+": counting on would cost more than it tells


class Folder(StrEnum):
    """One way to look at the queue. The last two hold more than what is open, and have no number."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    DEPARTMENT = "department"
    OVERDUE = "overdue"
    EMERGENCY = "emergency"
    WAITING = "waiting"
    CONTESTED = "contested"
    ALL = "all"
    DONE = "done"
    EVERYTHING = "everything"  # where a search looks


def _is_one_of(*statuses: Status) -> ColumnElement[bool]:
    return Ticket.status.in_(all_spelt_out(statuses))


NEWEST_FIRST = (Folder.DONE, Folder.EVERYTHING)  # there nothing is due


def of(staff: Staff) -> Sequence[Folder]:
    """Gives the folders that this member of staff is offered, in their order; none to who sees no tickets."""
    if not may(staff, Right.SEE_TICKETS):
        return ()
    without = {Folder.EVERYTHING}
    if not may(staff, Right.WORK_TICKETS):
        without.add(Folder.MINE)
    if staff.department_code is None or staff.role is Role.OFFICER:
        without.add(Folder.DEPARTMENT)  # an officer sees no other
    return [folder for folder in Folder if folder not in without]


def within(folder: Folder, staff: Staff, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Gives the conditions of a folder as `staff` sees it, their scope included."""
    narrower: dict[Folder, tuple[ColumnElement[bool], ...]] = {
        Folder.MINE: (IS_OPEN, Ticket.assignee == staff.name),
        Folder.UNASSIGNED: (IS_OPEN, Ticket.assignee.is_(None)),
        Folder.DEPARTMENT: (IS_OPEN, Ticket.department_code == staff.department_code),
        Folder.OVERDUE: (IS_OPEN, Ticket.next_due_at < now),
        Folder.EMERGENCY: (IS_OPEN, Ticket.rank == 0),  # is_urgent, by the index of the queue
        Folder.WAITING: (IS_OPEN, _is_one_of(Status.WAITING_DEPARTMENT, Status.WAITING_CITIZEN)),
        Folder.CONTESTED: (IS_OPEN, _is_one_of(Status.REOPENED)),
        Folder.ALL: (IS_OPEN,),
        Folder.DONE: (_is_one_of(Status.RESOLVED, Status.CLOSED, Status.REJECTED),),
        Folder.EVERYTHING: (),
    }
    return (*in_scope(staff), *narrower[folder])


def counts(db: Session, staff: Staff, now: datetime) -> Mapping[Folder, int]:
    """Gives how many open tickets each folder of `staff` holds, up to one more than `COUNTED`, in one statement."""
    counted = [folder for folder in of(staff) if folder not in NEWEST_FIRST]
    if not counted:
        return {}
    bounded = (
        select(literal(1)).select_from(Ticket).where(*within(folder, staff, now)).limit(COUNTED + 1).subquery()
        for folder in counted
    )
    row = db.execute(select(*(select(func.count()).select_from(some).scalar_subquery() for some in bounded))).one()
    return dict(zip(counted, row, strict=True))
