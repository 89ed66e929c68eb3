"""What time does to the outbox: tries again later, gives up, expires; and what stops a whole lane."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.outbox import lanes
from gateway.sending import sweeping
from models import Lane, LaneName, Message, State
from tests.gateway.promises import ACCEPTED, REFUSED, claim, now, pass_time, promise, state, sweep, try_once

WAITED = {"not_before": timedelta(minutes=6)}
LOW = SendResult(Verdict.NOT_SENT, "InsufficientBalance", lane=LaneOrder.PAUSE)
BAD_KEY = SendResult(Verdict.NOT_SENT, "401", lane=LaneOrder.STOP)

pytestmark = pytest.mark.usefixtures("ground")


def wait_until(engine: Engine) -> tuple[datetime, datetime]:
    """Gives since when the only message stands where it is, and when it may be tried."""
    with Session(engine) as db:
        message = db.scalars(select(Message)).one()
        assert message.not_before is not None
        return message.state_at, message.not_before


def obey(result: SendResult, lane: LaneName = LaneName.REPLIES) -> None:
    with database.transaction() as db:
        lanes.obey(db, lane, result, now())


def test_each_refusal_is_waited_for_twice_as_long_up_to_five_minutes(engine: Engine) -> None:
    promise()
    waits = []
    for _ in range(12):
        assert try_once(REFUSED) is State.QUEUED
        since, until = wait_until(engine)
        waits.append((until - since).total_seconds())
        assert claim() == []
        pass_time(**WAITED)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_the_carriers_own_wait_is_kept(engine: Engine) -> None:
    promise()
    try_once(SendResult(Verdict.NOT_SENT, "429", retry_after=17.5))
    since, until = wait_until(engine)
    assert (until - since).total_seconds() == 17.5


def test_a_fault_that_may_be_tried_three_times_fails_at_the_third() -> None:
    promise()
    fault = SendResult(Verdict.NOT_SENT, "InternalServerError", attempts_limit=3)
    seen = []
    for result in (fault, REFUSED, REFUSED, fault, fault):
        seen.append(try_once(result))
        pass_time(**WAITED)
    assert seen == [*[State.QUEUED] * 4, State.FAILED]
    assert claim() == []


def test_what_is_too_old_is_not_sent_but_expires() -> None:
    message = promise(lives=timedelta(hours=24))
    pass_time(expires_at=timedelta(hours=25))
    assert claim() == []
    assert sweep()["expired"] == 1
    assert state(message) is State.EXPIRED


def test_an_unknown_is_unresolved_after_a_day() -> None:
    message = promise()
    try_once(SendResult(Verdict.UNKNOWN, "read: timeout"))
    pass_time(state_at=timedelta(hours=23))
    sweep()
    assert state(message) is State.UNKNOWN
    pass_time(state_at=timedelta(hours=2))
    sweep()
    assert state(message) is State.UNRESOLVED


def test_an_accepted_one_without_a_report_says_so_after_three_days() -> None:
    message = promise()
    try_once(ACCEPTED)
    pass_time(state_at=timedelta(hours=71))
    sweep()
    assert state(message) is State.ACCEPTED
    pass_time(state_at=timedelta(hours=2))
    sweep()
    assert state(message) is State.NO_REPORT


def test_a_stopped_lane_stays_stopped_until_it_is_opened_and_fails_nothing() -> None:
    message = promise()
    obey(BAD_KEY)
    assert claim() == []
    with database.transaction() as db:
        assert lanes.closed(db) == {"replies": "401"}
        lanes.open_again(db, LaneName.REPLIES)
    assert state(message) is State.QUEUED
    assert len(claim()) == 1


def test_a_paused_lane_heals_by_itself(engine: Engine) -> None:
    promise()
    obey(LOW)
    assert claim() == []
    with engine.begin() as connection:
        connection.execute(update(Lane).values(until=now() - timedelta(seconds=1)))
    with database.transaction() as db:
        assert lanes.closed(db) == {}
    assert len(claim()) == 1


def test_one_lane_stopped_leaves_the_other_open() -> None:
    promise()
    obey(BAD_KEY, LaneName.BULK)
    assert len(claim()) == 1


def test_a_good_answer_does_not_open_a_stopped_lane() -> None:
    promise()
    obey(BAD_KEY)
    obey(ACCEPTED)
    assert claim() == []


def test_the_age_of_the_oldest_waiting_message_is_told() -> None:
    with database.transaction() as db:
        assert sweeping.oldest_seconds(db) == 0
    promise()
    pass_time(created_at=timedelta(hours=1))
    with database.transaction() as db:
        assert 3600 <= sweeping.oldest_seconds(db) < 3700
