"""What the carrier's answer to one attempt means for its message."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.carriers import SendResult, Verdict
from models import Attempt, State

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)

SETTLED = {
    Verdict.ACCEPTED: State.ACCEPTED,
    Verdict.REJECTED: State.REJECTED,
    Verdict.HELD: State.HELD,
    Verdict.UNKNOWN: State.UNKNOWN,
    Verdict.NOT_SENT: State.QUEUED,
}


def next_state(db: Session, message_id: int, result: SendResult) -> State:
    """Gives where a message stands after an attempt, which must have been written down already."""
    limit = result.attempts_limit
    if result.verdict is Verdict.NOT_SENT and limit is not None and _tries(db, message_id, result.reason) >= limit:
        return State.FAILED
    return SETTLED[result.verdict]


def _tries(db: Session, message_id: int, reason: str) -> int:
    alike = select(func.count()).where(Attempt.message_id == message_id, Attempt.reason == reason)
    return db.scalar(alike) or 0


def wait(attempt_no: int, result: SendResult) -> timedelta:
    """Gives how long to wait before the next attempt: as the carrier says, else twice as long each time."""
    if result.retry_after is not None:
        return timedelta(seconds=result.retry_after)
    return min(FIRST_WAIT * (1 << min(attempt_no - 1, 10)), LONGEST_WAIT)
