"""A campaign's SMS in doubt, as its page lists them; repeats.py sends them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.campaigns import repeats
from gateway.outbox.outbox import SENT_AGAIN
from gateway.phones import masked
from models import Campaign, Message, State

STATES_IN_DOUBT = (State.UNKNOWN, State.UNRESOLVED)
MOST_LISTED = 200


@dataclass(frozen=True)
class Doubt:
    """One recipient in doubt; the phone is masked."""

    phone: str
    ward: str | None  # its code
    state: State
    since: datetime
    was_sent_again: bool


@dataclass(frozen=True)
class Doubts:
    """The recipients in doubt: the first of them, how many there are, and how many may be sent to once more now."""

    listed: Sequence[Doubt]
    number: int
    ripe: int


def doubts(db: Session, campaign: Campaign, now: datetime) -> Doubts:
    """Gives a campaign's recipients who may or may not have got it."""
    own = (Message.campaign_id == campaign.id, Message.state.in_(STATES_IN_DOUBT))
    first = db.scalars(select(Message).where(*own).order_by(Message.id).limit(MOST_LISTED))
    listed = [Doubt(masked(m.phone), m.ward_code, m.state, m.state_at, SENT_AGAIN in (m.details or {})) for m in first]
    number = db.scalar(select(func.count()).where(*own)) or 0
    return Doubts(listed, number, repeats.count(db, campaign.id, now))
