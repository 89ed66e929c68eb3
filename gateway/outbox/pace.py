"""The pace: how many segments a second the carrier takes from all workers together.

One row says when the next segment may go. Bulk takes only a moment that is free already. A reply books ahead and waits
for other replies alone: what bulk has booked is pushed back by it, so that a campaign never delays a reply. In return
the carrier may meet, for a moment, a batch and replies side by side; over seconds the pace holds.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, literal, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import LaneName, Pace

SLOW_FOR = timedelta(minutes=5)
LONGEST_WAIT = timedelta(seconds=20)  # for one's turn: well within a lease
# A moment further ahead was booked before the database's clock was set back: nobody waits so long, nor does the longest
# SMS take so long at a segment a second.
FURTHEST = timedelta(minutes=1)
_ROW = 1


def book(db: Session, lane: LaneName, segments: int, rate: int) -> float | None:
    """Books the moment for one request and gives the seconds until then; None where one has to ask again later: bulk
    until the moment is free, replies until their turn is no further than anybody waits.

    `rate` is in segments per second. Time is the database's: workers on several hosts share one clock.
    """
    now, length = func.clock_timestamp(), timedelta(seconds=segments / rate)
    lasts = _doubled_while_slow(length)
    booked = {"free_at": _next(Pace.free_at, now) + lasts}
    if lane is LaneName.REPLIES:
        booked["replies_free_at"] = _next(Pace.replies_free_at, now) + lasts
        own, may_wait = Pace.replies_free_at, Pace.replies_free_at <= now + LONGEST_WAIT
    else:
        own, may_wait = Pace.free_at, false()
    row = insert(Pace).values(id=_ROW, **dict.fromkeys(booked, now + length))
    taken = row.on_conflict_do_update(index_elements=[Pace.id], set_=booked, where=or_(_is_free(own, now), may_wait))
    wait = db.scalar(taken.returning(func.extract("epoch", own - lasts - now)))
    return None if wait is None else max(0.0, float(wait))


def slow_down(db: Session) -> None:
    """Halves the pace for a while, as a carrier asks that says "too many requests"."""
    until = func.now() + SLOW_FOR
    row = insert(Pace).values(id=_ROW, free_at=func.now(), slow_until=until)
    db.execute(row.on_conflict_do_update(index_elements=[Pace.id], set_={"slow_until": until}))


def _doubled_while_slow(length: timedelta) -> ColumnElement[timedelta]:
    return case((Pace.slow_until > func.now(), literal(2 * length)), else_=literal(length))


def _next(free_at: InstrumentedAttribute[Any], now: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return case((_is_free(free_at, now), now), else_=free_at)


def _is_free(free_at: InstrumentedAttribute[Any], now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(free_at.is_(None), free_at <= now, free_at > now + FURTHEST)
