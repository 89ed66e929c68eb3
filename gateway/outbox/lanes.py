"""The lanes out: open, paused until they heal, or stopped until an operator opens them.

A lane is judged by its own attempts: a carrier that cannot be reached, or whose answers to replies are in doubt too
often, gets a rest before more citizens are left in doubt. What a campaign leaves in doubt is for its own brake.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.outbox import pace
from models import Attempt, Lane, LaneName

LEASE = timedelta(seconds=60)  # for a claim or a send: outlasts the longest wait for the pace, and the longest request
PAUSE = timedelta(minutes=1)
UNREACHED = 5  # attempts in a row that met no carrier
MOST_IN_DOUBT = 5  # however few were sent
REFUSED_WHOLE = (400, 404, 422)  # the carrier would take none of the request
MOST_REFUSED, REFUSALS_JUDGED = 3, 50  # so many of the last so many
OUTCOMES_IN_DOUBT = (None, Verdict.UNKNOWN)
# How many attempts are judged, and which share of them may be in doubt. A reply is awaited: its lane heals by itself.
DOUBT = {LaneName.REPLIES: (50, 0.20), LaneName.BULK: (500, 0.005)}

log = structlog.get_logger()


def is_open(lane: LaneName | InstrumentedAttribute[LaneName | None]) -> ColumnElement[bool]:
    """Gives the condition that a lane, or a message's lane, may send now; for the `WHERE` of a claim."""
    shut = select(Lane.name).where(Lane.name == lane, Lane.is_open.is_(False))
    return ~shut.where(or_(Lane.until.is_(None), Lane.until > func.now())).exists()


def obey(db: Session, lane: LaneName, result: SendResult, now: datetime) -> None:
    """Stops or pauses a lane as a carrier's answer orders, or as its latest answers together call for.

    No message of it fails for that. The answer must have been written down already.
    """
    if result.http_status == 429:
        pace.slow_down(db)
    if result.lane is LaneOrder.STOP:
        stop(db, lane, result.reason)
    elif result.lane is LaneOrder.PAUSE:
        pause(db, lane, result.reason, now + (timedelta(seconds=result.retry_after) if result.retry_after else PAUSE))
    elif result.verdict is Verdict.UNKNOWN:
        judge_doubt(db, lane, now)
    elif result.verdict is Verdict.NOT_SENT and result.http_status is None:
        _judge_reach(db, lane, now)
    elif result.http_status in REFUSED_WHOLE:
        log.error("request refused whole", lane=lane, status=result.http_status)


def stop(db: Session, lane: LaneName, reason: str) -> bool:
    """Closes a lane until an operator opens it; gives whether it had not been stopped for this reason."""
    known = select(Lane.name).where(Lane.name == lane, Lane.is_open.is_(False), Lane.until.is_(None))
    if db.scalar(known.where(Lane.reason == reason)):
        return False
    values = {"is_open": False, "reason": reason, "until": None}
    row = insert(Lane).values(name=lane, **values)
    db.execute(row.on_conflict_do_update(index_elements=[Lane.name], set_=values))
    log.error("lane stopped", lane=lane, reason=reason)
    return True


def pause(db: Session, lane: LaneName, reason: str, until: datetime) -> bool:
    """Closes a lane until a moment; gives whether it did: a stop, or a longer pause, is not made shorter."""
    values = {"is_open": False, "reason": reason, "until": until}
    row = insert(Lane).values(name=lane, **values)
    paused = row.on_conflict_do_update(
        index_elements=[Lane.name], set_=values, where=or_(Lane.is_open, Lane.until < until)
    )
    if db.scalar(paused.returning(Lane.name)) is None:
        return False
    log.warning("lane paused", lane=lane, reason=reason, until=until.isoformat())
    return True


def open_again(db: Session, lane: LaneName) -> None:
    """Opens a lane, as an operator decides once the cause is mended; what went wrong before no longer counts."""
    values = {"is_open": True, "reason": None, "until": None, "judged_from": _newest_attempt()}
    row = insert(Lane).values(name=lane, **values)
    db.execute(row.on_conflict_do_update(index_elements=[Lane.name], set_=values))


def closed(db: Session) -> dict[str, str]:
    """Gives the lanes that may not send now, each with its reason."""
    shut = select(Lane.name, Lane.reason).where(Lane.is_open.is_(False))
    rows = db.execute(shut.where(or_(Lane.until.is_(None), Lane.until > func.now())))
    return {name.value: reason or "" for name, reason in rows}


def refused(db: Session) -> dict[str, int]:
    """Gives the lanes whose requests the carrier refuses whole, with the newest HTTP status: more likely our fault than
    the fault of single messages.
    """
    found = {}
    for lane in LaneName:
        statuses = [answer.http_status for answer in _latest(db, lane, REFUSALS_JUDGED)]
        alarming = [status for status in statuses if status in REFUSED_WHOLE]
        if len(alarming) >= MOST_REFUSED:
            found[lane.value] = alarming[0]
    return found


def judge_doubt(db: Session, lane: LaneName, now: datetime) -> None:
    """Lets replies rest for a minute where they leave too many citizens in doubt; then one more means another rest.

    Bulk is left alone: whatever it sends is a campaign's, which has a brake of its own.
    """
    if lane is LaneName.BULK:
        return
    judged, share = DOUBT[lane]
    answers = _latest(db, lane, judged)
    in_doubt = sum(answer.outcome in OUTCOMES_IN_DOUBT for answer in answers)
    if in_doubt > max(MOST_IN_DOUBT, share * len(answers)):
        pause(db, lane, f"{in_doubt} of the last {len(answers)} may have been sent", now + PAUSE)


def is_judged() -> ColumnElement[bool]:
    """Gives the condition that an attempt was answered, or that its answer is lost: the worker died with it."""
    return or_(Attempt.outcome.is_not(None), Attempt.started_at < func.now() - LEASE)


def _judge_reach(db: Session, lane: LaneName, now: datetime) -> None:
    answers = _latest(db, lane, UNREACHED)
    met_nobody = [answer.outcome == Verdict.NOT_SENT and answer.http_status is None for answer in answers]
    if len(answers) == UNREACHED and all(met_nobody):
        pause(db, lane, "the carrier can't be reached", now + PAUSE)


def _latest(db: Session, lane: LaneName, count: int) -> Sequence[Row[str | None, int | None]]:
    """Gives outcome and HTTP status of the lane's newest attempts since an operator opened it; none is under way.

    A campaign's are bulk, all others replies: so neither lane is looked for among hundreds of thousands of the other's.
    """
    is_single = Attempt.campaign_id.is_(None)
    since = select(func.coalesce(func.max(Lane.judged_from), 0)).where(Lane.name == lane).scalar_subquery()
    answered = select(Attempt.outcome, Attempt.http_status).where(
        is_single if lane is LaneName.REPLIES else ~is_single, Attempt.id > since, is_judged()
    )
    return db.execute(answered.order_by(Attempt.id.desc()).limit(count)).all()


def _newest_attempt() -> ColumnElement[int]:
    return select(func.coalesce(func.max(Attempt.id), 0)).scalar_subquery()
