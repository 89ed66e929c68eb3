"""After a restore: what may have been sent in the time that the database forgot is shown as unknown, never sent again.

The database holds what was promised up to the backup, and what was promised since it came back. What was promised
before and not finished then may have gone out meanwhile.
"""

from datetime import datetime

from sqlalchemy import case, func, insert, literal, select, update
from sqlalchemy.orm import Session

from gateway import lanes
from gateway.carriers import Verdict
from models import Attempt, Direction, LaneName, Message, State

UNFINISHED = (State.QUEUED, State.CLAIMED, State.SENDING)
REASON = "restored from a backup"


def doubt(db: Session, since: datetime) -> int:
    """Makes every SMS unknown that was promised before `since`, the time of the backup, and not known to be sent.

    Gives how many. Each gets an attempt, so that a delivery report of the forgotten send can still find it.
    """
    forgotten = (Message.direction == Direction.OUT, Message.state.in_(UNFINISHED), Message.created_at <= since)
    doubted = (
        update(Message)
        .where(*forgotten)
        .values(
            state=State.UNKNOWN,
            state_at=func.now(),
            owner=None,
            attempt_no=case((Message.state == State.QUEUED, Message.attempt_no + 1), else_=Message.attempt_no),
        )
        .returning(Message.id)
    )
    ids = list(db.scalars(doubted))
    kept = select(Attempt.id).where(Attempt.message_id == Message.id, Attempt.n == Message.attempt_no).exists()
    missing = select(
        Message.id, Message.attempt_no, literal(since), literal(Verdict.UNKNOWN.value), literal(REASON)
    ).where(Message.id.in_(ids), ~kept)
    db.execute(insert(Attempt).from_select(["message_id", "n", "started_at", "outcome", "reason"], missing))
    return len(ids)


def open_lanes(db: Session) -> None:
    """Opens both lanes; what went wrong before no longer counts."""
    for lane in LaneName:
        lanes.open_again(db, lane)
