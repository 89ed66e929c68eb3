"""The brakes: what pauses a campaign by itself, so that no more citizens are left in doubt, or refused, than need be.

What a person has to judge or mend pauses the campaign that met it, until a person resumes it: too many of its SMS in
doubt, no balance, an account or a request that the carrier refuses. What heals by itself is the lane's alone (too many
requests, a carrier that can't be reached, the day's cap), and so is the night: the campaign goes on by itself then.
"""

from collections.abc import Collection
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.campaigns import campaign_moves
from gateway.campaigns.campaign_moves import By
from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.outbox import lanes
from gateway.outbox.lanes import DOUBT, MOST_IN_DOUBT, OUTCOMES_IN_DOUBT, REFUSED_WHOLE
from gateway.staff import audit
from models import Attempt, Campaign, CampaignStatus, LaneName

log = structlog.get_logger()


def obey(db: Session, campaign_id: int, results: Collection[SendResult], now: datetime) -> None:
    """Pauses a campaign as the answers to a batch of it call for. They must have been written down already."""
    reason = next(filter(None, map(_refusal, results)), None)
    if reason is not None:
        pause(db, campaign_id, reason, now)
    elif any(result.verdict is Verdict.UNKNOWN for result in results):
        judge_doubt(db, campaign_id, now)


def judge_doubt(db: Session, campaign_id: int, now: datetime) -> None:
    """Pauses a campaign that leaves too many citizens in doubt, also by answers lost with the workers that waited."""
    reason = _doubt(db, campaign_id)
    if reason is not None:
        pause(db, campaign_id, reason, now)


def pause(db: Session, campaign_id: int, reason: str, now: datetime) -> bool:
    """Pauses and records a campaign that sends; gives whether it did. What led to it counts no more once resumed."""
    campaign = db.get_one(Campaign, campaign_id, with_for_update={"key_share": True}, populate_existing=True)
    if not campaign_moves.may(campaign, CampaignStatus.PAUSED, By.CLOCK):
        return False
    campaign.reason = reason
    campaign.judged_from = db.scalar(select(func.max(Attempt.id))) or 0
    log.error("campaign paused", campaign=campaign_id, reason=reason)
    campaign_moves.put(db, campaign, CampaignStatus.PAUSED, audit.GATEWAY, now, reason=reason)
    return True


def _refusal(result: SendResult) -> str | None:
    if result.lane is LaneOrder.STOP or (result.lane is LaneOrder.PAUSE and result.http_status != 429):
        return result.reason
    return f"the carrier refuses the request: {result.reason}" if result.http_status in REFUSED_WHOLE else None


def _doubt(db: Session, campaign_id: int) -> str | None:
    """Gives why a campaign leaves too many citizens in doubt, None where it does not."""
    judged, share = DOUBT[LaneName.BULK]
    since = select(Campaign.judged_from).where(Campaign.id == campaign_id).scalar_subquery()
    own = select(Attempt.outcome).where(Attempt.campaign_id == campaign_id, Attempt.id > since, lanes.is_judged())
    outcomes = db.scalars(own.order_by(Attempt.started_at.desc(), Attempt.id.desc()).limit(judged)).all()
    in_doubt = sum(outcome in OUTCOMES_IN_DOUBT for outcome in outcomes)
    if in_doubt <= max(MOST_IN_DOUBT, share * len(outcomes)):
        return None
    return f"{in_doubt} of the last {len(outcomes)} may have been sent"
