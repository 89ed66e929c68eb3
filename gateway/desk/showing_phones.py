"""Showing a citizen's number: masked everywhere, whole only to who says why, and recorded with who, when and why."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gateway import phones
from gateway.errors import Refused
from gateway.staff import audit, reasons, rights
from gateway.staff.rights import Right
from gateway.tickets import casework
from models import Staff, Ticket

SHOWN = "phone_shown"  # the audit log's word
MOST, WITHIN = 30, timedelta(hours=1)  # for one member of staff


def masked(ticket: Ticket) -> str:
    """Gives what of a ticket's number anybody sees; nothing where the citizen hid it or the caller gave none."""
    if ticket.phone is None or ticket.hides_phone:
        return ""
    return phones.masked(ticket.phone)


def show(db: Session, staff: Staff, reference: str, reason: str, now: datetime) -> str:
    """Gives the number of a ticket in E.164 and records that it was shown.

    Raises `Refused` where this member of staff may not, says no reason, has looked at too many within the hour, and
    where the ticket has none; `NoSuchTicket` for one they may not see.
    """
    if not rights.may(staff, Right.SHOW_PHONES):
        raise Refused("You may not see phone numbers.")
    why = reasons.checked(reason)
    ticket = casework.find(db, staff, reference)
    if ticket.hides_phone and not rights.may(staff, Right.SUPERVISE):
        raise Refused("The citizen hid this number: only a supervisor may see it.")
    if ticket.phone is None:
        raise Refused("The caller gave no number.")
    if audit.deeds_since(db, staff.name, SHOWN, now - WITHIN, most=MOST) >= MOST:
        raise Refused("You have looked at %(most)s numbers within the hour. Wait, or ask your supervisor.", most=MOST)
    audit.record(db, staff.name, SHOWN, f"ticket:{ticket.reference}", now, reason=why)
    return ticket.phone
