"""Bulk: the next batch of a campaign, recipients who get the very same text in one request.

Emergencies go first; of the others each gets its share, so that a small campaign does not wait for a large one to end.
A batch never takes more than half a second of the carrier's pace, so that a reply never waits longer for it.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from gateway.outbox import campaign_gates, lanes, outbox, pace
from gateway.outbox.outbox import Claim
from gateway.settings import Limits
from models import Campaign, LaneName, Message

LONGEST_TURN = 0.5  # seconds of the lane's pace in one batch
LONGEST_OWN_TURN = 1.0  # seconds of the campaign's own

_DIGEST = func.md5(Message.body)  # ix_message_batch


@dataclass(frozen=True)
class _Head:
    """A campaign that may send, and the text it is at."""

    campaign_id: int
    rate: int | None
    body: str
    segments: int


def claim(db: Session, owner: str, limits: Limits) -> list[Claim]:
    """Takes up to BULK_BATCH recipients of one text of one campaign, for one lease; none where none may send.

    A campaign without any is left alone: who makes its recipients takes a held one for somebody else's.
    """
    is_free = or_(Campaign.rate.is_(None), Campaign.free_at.is_(None), ~_is_booked())
    may_send = (campaign_gates.is_running(db), lanes.is_open(LaneName.BULK), is_free)
    ready = select(Campaign.id).where(*may_send, campaign_gates.HAS_QUEUED)
    ready = ready.order_by(Campaign.is_emergency.desc(), func.random())
    holds_one = False
    for campaign_id in db.scalars(ready).all():
        # One claim at a time: two that took turns with the rows would tear a batch into many small ones.
        own = select(Campaign.id, Campaign.rate).where(Campaign.id == campaign_id, *may_send)
        # Who holds one waits for no other: two that came by different ways would wait for each other.
        locked = db.execute(own.with_for_update(key_share=True, skip_locked=holds_one)).one_or_none()
        holds_one = holds_one or locked is not None
        head = _head(db, campaign_id, locked.rate) if locked else None
        if head is not None:
            return _batch(db, head, owner, limits)
    return []


def book(db: Session, claims: list[Claim]) -> bool:
    """Books the moment for a request where its campaign has a rate of its own; False where others were quicker.

    It waits for nobody: the day's spending is held meanwhile, and a campaign's row as long as its recipients are made.
    """
    segments, campaign_id = sum(claimed.segments for claimed in claims), claims[0].campaign_id
    if campaign_id is None:
        return True
    own = (Campaign.id == campaign_id, Campaign.rate.is_not(None))
    free = select(Campaign.id).where(*own, or_(Campaign.free_at.is_(None), ~_is_booked()))
    if db.scalar(free.with_for_update(skip_locked=True, key_share=True)) is None:
        return db.scalar(select(Campaign.id).where(*own)) is None
    lasts = func.make_interval(0, 0, 0, 0, 0, 0, 1.0 * segments / Campaign.rate)
    db.execute(update(Campaign).where(*own).values(free_at=func.clock_timestamp() + lasts))
    return True


def wait(db: Session) -> float | None:
    """Gives the seconds until a campaign whose own rate holds it up may go on; None where none is held up by it."""
    held_up = and_(campaign_gates.is_running(db), Campaign.rate.is_not(None), _is_booked(), campaign_gates.HAS_QUEUED)
    left = db.scalar(select(func.extract("epoch", func.min(Campaign.free_at) - func.clock_timestamp())).where(held_up))
    return None if left is None else max(0.0, float(left))


def _head(db: Session, campaign_id: int, rate: int | None) -> _Head | None:
    first = _due(campaign_id).add_columns(Message.body, Message.segments).order_by(_DIGEST, Message.id).limit(1)
    found = db.execute(first.with_for_update(skip_locked=True)).one_or_none()
    return _Head(campaign_id, rate, found.body, found.segments) if found else None


def _batch(db: Session, head: _Head, owner: str, limits: Limits) -> list[Claim]:
    most = min(limits.bulk_batch, _in(LONGEST_TURN, limits.send_rate, head))
    if head.rate is not None:
        most = min(most, _in(LONGEST_OWN_TURN, head.rate, head))
    due = (
        _due(head.campaign_id)
        .where(func.md5(head.body) == _DIGEST, Message.body == head.body)
        .order_by(Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    return outbox.take(db, due, owner)


def _in(seconds: float, rate: int, head: _Head) -> int:
    return max(1, int(seconds * rate / head.segments))


def _due(campaign_id: int) -> Select[int]:
    return select(Message.id).where(Message.campaign_id == campaign_id, *outbox.is_due())


def _is_booked() -> ColumnElement[bool]:
    now = func.clock_timestamp()
    return and_(Campaign.free_at > now, Campaign.free_at <= now + pace.FURTHEST)
