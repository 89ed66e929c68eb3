"""What a day's sending costs, and the cap that stops it. Closed when in doubt: reserved first, corrected afterwards.

A segment is taken to cost a shilling until the carrier names its price. The day is the county's.
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import lanes
from gateway.carriers import SendResult, Verdict
from gateway.settings import Limits
from models import Attempt, County, LaneName, Message, SmsSpending

CENTS = 100  # of a shilling, for each segment whose price is not known
CURRENCY = "KES "
_FREE = (Verdict.NOT_SENT, Verdict.REJECTED, Verdict.HELD)


def reserve(db: Session, segments: int, limits: Limits, now: datetime) -> bool:
    """Reserves a message's segments in the transaction that starts its send.

    Gives False where the day's cap forbids it: then both lanes pause until the county's midnight.
    """
    zone = _zone(db)
    today = now.astimezone(zone).date()
    db.execute(insert(SmsSpending).values(day=today, segments=0, cents=0).on_conflict_do_nothing())
    reserved = (
        update(SmsSpending)
        .where(SmsSpending.day == today, SmsSpending.segments + segments <= limits.daily_segments)
        .where(SmsSpending.cents + segments * CENTS <= limits.daily_shillings * 100)
        .values(segments=SmsSpending.segments + segments, cents=SmsSpending.cents + segments * CENTS)
        .returning(SmsSpending.day)
    )
    if db.scalar(reserved) is not None:
        return True
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, zone).astimezone(UTC)
    for lane in LaneName:
        lanes.pause(db, lane, "the day's cap is reached", tomorrow)
    return False


def give_back(db: Session, segments: int, now: datetime) -> None:
    """Undoes a reservation whose send did not start after all."""
    _add(db, now.astimezone(_zone(db)).date(), -segments, -segments * CENTS)


def correct(db: Session, message_id: int, attempt_no: int, result: SendResult) -> None:
    """Puts what an attempt really cost in place of what was reserved for it. Before the answer is written down.

    What was not sent is free; what may have been sent counts; a price that can't be read counts as reserved.
    """
    attempt = (Attempt.message_id == message_id, Attempt.n == attempt_no, Attempt.outcome.is_(None))
    row = db.execute(select(Attempt.started_at, Message.segments).join(Message).where(*attempt)).one_or_none()
    if row is None:
        return
    started_at, segments = row
    price = cents(result.cost)
    if result.verdict in _FREE:
        _add(db, started_at.astimezone(_zone(db)).date(), -segments, -segments * CENTS)
    elif price is not None:
        _add(db, started_at.astimezone(_zone(db)).date(), 0, price - segments * CENTS)


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
