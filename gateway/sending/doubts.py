"""SMS in doubt as staff see them: the carrier may have sent them, or holds them. One is sent again by a person only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import Session

from gateway import phones
from gateway.errors import NotSentAgain, Refused
from gateway.outbox.outbox import SENT_AGAIN
from gateway.sending import second_sends
from gateway.sending.second_sends import IS_IN_DOUBT, IS_REPLY_IN_DOUBT, Wish
from gateway.staff import audit, reasons, rights
from gateway.staff.rights import Right
from gateway.tickets import references
from models import LaneName, Message, Staff, State, Ticket

MOST_LISTED = 200
RECORDED_AS = "sms_sent_again"  # in the audit log


@dataclass(frozen=True)
class Doubt:
    """One SMS in doubt. The number is masked, empty where the citizen hid it."""

    id: int
    state: State
    since: datetime
    kind: str
    phone: str
    body: str
    reference: str | None  # of its ticket
    can_go_again: bool


def listed(db: Session, staff: Staff) -> Sequence[Doubt]:
    """Gives the replies in doubt that `staff` may see, the longest in doubt first; the newest 200 of them.

    A campaign's stand on its own page: its thousands would hide every reply.
    """
    newest = _visible(staff).where(IS_REPLY_IN_DOUBT).order_by(Message.id.desc()).limit(MOST_LISTED)
    return [_doubt(row[0], row[1]) for row in db.execute(newest)][::-1]


def find(db: Session, staff: Staff, message_id: int) -> Doubt:
    """Gives one SMS in doubt; raises `Refused` where there is none such that `staff` may see."""
    found = db.execute(_visible(staff).where(Message.id == message_id)).one_or_none()
    if found is None:
        raise Refused("This SMS is not in doubt any more.")
    return _doubt(found[0], found[1])


def send_again(db: Session, staff: Staff, message_id: int, reason: str, now: datetime) -> None:
    """Sends a reply once more, notes it on its ticket and records it; the citizen may get it twice.

    Raises `Refused` where this member of staff may not, says no reason, and for an SMS that must not be sent again.
    """
    if not rights.may(staff, Right.SEND_AGAIN):
        raise Refused("You may not send an SMS again.")
    why = reasons.checked(reason)
    if not find(db, staff, message_id).can_go_again:
        raise Refused("This SMS was sent again before, or belongs to a campaign: it stays as it is.")
    try:
        second_sends.send_again(db, message_id, Wish(staff.name, why), now)
    except NotSentAgain as refused:
        raise Refused("This SMS is not in doubt any more.") from refused
    audit.record(db, staff.name, RECORDED_AS, f"message:{message_id}", now, reason=why)


def _visible(staff: Staff) -> Select[Message, Ticket]:
    own = and_(true(), *rights.in_scope(staff))
    return (
        select(Message, Ticket)
        .outerjoin(Ticket, Ticket.id == Message.ticket_id)
        .where(IS_IN_DOUBT, or_(Message.ticket_id.is_(None), own))
    )


def _doubt(message: Message, ticket: Ticket | None) -> Doubt:
    return Doubt(
        id=message.id,
        state=message.state,
        since=message.state_at,
        kind=message.kind,
        phone="" if ticket is not None and ticket.hides_phone else phones.masked(message.phone),
        body=message.body,
        reference=references.printed(ticket.reference) if ticket else None,
        can_go_again=message.lane is LaneName.REPLIES and SENT_AGAIN not in (message.details or {}),
    )
