"""The sweep of the outbox: what nobody else will finish, and what is due though nobody rang for it.

Each rule moves so many messages at a time: a campaign of hundreds of thousands must not outlast a statement's time.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Row, func, or_, select, update
from sqlalchemy.orm import Session

from gateway import database, queue
from gateway.literals import spelt_out
from gateway.outbox import campaign_gates, lanes, outbox
from gateway.outbox.outbox import IS_QUEUED, IS_UNWANTED
from gateway.sending import brakes
from models import Campaign, CampaignStatus, LaneName, Message, State

UNKNOWN_FOR = timedelta(hours=24)
SILENT_FOR = timedelta(hours=72)
MOST_MOVED = 20_000  # by one rule in one sweep

Sender = tuple[LaneName | None, int | None]  # a lane, and the campaign whose SMS it was
Rule = tuple[State, ColumnElement[bool], State]


def sweep(db: Session) -> Counter[str]:
    """Finishes what nobody else will: gives how many messages each state gained.

    A claim whose lease ran out goes back to the queue, a send whose lease ran out is unknown; unknown for 24 hours is
    unresolved, accepted without a report for 72 hours is no_report; what is too old to be sent expires, what is left of
    a cancelled campaign is cancelled, of one that is done failed, and a bulk message to somebody who opted out is
    skipped; but what was put back to be sent again is unresolved then. Where too many answers were lost with the
    workers that waited for them, their campaign pauses, or their lane.
    """
    moved: Counter[str] = Counter()
    lost: set[Sender] = set()
    for rule in _rules():
        for ended, lane, campaign_id, number in _carry_out(db, rule):
            moved[ended.value] += number
            if rule[0] is State.SENDING:
                lost.add((lane, campaign_id))
    db.expire_all()
    _brake(db, lost)
    return moved


def _carry_out(db: Session, rule: Rule) -> Sequence[Row[State, LaneName | None, int | None, int]]:
    """Gives how many were moved, by where they ended, lane and campaign."""
    state, overdue, to = rule
    stands = Message.state == spelt_out(state)
    due = (
        select(Message.id)
        .where(stands, overdue)
        .limit(MOST_MOVED)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    ends = outbox.ends_as(to) if state is State.QUEUED else to
    finished = update(Message).where(Message.id.in_(select(due.c.id))).values(state=ends, state_at=func.now())
    gone = finished.returning(Message.state, Message.lane, Message.campaign_id).cte("gone")
    counted = select(gone.c.state, gone.c.lane, gone.c.campaign_id, func.count())
    return db.execute(counted.group_by(*gone.c)).all()


def _brake(db: Session, lost: Collection[Sender]) -> None:
    for lane, campaign_id in sorted(lost, key=repr):
        if campaign_id is not None:
            brakes.judge_doubt(db, campaign_id, database.now(db))
        elif lane is not None:
            lanes.judge_doubt(db, lane, database.now(db))


def _rules() -> Iterator[Rule]:
    now = func.now()
    yield State.CLAIMED, Message.lease_until < now, State.QUEUED
    yield State.SENDING, Message.lease_until < now, State.UNKNOWN
    yield State.UNKNOWN, Message.state_at < now - UNKNOWN_FOR, State.UNRESOLVED
    yield State.ACCEPTED, Message.state_at < now - SILENT_FOR, State.NO_REPORT
    # By campaign, so that the sweep does not read every recipient who waits.
    stale = select(Campaign.id).where(Campaign.stale_at <= now)
    cancelled = select(Campaign.id).where(Campaign.status == CampaignStatus.CANCELLED)
    yield State.QUEUED, Message.campaign_id.in_(cancelled), State.CANCELLED
    # The answer "not sent" came late, when its campaign was over.
    done = select(Campaign.id).where(Campaign.status == CampaignStatus.DONE, Campaign.stale_at > now)
    yield State.QUEUED, Message.campaign_id.in_(done), State.FAILED
    yield State.QUEUED, Message.campaign_id.in_(stale) & (Message.expires_at <= now), State.EXPIRED
    yield State.QUEUED, Message.campaign_id.is_(None) & (Message.expires_at <= now), State.EXPIRED
    yield State.QUEUED, IS_UNWANTED, State.SKIPPED


def nudge_due(db: Session) -> None:
    """Rings for every lane that is open and has something due."""
    single = select(Message.id).where(IS_QUEUED, Message.campaign_id.is_(None), Message.lane == LaneName.REPLIES)
    single = single.where(lanes.is_open(LaneName.REPLIES))
    if db.scalar(single.where(or_(Message.not_before.is_(None), Message.not_before <= func.now())).limit(1)):
        queue.nudge(db, LaneName.REPLIES)
    if campaign_gates.has_work(db):
        queue.nudge(db, LaneName.BULK)


def oldest_seconds(db: Session) -> float:
    """Gives the age in seconds of the oldest single message that still waits to be sent; 0 when none does.

    A campaign's recipients wait by design: for the day, and for one another.
    """
    oldest = select(func.extract("epoch", func.now() - func.min(Message.created_at)))
    oldest = oldest.where(Message.campaign_id.is_(None))
    # Each by an index of its own: those of campaigns are not read.
    is_claimed = Message.state == spelt_out(State.CLAIMED)
    return max(float(db.scalar(oldest.where(stands)) or 0) for stands in (IS_QUEUED, is_claimed))
