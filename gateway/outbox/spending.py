"""What a day's sending costs, and the cap that stops it. Closed when in doubt: reserved first, corrected afterwards.

A segment is taken to cost a shilling until the carrier names its price. The day is the county's.
"""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import rowsets
from gateway.carriers import SendResult, Verdict
from gateway.outbox import lanes
from gateway.settings import Limits
from models import Attempt, County, LaneName, Message, SmsSpending

CENTS = 100  # of a shilling, for each segment whose price is not known
CURRENCY = "KES "
BULK_SHARE = Decimal("0.9")  # of the day's cap
_FREE = (Verdict.NOT_SENT, Verdict.REJECTED, Verdict.HELD)


def reserve_most(db: Session, parts: Sequence[int], limits: Limits, now: datetime, lane: LaneName) -> int:
    """Reserves the segments of as many messages as the day's cap has room for, the first first; gives how many.

    Where it has room for none the lanes pause until the county's midnight. Bulk leaves a tenth of the day to replies,
    and pauses alone: a campaign must not silence the county's answers.
    """
    zone = _zone(db)
    today = now.astimezone(zone).date()
    db.execute(insert(SmsSpending).values(day=today, segments=0, cents=0).on_conflict_do_nothing())
    row = db.execute(
        select(SmsSpending.segments, SmsSpending.cents).where(SmsSpending.day == today).with_for_update()
    ).one()
    share = BULK_SHARE if lane is LaneName.BULK else 1
    segments_left = int(limits.daily_segments * share) - row.segments
    cents_left = int(limits.daily_shillings * 100 * share) - row.cents
    room = min(segments_left, cents_left // CENTS)
    fitting = [total for total in accumulate(parts) if total <= room]
    if fitting:
        _add(db, today, fitting[-1], fitting[-1] * CENTS)
    else:
        tomorrow = datetime.combine(today + timedelta(days=1), time.min, zone).astimezone(UTC)
        for each in (lane,) if lane is LaneName.BULK else LaneName:
            lanes.pause(db, each, "the day's cap is reached", tomorrow)
    return len(fitting)


def give_back(db: Session, segments: int, now: datetime) -> None:
    """Undoes a reservation whose send did not start after all."""
    if segments:
        _add(db, now.astimezone(_zone(db)).date(), -segments, -segments * CENTS)


def correct(db: Session, answers: Sequence[tuple[int, int, SendResult]]) -> None:
    """Puts what attempts really cost in place of what was reserved for them. Before the answers are written down.

    Takes message, number of the attempt and result. What was not sent is free; what may have been sent counts; a price
    that can't be read counts as reserved.
    """
    given = rowsets.rows({"id": Integer(), "n": Integer()}, [(message_id, n) for message_id, n, _ in answers])
    reserved = (
        select(Attempt.message_id, Attempt.started_at, Message.segments)
        .join(Message)
        .join(given, (Attempt.message_id == given.c.id) & (Attempt.n == given.c.n))
        .where(Attempt.outcome.is_(None))
    )
    results = {message_id: result for message_id, _, result in answers}
    zone = _zone(db)
    changes: dict[date, list[int]] = {}
    for message_id, started_at, segments in db.execute(reserved):
        change = changes.setdefault(started_at.astimezone(zone).date(), [0, 0])
        for at, by in enumerate(_correction(results[message_id], segments)):
            change[at] += by
    for day, (segments, cents_) in changes.items():
        _add(db, day, segments, cents_)


def _correction(result: SendResult, segments: int) -> tuple[int, int]:
    if result.verdict in _FREE:
        return -segments, -segments * CENTS
    price = cents(result.cost)
    return (0, 0) if price is None else (0, price - segments * CENTS)


def cents(cost: str | None) -> int | None:
    """Reads a price as the carrier writes it, "KES 0.8000", in cents rounded up; None where it can't be read."""
    if cost is None or not cost.startswith(CURRENCY):
        return None
    try:
        price = Decimal(cost.removeprefix(CURRENCY))
    except InvalidOperation:
        return None
    return math.ceil(price * 100) if price.is_finite() and 0 <= price < 100_000 else None


def today(db: Session, now: datetime) -> tuple[int, int]:
    """Gives the segments and the cents that today's sending has used or reserved."""
    row = db.get(SmsSpending, now.astimezone(_zone(db)).date())
    return (row.segments, row.cents) if row else (0, 0)


def _add(db: Session, day: date, segments: int, cents: int) -> None:
    db.execute(
        update(SmsSpending)
        .where(SmsSpending.day == day)
        .values(
            segments=func.greatest(SmsSpending.segments + segments, 0),
            cents=func.greatest(SmsSpending.cents + cents, 0),
        )
    )


def _zone(db: Session) -> ZoneInfo:
    return ZoneInfo(db.scalar(select(County.timezone)) or "UTC")  # before the pack is loaded nothing is sent
