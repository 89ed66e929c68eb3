"""A day's sending is capped: reserved before the send, corrected after it, closed when in doubt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway.carriers import SendResult, Verdict
from gateway.outbox import lanes, outbox, spending
from gateway.outbox.outbox import Claim, Promise
from gateway.settings import Limits
from models import Attempt, Lane, SmsSpending
from tests.gateway.promises import reserved, settled, started
from tests.grounds import FOR_EVER, NOW, PHONE

LIMITS = Limits(send_rate=20, bulk_batch=100, daily_segments=10, daily_shillings=10, spool_min_free=0, disk_min_free=0)
ACCEPTED = SendResult(Verdict.ACCEPTED, "Sent", "ATXid_1", "KES 0.8000")

pytestmark = pytest.mark.usefixtures("county")


def begun(db: Session, body: str = "Your case") -> Claim:
    outbox.promise(db, Promise("reply:event:1", "reply", PHONE, body), NOW, lives=FOR_EVER)
    (claimed,) = outbox.claim(db, "worker")
    assert reserved(db, claimed.segments, LIMITS, NOW)
    assert started(db, claimed)
    db.execute(update(Attempt).values(started_at=NOW))
    return claimed


def test_a_message_counts_by_its_segments_from_before_it_is_sent(db: Session) -> None:
    claimed = begun(db, "a" * 161)
    assert claimed.segments == 2
    assert spending.today(db, NOW) == (2, 200)


@pytest.mark.parametrize(
    ("result", "used"),
    [
        (ACCEPTED, (2, 80)),
        (replace(ACCEPTED, cost="KES 2.4050"), (2, 241)),
        (replace(ACCEPTED, cost=None), (2, 200)),
        (replace(ACCEPTED, cost="for free"), (2, 200)),
        (replace(ACCEPTED, cost="USD 0.01"), (2, 200)),
        (replace(ACCEPTED, cost="KES -5"), (2, 200)),
        (replace(ACCEPTED, cost="KES NaN"), (2, 200)),
        (SendResult(Verdict.UNKNOWN, "read: timeout"), (2, 200)),
        (SendResult(Verdict.NOT_SENT, "connect: refused"), (0, 0)),
        (SendResult(Verdict.REJECTED, "InvalidPhoneNumber"), (0, 0)),
        (SendResult(Verdict.HELD, "RiskHold"), (0, 0)),
    ],
)
def test_what_a_message_costs_is_what_the_carrier_says_and_a_shilling_a_segment_in_doubt(
    db: Session, result: SendResult, used: tuple[int, int]
) -> None:
    claimed = begun(db, "a" * 161)
    settled(db, claimed, result, NOW)
    db.expire_all()
    assert spending.today(db, NOW) == used


def test_an_answer_that_comes_twice_is_counted_once(db: Session) -> None:
    claimed = begun(db)
    for _ in range(2):
        settled(db, claimed, ACCEPTED, NOW)
    db.expire_all()
    assert spending.today(db, NOW) == (1, 80)


def test_a_correction_belongs_to_the_day_of_the_send(db: Session) -> None:
    claimed = begun(db)
    settled(db, claimed, ACCEPTED, NOW + timedelta(days=1))
    db.expire_all()
    assert spending.today(db, NOW) == (1, 80)


@pytest.mark.parametrize("limits", [replace(LIMITS, daily_segments=3), replace(LIMITS, daily_shillings=3)])
def test_at_the_cap_both_lanes_pause_until_the_countys_midnight(db: Session, limits: Limits) -> None:
    noon = datetime(2099, 11, 23, 9, 0, tzinfo=UTC)  # far ahead: whether a lane is closed is asked of the real clock
    assert [reserved(db, 1, limits, noon) for _ in range(4)] == [True, True, True, False]
    assert spending.today(db, noon) == (3, 300)
    assert lanes.closed(db) == dict.fromkeys(("replies", "bulk"), "the day's cap is reached")
    until = set(db.scalars(select(Lane.until)))
    assert until == {datetime(2099, 11, 23, 21, 0, tzinfo=UTC)}  # midnight in Nairobi


def test_a_message_that_would_cross_the_cap_is_not_begun(db: Session) -> None:
    assert reserved(db, 9, LIMITS, NOW)
    assert not reserved(db, 2, LIMITS, NOW)


def test_a_cap_of_nothing_sends_nothing(db: Session) -> None:
    assert not reserved(db, 1, replace(LIMITS, daily_segments=0), NOW)


def test_the_next_day_begins_at_the_countys_midnight(db: Session) -> None:
    evening, midnight = NOW.replace(hour=20, minute=59), NOW.replace(hour=21)
    assert reserved(db, 10, LIMITS, evening)
    assert not reserved(db, 1, LIMITS, evening)
    assert reserved(db, 1, LIMITS, midnight)
    assert db.scalar(select(func.count()).select_from(SmsSpending)) == 2


def test_what_did_not_start_is_given_back(db: Session) -> None:
    reserved(db, 4, LIMITS, NOW)
    spending.give_back(db, 4, NOW)
    db.expire_all()
    assert spending.today(db, NOW) == (0, 0)
