"""Replies to a campaign: whoever got one within three days and texts back most likely means it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from gateway.dialogues.texts import Text
from gateway.staff import rights
from models import Attempt, Direction, Message, Staff, State, Ticket

HEARD_FOR = timedelta(hours=72)
MOST_SHOWN = 50
MAY_BE_READ = (State.SENDING, State.ACCEPTED, State.DELIVERED, State.NO_REPORT, State.UNKNOWN, State.UNRESOLVED)


@dataclass(frozen=True)
class Heard:
    """A campaign that a phone got, and when it was sent."""

    campaign_id: int
    at: datetime


def newest(db: Session, text: Text) -> Heard | None:
    """Gives the campaign that this phone got last, within 72 hours before it wrote; None where there is none."""
    last = and_(Attempt.message_id == Message.id, Attempt.n == Message.attempt_no)
    got = select(Message.campaign_id, Attempt.started_at).join(Attempt, last)
    got = got.where(Message.phone == text.phone, Message.direction == Direction.OUT, Message.campaign_id.is_not(None))
    got = got.where(Message.state.in_(MAY_BE_READ))
    got = got.where(Attempt.started_at.between(text.received_at - HEARD_FOR, text.received_at))
    row = db.execute(got.order_by(Attempt.started_at.desc()).limit(1)).one_or_none()
    return Heard(row[0], row[1]) if row and row[0] is not None else None


def spoken_of_since(db: Session, text: Text, live: Sequence[Ticket], heard: Heard) -> list[Ticket]:
    """Gives those of the open cases `live` that were opened, or written about to this phone, after the campaign."""
    since = (Message.direction == Direction.OUT, Message.created_at > heard.at, Message.ticket_id.is_not(None))
    told = set(db.scalars(select(Message.ticket_id).where(Message.phone == text.phone, *since)))
    return [ticket for ticket in live if ticket.opened_at > heard.at or ticket.id in told]


@dataclass(frozen=True)
class Replies:
    """The cases that replies to a campaign opened: how many, and the newest of those that somebody may see."""

    number: int
    shown: Sequence[Ticket]


def opened(db: Session, staff: Staff, campaign_id: int) -> Replies:
    """Gives the cases of a campaign, for a member of staff who may see it."""
    own = Ticket.campaign_id == campaign_id
    number = db.scalar(select(func.count()).where(own)) or 0
    newest = select(Ticket).where(own, *rights.in_scope(staff)).order_by(Ticket.id.desc()).limit(MOST_SHOWN)
    return Replies(number, db.scalars(newest).all())
