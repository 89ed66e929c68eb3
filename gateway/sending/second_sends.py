"""Sending again what may have been sent: never by itself, but by a person who says why, and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from gateway import queue, tallies
from gateway.errors import NotSentAgain
from gateway.literals import all_spelt_out, spelt_out
from gateway.outbox.outbox import SENT_AGAIN
from models import EventKind, LaneName, Message, State, TicketEvent

STATES_IN_DOUBT = (State.UNKNOWN, State.UNRESOLVED, State.HELD)
IS_IN_DOUBT = Message.state.in_(all_spelt_out(STATES_IN_DOUBT))
IS_REPLY_IN_DOUBT = and_(Message.lane == spelt_out(LaneName.REPLIES), IS_IN_DOUBT)
LIVES = timedelta(hours=24)
MOST_LISTED = 200


@dataclass(frozen=True)
class Wish:
    """Who wants an SMS sent again, and why."""

    by: str
    reason: str


def in_doubt(db: Session) -> Sequence[Message]:
    """Gives the replies that may have been sent, or that the carrier held: the newest 200, oldest first.

    A campaign lists its own: its thousands would hide every reply.
    """
    newest = select(Message).where(IS_REPLY_IN_DOUBT).order_by(Message.id.desc()).limit(MOST_LISTED)
    return db.scalars(newest).all()[::-1]


def send_again(db: Session, message_id: int, wish: Wish, now: datetime) -> None:
    """Puts a reply back into the queue for one more attempt, and notes on its ticket who wanted that and why.

    Raises `NotSentAgain` for a message that is not in doubt, was sent again before or belongs to a campaign.
    """
    # As it stands now: whoever waited for its lock must not go by what they read before.
    message = _checked(db.get(Message, message_id, with_for_update=True, populate_existing=True), wish)
    tallies.uncount_message(db, message)
    message.details = {**(message.details or {}), SENT_AGAIN: {"by": wish.by, "reason": wish.reason}}
    message.state, message.state_at = State.QUEUED, now
    message.owner = message.lease_until = message.not_before = None
    message.expires_at = now + LIVES
    if message.ticket_id is not None:
        words = f"SMS {message_id} sent again: {wish.reason}"
        db.add(TicketEvent(ticket_id=message.ticket_id, kind=EventKind.NOTED, at=now, actor=wish.by, body=words))
    queue.nudge(db, LaneName.REPLIES)


def _checked(message: Message | None, wish: Wish) -> Message:
    if message is None or message.state not in STATES_IN_DOUBT:
        raise NotSentAgain("this SMS is not in doubt; `messages unknown` lists those that are")
    if message.lane is not LaneName.REPLIES:
        raise NotSentAgain("this SMS is bulk; a campaign's are sent again together, on its own page")
    if SENT_AGAIN in (message.details or {}):
        raise NotSentAgain("this SMS was sent again before; once is all")
    if not wish.reason.strip() or not wish.by.strip():
        raise NotSentAgain("a reason and a name are needed")
    return message
