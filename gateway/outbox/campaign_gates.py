"""The gates a campaign's SMS pass twice, when they are claimed and right before they are sent.

It runs, is not stale, and it is day, unless it is an emergency. All by the database's clock: a host whose clock is
wrong wakes nobody.
"""

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.county import quiet_hours
from gateway.literals import spelt_out
from models import Campaign, CampaignStatus, Message, State

HAS_QUEUED = exists().where(Message.campaign_id == Campaign.id, Message.state == spelt_out(State.QUEUED))


def is_running(db: Session) -> ColumnElement[bool]:
    """Gives the condition that a campaign may send now; for the `WHERE` of a query for campaigns."""
    runs = and_(Campaign.status == CampaignStatus.SENDING, Campaign.stale_at > func.now())
    return runs if quiet_hours.is_day(db, db.scalars(select(func.now())).one()) else and_(runs, Campaign.is_emergency)


def lets_through(db: Session, campaign_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """Gives the condition that a message is no campaign's, or one's that may send now."""
    return campaign_id.is_(None) | exists().where(Campaign.id == campaign_id, is_running(db))


def has_work(db: Session) -> bool:
    """Whether a campaign that may send now has somebody left to send to."""
    return db.scalar(select(Campaign.id).where(is_running(db), HAS_QUEUED).limit(1)) is not None
