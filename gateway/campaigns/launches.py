"""How campaigns begin, pause and end: at a press of a button, or by the clock. However often it is asked for, once.

A campaign begins when its row says `sending`, in a transaction of its own; recipients follow (expanding.py).
"""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from gateway import queue
from gateway.campaigns import approvals, campaigns
from gateway.campaigns.campaign_moves import put
from gateway.campaigns.campaigns import Deed
from gateway.county import quiet_hours
from gateway.crash import crash
from gateway.errors import Refused
from gateway.outbox import outbox
from gateway.staff.audit import CLOCK
from models import Campaign, CampaignStatus, LaneName, Message, State

UNANSWERED = (State.QUEUED, State.CLAIMED, State.SENDING)  # recipients of whom nothing is known yet
CHUNK = 5000
_BEGINS = (CampaignStatus.APPROVED, CampaignStatus.SCHEDULED)
_RUNS = (CampaignStatus.SENDING, CampaignStatus.PAUSED)


def launch(db: Session, deed: Deed) -> bool:
    """Begins an approved campaign now; gives False where it has begun already.

    Raises `Refused` at night, unless it is an emergency, and for one that may not be begun by them.
    """
    campaign = campaigns.hold(db, deed)
    if campaign.begun_at is not None:
        return False
    campaigns.begin(db, deed, CampaignStatus.SENDING)
    if campaigns.start(db, campaign, None, deed.now).is_moved:
        raise Refused("These are quiet hours: it begins in the morning by itself.")
    _begin(db, campaign, deed.staff.name, deed.now)
    return True


def pause(db: Session, deed: Deed) -> None:
    """Stops the sending of a campaign until it is resumed; what is in flight arrives."""
    campaign = campaigns.begin(db, deed, CampaignStatus.PAUSED)
    campaign.reason = None
    put(db, campaign, CampaignStatus.PAUSED, deed.staff.name, deed.now)


def resume(db: Session, deed: Deed) -> None:
    """Goes on sending a paused campaign. Raises `Refused` where it isn't worth sending any more."""
    campaign = campaigns.begin(db, deed, CampaignStatus.SENDING)
    if campaign.begun_at is None:
        raise Refused("This campaign has not begun: launch it.")
    if campaign.ended_at is not None:
        raise Refused("This campaign has ended.")
    if campaign.stale_at <= deed.now:
        raise Refused("It is not worth sending any more: its time has passed.")
    campaign.reason = None
    put(db, campaign, CampaignStatus.SENDING, deed.staff.name, deed.now)
    queue.nudge_tending(db)
    queue.nudge(db, LaneName.BULK)


def cancel(db: Session, deed: Deed, reason: str = "") -> None:
    """Ends a campaign for good; what is in flight arrives, what still waits is cancelled a moment later."""
    campaign = campaigns.begin(db, deed, CampaignStatus.CANCELLED)
    campaign.reason = approvals.checked(reason) or None
    put(db, campaign, CampaignStatus.CANCELLED, deed.staff.name, deed.now)
    queue.nudge_tending(db)


def due(db: Session, now: datetime) -> list[int]:
    """Gives the campaigns that the clock has to begin, put off or let expire: approved ones whose moment has come."""
    has_come = or_(Campaign.starts_at.is_(None), Campaign.starts_at <= now)
    waits = Campaign.status.in_([CampaignStatus.SUBMITTED, *_BEGINS])
    wanted = or_(and_(Campaign.status.in_(_BEGINS), has_come), and_(waits, Campaign.stale_at <= now))
    return list(db.scalars(select(Campaign.id).where(wanted).order_by(Campaign.id)))


def begin_by_clock(db: Session, campaign_id: int, now: datetime) -> bool:
    """Begins a campaign that is due; at night it is put off, and what is too old expires. Gives whether it began."""
    campaign = _held(db, campaign_id)
    if campaign is None or campaign_id not in due(db, now):
        return False
    if campaign.stale_at <= now:
        put(db, campaign, CampaignStatus.EXPIRED, CLOCK, now)
        return False
    at = now if campaign.is_emergency else quiet_hours.next_day(db, now)
    if at > now:
        campaign.starts_at = at
        put(db, campaign, CampaignStatus.SCHEDULED, CLOCK, now, starts_at=at.isoformat())
        return False
    _begin(db, campaign, CLOCK, now)
    return True


def _begin(db: Session, campaign: Campaign, actor: str, now: datetime) -> None:
    put(db, campaign, CampaignStatus.SENDING, actor, now, expected=campaign.expected)
    queue.nudge_tending(db)
    crash("C1")


def running(db: Session) -> list[int]:
    """Gives the campaigns that have begun and not ended, emergencies first."""
    begun = select(Campaign.id).where(Campaign.status.in_(_RUNS))
    return list(db.scalars(begun.order_by(Campaign.is_emergency.desc(), Campaign.id)))


def end_if_over(db: Session, campaign_id: int, now: datetime) -> bool:
    """Ends a campaign of whose recipients none waits any more; gives whether it did.

    It is done when all of them were sent to, expired when its time passed before that.
    """
    campaign = _held(db, campaign_id)
    if campaign is None or campaign.status not in _RUNS:
        return False
    own = Message.campaign_id == campaign.id
    if campaign.stale_at > now and campaign.expanded_at is None:
        return False
    if db.scalar(select(exists().where(own, Message.state.in_(UNANSWERED)))):
        return False
    too_late = campaign.expanded_at is None or db.scalar(select(exists().where(own, Message.state == State.EXPIRED)))
    put(db, campaign, CampaignStatus.EXPIRED if too_late else CampaignStatus.DONE, CLOCK, now)
    return True


def cancelled(db: Session) -> list[int]:
    """Gives the cancelled campaigns of which messages still wait."""
    waits = exists().where(Message.campaign_id == Campaign.id, Message.state == State.QUEUED)
    return list(db.scalars(select(Campaign.id).where(Campaign.status == CampaignStatus.CANCELLED, waits)))


def cancel_waiting(db: Session, campaign_id: int, now: datetime) -> int:
    """Cancels some of the messages that wait, of a campaign that was cancelled; gives how many.

    Those that were put back to be sent again may have arrived before: they stay in doubt.
    """
    some = select(Message.id).where(Message.campaign_id == campaign_id, Message.state == State.QUEUED).limit(CHUNK)
    chunk = some.with_for_update(skip_locked=True).cte("some").prefix_with("MATERIALIZED")
    moved = update(Message).where(Message.id.in_(select(chunk.c.id)), Message.state == State.QUEUED)
    done = db.execute(moved.values(state=outbox.ends_as(State.CANCELLED), state_at=now))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _held(db: Session, campaign_id: int) -> Campaign | None:
    """Gives a campaign to move, None where somebody else is moving it or adding to it just now."""
    wanted = select(Campaign).where(Campaign.id == campaign_id).with_for_update(skip_locked=True, key_share=True)
    return db.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
