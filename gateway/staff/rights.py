"""Rights: what each role may do, and which tickets it may see. A door names a right, a query takes the scope.

Nobody may what is not written here.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, false

from models import Role, Staff, Ticket


class Right(StrEnum):
    """One thing that the console lets somebody do."""

    SEE_TICKETS = "see tickets"  # those in the scope of the role
    SEE_SENSITIVE = "see sensitive tickets"
    NOTE_TICKETS = "note on tickets"  # and say what the department did
    WORK_TICKETS = "work on tickets"  # answer, move, assign, merge, split, log calls
    SHOW_PHONES = "show phone numbers"  # with a reason, recorded
    SUPERVISE = "supervise"
    SEE_REPORTS = "see reports"
    EXPORT = "export"  # with a reason, recorded
    SEE_MESSAGES = "see messages"
    SEND_AGAIN = "send messages again"
    EDIT_REPLIES = "edit canned replies"
    MANAGE_STAFF = "manage staff"
    SEE_AUDIT = "see the audit log"
    SEE_CAMPAIGNS = "see campaigns"
    WRITE_CAMPAIGNS = "write campaigns"
    APPROVE_CAMPAIGNS = "approve campaigns"  # never one's own


_AGENT = frozenset({Right.SEE_TICKETS, Right.NOTE_TICKETS, Right.WORK_TICKETS, Right.SHOW_PHONES, Right.SEE_MESSAGES})
_SUPERVISOR = _AGENT | {
    Right.SEE_SENSITIVE,
    Right.SUPERVISE,
    Right.SEE_REPORTS,
    Right.EXPORT,
    Right.SEND_AGAIN,
    Right.EDIT_REPLIES,
}

_CAMPAIGNS = frozenset({Right.SEE_CAMPAIGNS, Right.WRITE_CAMPAIGNS})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: _SUPERVISOR | {Right.MANAGE_STAFF, Right.SEE_AUDIT, *_CAMPAIGNS, Right.APPROVE_CAMPAIGNS},
    Role.AUDITOR: frozenset(
        {
            Right.SEE_TICKETS,
            Right.SEE_SENSITIVE,
            Right.SEE_REPORTS,
            Right.SEE_MESSAGES,
            Right.SEE_AUDIT,
            Right.EXPORT,
            Right.SEE_CAMPAIGNS,
        }
    ),
    Role.OFFICER: frozenset({Right.SEE_TICKETS, Right.NOTE_TICKETS}),
    Role.OFFICIAL: _CAMPAIGNS | {Right.SEE_REPORTS},
    Role.APPROVER: frozenset({Right.SEE_REPORTS, Right.SEE_CAMPAIGNS, Right.APPROVE_CAMPAIGNS}),
}


def may(staff: Staff, right: Right) -> bool:
    """Whether this member of staff has a right."""
    return right in RIGHTS[staff.role]


def in_scope(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    """Gives the conditions that every query for tickets on behalf of `staff` must carry.

    An officer sees the own department's; sensitive ones are for those who may see them. Who may see none sees none.
    """
    if not may(staff, Right.SEE_TICKETS):
        return (false(),)
    conditions: list[ColumnElement[bool]] = []
    if not may(staff, Right.SEE_SENSITIVE):
        conditions.append(Ticket.is_sensitive.is_(False))
    if staff.role is Role.OFFICER:
        conditions.append(Ticket.department_code == staff.department_code)
    return tuple(conditions)
