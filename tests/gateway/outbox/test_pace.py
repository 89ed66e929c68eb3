"""The carrier's limit holds over all workers together, and a reply never waits for bulk."""

from datetime import timedelta

import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from gateway.outbox import pace
from models import LaneName, Pace

REPLIES, BULK = LaneName.REPLIES, LaneName.BULK
RATE = 10


def test_replies_book_one_after_the_other_each_as_long_as_its_segments_take(db: Session) -> None:
    waits = [pace.book(db, REPLIES, segments, RATE) or 0.0 for segments in (1, 3, 1)]
    assert waits[0] == 0
    assert 0.0 < waits[1] <= 0.1
    assert waits[1] + 0.2 < waits[2] <= 0.4


def test_long_replies_wait_each_for_all_before_it_or_are_told_to_ask_again(db: Session) -> None:
    waits = [pace.book(db, REPLIES, 3, 1) for _ in range(40)]
    booked = [wait for wait in waits if wait is not None]
    assert booked == sorted(booked)
    assert len(booked) > 6
    assert booked[-1] <= pace.LONGEST_WAIT.total_seconds()
    assert waits[-1] is None


def test_a_day_of_silence_saves_up_no_burst(db: Session) -> None:
    pace.book(db, REPLIES, 1, RATE)
    yesterday = func.now() - timedelta(days=1)
    db.execute(update(Pace).values(free_at=yesterday, replies_free_at=yesterday))
    assert pace.book(db, REPLIES, 5, RATE) == 0
    assert pace.book(db, REPLIES, 1, RATE) == pytest.approx(0.5, abs=0.2)


def test_bulk_takes_only_a_moment_that_is_free(db: Session) -> None:
    assert pace.book(db, BULK, 1, 1) == 0
    assert pace.book(db, BULK, 1, 1) is None
    assert pace.book(db, REPLIES, 1, 1) is not None


def test_a_reply_waits_for_replies_alone_and_bulk_for_both(db: Session) -> None:
    assert pace.book(db, BULK, RATE, RATE) == 0  # for a second
    assert pace.book(db, REPLIES, 5, RATE) == 0
    assert pace.book(db, REPLIES, 1, RATE) == pytest.approx(0.5, abs=0.2)
    db.execute(update(Pace).values(free_at=Pace.free_at - timedelta(seconds=1)))
    assert pace.book(db, BULK, 1, RATE) is None


def test_too_many_requests_halve_the_pace(db: Session) -> None:
    pace.slow_down(db)
    pace.book(db, REPLIES, 5, RATE)
    assert pace.book(db, REPLIES, 1, RATE) == pytest.approx(1.0, abs=0.2)


def test_a_clock_that_is_set_back_holds_up_nobody(db: Session) -> None:
    pace.book(db, REPLIES, 1, RATE)
    db.execute(update(Pace).values(free_at=func.now() + timedelta(hours=1)))
    assert pace.book(db, BULK, 1, RATE) == 0
