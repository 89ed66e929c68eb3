"""What could go on and doesn't: the sign that nobody does the work, or that the workers do not keep up with it.

What a closed lane, the night or a pause before the next try holds up does not wait: that has names of its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from gateway import database
from gateway.county import quiet_hours
from gateway.literals import spelt_out
from gateway.outbox import campaign_gates, lanes, outbox
from models import Attempt, Campaign, CampaignStatus, Lane, LaneName, Message, State

PATIENCE = timedelta(minutes=5)


def replies(db: Session) -> float:
    """Gives the seconds for which the oldest reply could have been sent; 0 where none waits."""
    could_go = func.greatest(Message.created_at, Message.not_before, _reopened(LaneName.REPLIES).scalar_subquery())
    due = (Message.campaign_id.is_(None), Message.lane == LaneName.REPLIES, *outbox.is_due())
    return _seconds(db, func.min(could_go), *due, lanes.is_open(LaneName.REPLIES))


def texts(db: Session) -> float:
    """Gives the age in seconds of the oldest SMS from a citizen that is not handled; 0 where none waits.

    One that can't be handled counts as well: it is tried again, and a citizen waits.
    """
    return _seconds(db, func.min(Message.created_at), Message.state == spelt_out(State.RECEIVED))


def campaigns(db: Session) -> float:
    """Gives the seconds since any campaign's SMS was tried, while one could be; 0 where none could.

    They share one road, on which a small campaign may wait long for an emergency: so the road is looked at, not each.
    """
    begun = next((campaign.begun_at for campaign in _sending(db) if _has_due(db, campaign.id)), None)
    newest = select(Attempt.started_at).where(Attempt.campaign_id.is_not(None)).order_by(Attempt.id.desc()).limit(1)
    since = [begun, db.scalar(newest), db.scalar(_reopened(LaneName.BULK))]
    return max(0.0, (database.now(db) - max(filter(None, since))).total_seconds()) if begun else 0.0


def _sending(db: Session) -> Sequence[Row[int, datetime | None]]:
    """Gives the campaigns that might send now and a while ago, the first that began first."""
    if db.scalar(select(Campaign.id).where(Campaign.status == CampaignStatus.SENDING).limit(1)) is None:
        return []
    found = select(Campaign.id, Campaign.begun_at).where(campaign_gates.is_running(db), lanes.is_open(LaneName.BULK))
    if not quiet_hours.is_day(db, database.now(db) - PATIENCE):  # else each morning would begin with it
        found = found.where(Campaign.is_emergency)
    return db.execute(found.order_by(Campaign.begun_at)).all()


def _has_due(db: Session, campaign_id: int) -> bool:
    """Asked for each campaign, so that the first of hundreds of thousands of recipients is enough."""
    due = select(Message.id).where(Message.campaign_id == campaign_id, *outbox.is_due())
    return db.scalar(due.limit(1)) is not None


def _reopened(lane: LaneName) -> Select[datetime | None]:
    """Gives when the last pause of a lane was over, where it is open."""
    return select(Lane.until).where(Lane.name == lane)


def _seconds(db: Session, since: ColumnElement[datetime], *conditions: ColumnElement[bool]) -> float:
    age = db.scalar(select(func.extract("epoch", func.now() - since)).where(*conditions))
    return max(0.0, float(age or 0))
