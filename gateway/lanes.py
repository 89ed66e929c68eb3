"""The lanes out: open, paused until they heal, or stopped until an operator opens them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway.carriers import LaneOrder, SendResult
from models import Lane, LaneName

PAUSE = timedelta(minutes=1)


def is_open(lane: LaneName) -> ColumnElement[bool]:
    """Gives the condition that a lane may send now; for the `WHERE` of a claim."""
    shut = select(Lane.name).where(Lane.name == lane, Lane.is_open.is_(False))
    return ~shut.where(or_(Lane.until.is_(None), Lane.until > func.now())).exists()


def obey(db: Session, lane: LaneName, result: SendResult, now: datetime) -> None:
    """Stops or pauses a lane as a carrier's answer orders; no message of it fails for that."""
    if result.lane is LaneOrder.GO_ON:
        return
    pause = timedelta(seconds=result.retry_after) if result.retry_after else PAUSE
    until = now + pause if result.lane is LaneOrder.PAUSE else None
    _write(db, lane, is_open=False, reason=result.reason, until=until)


def open_again(db: Session, lane: LaneName) -> None:
    """Opens a lane, as an operator decides once the cause is mended."""
    _write(db, lane, is_open=True, reason=None, until=None)


def closed(db: Session) -> dict[str, str]:
    """Gives the lanes that may not send now, each with its reason."""
    shut = select(Lane.name, Lane.reason).where(Lane.is_open.is_(False))
    rows = db.execute(shut.where(or_(Lane.until.is_(None), Lane.until > func.now())))
    return {name.value: reason or "" for name, reason in rows}


def _write(db: Session, lane: LaneName, *, is_open: bool, reason: str | None, until: datetime | None) -> None:
    values = {"is_open": is_open, "reason": reason, "until": until}
    row = insert(Lane).values(name=lane, **values)
    db.execute(row.on_conflict_do_update(index_elements=[Lane.name], set_=values))
