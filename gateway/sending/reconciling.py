"""After a restore: what may have been sent in the time that the database forgot is shown as unknown, never sent again.

The database holds what was promised up to the backup, and what was promised since it came back. What was promised
before and not finished then may have gone out meanwhile; so may a campaign that was to begin, or had begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, insert, literal, select, update
from sqlalchemy.orm import Session

from gateway import queue
from gateway.campaigns import campaign_moves
from gateway.carriers import Verdict
from gateway.outbox import lanes
from gateway.staff import audit
from models import Attempt, Campaign, CampaignStatus, Direction, LaneName, Message, State

UNFINISHED = (State.QUEUED, State.CLAIMED, State.SENDING)
# One that was submitted may have been approved since, and sent.
GOES_ON = (
    CampaignStatus.SUBMITTED,
    CampaignStatus.APPROVED,
    CampaignStatus.SCHEDULED,
    CampaignStatus.SENDING,
    CampaignStatus.PAUSED,
)
REASON = "restored from a backup"
CHUNK = 5000  # SMS in one statement


@dataclass(frozen=True)
class Doubted:
    """What may have been sent meanwhile: how many SMS became unknown, and the campaigns that were cancelled."""

    messages: int
    campaigns: Sequence[int]


NOTHING = Doubted(0, ())


def doubt(db: Session, since: datetime, now: datetime) -> Doubted:
    """Doubts all that was to be sent before `since`, the time of the backup, and is not known to be.

    SMS become unknown. Campaigns are cancelled: of the recipients they made in the forgotten time no row is left, so
    that none can be told from one who has not had it. A person decides whether to write it anew, and to whom.
    """
    messages = _make_unknown(db, since)  # before the campaigns, as where answers are taken: so neither waits in a ring
    return Doubted(messages, _cancel(db, since, now))


def _cancel(db: Session, since: datetime, now: datetime) -> list[int]:
    going_on = select(Campaign).where(Campaign.status.in_(GOES_ON), Campaign.created_at <= since)
    held = going_on.order_by(Campaign.id).with_for_update(key_share=True)
    campaigns = db.scalars(held.execution_options(populate_existing=True)).all()
    for campaign in campaigns:
        campaign.reason = REASON
        campaign_moves.put(db, campaign, CampaignStatus.CANCELLED, audit.GATEWAY, now, reason=REASON)
    if campaigns:
        queue.nudge_tending(db)
    return [campaign.id for campaign in campaigns]


def _make_unknown(db: Session, since: datetime) -> int:
    """Gives how many; some thousands at a time, since a campaign may have been on its way."""
    number, after = 0, 0
    while (chunk := db.execute(_next_unknown(since, after)).one()).number:
        number, after = number + chunk.number, chunk.last
    return number


def _next_unknown(since: datetime, after: int) -> Select[int, int]:
    """Gives the statement that doubts the next SMS beyond an id; it tells their number and the last id.

    Each gets an attempt, so that a delivery report of the forgotten send can still find it.
    """
    forgotten = (Message.direction == Direction.OUT, Message.state.in_(UNFINISHED), Message.created_at <= since)
    ids = select(Message.id).where(*forgotten, Message.id > after).order_by(Message.id).limit(CHUNK)
    attempt_no = case((Message.state == State.QUEUED, Message.attempt_no + 1), else_=Message.attempt_no)
    doubted = (
        update(Message)
        .where(Message.id.in_(ids.with_for_update(key_share=True)))
        .values(state=State.UNKNOWN, state_at=func.now(), owner=None, attempt_no=attempt_no)
        .returning(Message.id, Message.attempt_no, Message.campaign_id)
        .cte("doubted")
    )
    kept = select(Attempt.id).where(Attempt.message_id == doubted.c.id, Attempt.n == doubted.c.attempt_no).exists()
    told = (literal(since), literal(Verdict.UNKNOWN.value), literal(REASON))
    missing = select(doubted.c.id, doubted.c.attempt_no, doubted.c.campaign_id, *told).where(~kept)
    columns = ["message_id", "n", "campaign_id", "started_at", "outcome", "reason"]
    attempts = insert(Attempt).from_select(columns, missing).cte("attempts")
    return select(func.count().label("number"), func.max(doubted.c.id).label("last")).add_cte(attempts)


def open_lanes(db: Session) -> None:
    """Opens both lanes; what went wrong before no longer counts."""
    for lane in LaneName:
        lanes.open_again(db, lane)
