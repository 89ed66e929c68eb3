"""The pace: how many segments a second the carrier takes from all workers together.

One row says when the next segment may go. A reply books the next moment, even ahead of time; bulk takes only a moment
that is free already, so that a campaign never delays a reply.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, func, literal, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import LaneName, Pace

SLOW_FOR = timedelta(minutes=5)
FURTHEST = timedelta(seconds=10)  # a moment further ahead was booked before the database's clock was set back
_ROW = 1


def book(db: Session, lane: LaneName, segments: int, rate: int) -> float | None:
    """Books the moment for one message and gives the seconds until then; None where bulk has to ask again later.

    `rate` is in segments per second. Time is the database's: workers on several hosts share one clock.
    """
    now, length = func.clock_timestamp(), timedelta(seconds=segments / rate)
    row = insert(Pace).values(id=_ROW, free_at=now + length)
    lasts = _doubled_while_slow(length)
    is_free = or_(Pace.free_at <= now, Pace.free_at > now + FURTHEST)
    booked = row.on_conflict_do_update(
        index_elements=[Pace.id],
        set_={"free_at": case((is_free, now), else_=Pace.free_at) + lasts},
        where=or_(literal(lane is LaneName.REPLIES), is_free),
    ).returning(func.extract("epoch", Pace.free_at - lasts - now))
    wait = db.scalar(booked)
    return None if wait is None else max(0.0, float(wait))


def slow_down(db: Session) -> None:
    """Halves the pace for a while, as a carrier asks that says "too many requests"."""
    until = func.now() + SLOW_FOR
    row = insert(Pace).values(id=_ROW, free_at=func.now(), slow_until=until)
    db.execute(row.on_conflict_do_update(index_elements=[Pace.id], set_={"slow_until": until}))


def _doubled_while_slow(length: timedelta) -> ColumnElement[timedelta]:
    return case((Pace.slow_until > func.now(), literal(2 * length)), else_=literal(length))
