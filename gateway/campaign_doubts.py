"""A campaign's SMS in doubt, and sending them again: together, once, a day later, by a second person who says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from gateway import campaigns, queue, quiet_hours, reasons, tallies
from gateway.campaign_moves import put
from gateway.campaigns import Deed
from gateway.errors import Refused
from gateway.phones import masked
from models import Campaign, CampaignStatus, LaneName, Message, State

IN_DOUBT = (State.UNKNOWN, State.UNRESOLVED)
AFTER = timedelta(hours=24)  # a delivery report may come until then
LIVES = timedelta(hours=24)
MOST_LISTED = 200
MOST_AGAIN = 5000  # in one transaction; the brakes keep what is in doubt far below


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
    own = (Message.campaign_id == campaign.id, Message.state.in_(IN_DOUBT))
    first = db.scalars(select(Message).where(*own).order_by(Message.id).limit(MOST_LISTED))
    listed = [
        Doubt(masked(m.phone), m.ward_code, m.state, m.state_at, "sent_again" in (m.details or {})) for m in first
    ]
    number = db.scalar(select(func.count()).where(*own)) or 0
    ripe = db.scalar(select(func.count()).where(Message.campaign_id == campaign.id, _is_ripe(now))) or 0
    return Doubts(listed, number, ripe)


def send_again(db: Session, deed: Deed, reason: str) -> int:
    """Sends a finished campaign once more to those in doubt for a day; gives to how many. Some may get it twice.

    Raises `Refused` for its author, without a reason, and where nobody has been in doubt for so long, or only those to
    whom it was sent again before.
    """
    campaign = campaigns.begin(db, deed, CampaignStatus.SENDING)
    if campaign.status is not CampaignStatus.DONE:
        raise Refused("Only a campaign that is done is sent again.")
    why = reasons.checked(reason)
    ripe = select(Message).where(Message.campaign_id == campaign.id, _is_ripe(deed.now)).order_by(Message.id)
    found = db.scalars(ripe.limit(MOST_AGAIN).with_for_update()).all()
    if not found:
        raise Refused("Nobody has been in doubt for 24 hours without having been sent to again.")
    tallies.uncount_messages(db, [(message.direction, message.state, message.state_at) for message in found])
    starts = deed.now if campaign.is_emergency else quiet_hours.next_day(db, deed.now)
    campaign.stale_at, campaign.ended_at = starts + LIVES, None
    for message in found:
        message.details = {**(message.details or {}), "sent_again": {"by": deed.staff.name, "reason": why}}
        message.state, message.state_at = State.QUEUED, deed.now
        message.owner = message.lease_until = message.not_before = None
        message.expires_at = campaign.stale_at
    put(db, campaign, CampaignStatus.SENDING, deed.staff.name, deed.now, again=len(found), why=why)
    queue.nudge_tending(db)
    queue.nudge(db, LaneName.BULK)
    return len(found)


def _is_ripe(now: datetime) -> ColumnElement[bool]:
    """Gives the condition that an SMS has been in doubt for a day, and was not sent again before."""
    a_day = or_(Message.state == State.UNRESOLVED, Message.state_at <= now - AFTER)
    was_again = func.coalesce(Message.details.has_key("sent_again"), False)
    return and_(Message.state.in_(IN_DOUBT), a_day, ~was_again)
