"""Senders whose clocks are wrong: nothing goes twice, too early or over the day's cap, since time is the database's."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import Engine, func, select

from gateway import database
from gateway.carriers import SendResult
from gateway.outbox import lanes
from gateway.sending import sweeping
from models import Attempt, Lane, LaneName, Message, SmsSpending, State
from tests.carriers.standins import Simulator
from tests.gateway.promises import attempts, claim, promise, state
from tests.workers.test_jobs import taken
from workers import jobs

pytestmark = pytest.mark.usefixtures("ground", "here")

NAIROBI = ZoneInfo("Africa/Nairobi")
REST = timedelta(seconds=30)
# What a worker's clock shows, in relation to the right time.
SKEWS = {
    "ten minutes late": timedelta(minutes=-10),
    "ten minutes early": timedelta(minutes=10),
    "an hour back": timedelta(hours=-1),
    "a day early": timedelta(days=1),
    "a year late": timedelta(days=-365),
}
# Moments at which a day, a month and a year begin in Nairobi.
TURNS = {
    "midnight": datetime(2026, 11, 24, 0, 0, tzinfo=NAIROBI),
    "31 December": datetime(2027, 1, 1, 0, 0, tzinfo=NAIROBI),
    "29 February": datetime(2028, 2, 29, 0, 0, tzinfo=NAIROBI),
}


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Makes this process read another time, which goes on from there, while the block runs."""
    with time_machine.travel(moment, tick=True):
        yield


def askew(name: str) -> datetime:
    return datetime.now(UTC) + SKEWS[name]


def seconds_until(column: str) -> float:
    """Gives how far ahead of the database's clock the one lane's pause, or the one message's wait, ends."""
    ends = {"lane": Lane.until, "message": Message.not_before}[column]
    with database.transaction() as db:
        return float(db.scalars(select(func.extract("epoch", ends - func.now()))).one())


@pytest.mark.parametrize("name", SKEWS)
def test_a_rest_the_carrier_asks_for_is_as_long_as_it_says_whatever_the_workers_clock(
    simulator: Simulator, name: str
) -> None:
    message = promise()
    simulator.faults({"mode": "http", "status": 429, "retry_after": str(REST.seconds), "times": 1})
    with clock_at(askew(name)):
        jobs.send_messages("replies")
    assert REST.seconds - 5 < seconds_until("lane") <= REST.seconds
    assert REST.seconds - 5 < seconds_until("message") <= REST.seconds
    jobs.send_messages("replies")  # a worker whose clock is right
    assert (state(message), attempts(message), taken(simulator)) == (State.QUEUED, 1, [])


@pytest.mark.parametrize("name", SKEWS)
def test_two_workers_with_different_clocks_never_hold_the_same_message(simulator: Simulator, name: str) -> None:
    messages = [promise(f"reply:event:{number}") for number in range(12)]
    held = claim("a worker whose clock is right")
    with clock_at(askew(name)):
        with database.transaction() as db:
            sweeping.sweep(db)  # a lease that seems over to this worker is not
        jobs.send_messages("replies")
    assert [state(claimed.message_id) for claimed in held] == [State.CLAIMED] * 5
    assert len(taken(simulator)) == len(messages) - len(held)
    assert {attempts(claimed.message_id) for claimed in held} == {0}


class SteppingCarrier:
    """The carrier, while whose answer is awaited the clock is set back by an hour."""

    def __init__(self, clock: "time_machine.Traveller") -> None:
        self.carrier, self.clock = jobs._carrier(), clock

    def refused(self, phones: list[str]) -> Collection[str]:
        return self.carrier.refused(phones)

    def send(self, body: str, phones: list[str], refused: Collection[str]) -> "dict[str, SendResult]":
        answer = self.carrier.send(body, phones, refused)
        self.clock.shift(-timedelta(hours=1))
        return dict(answer)


def test_a_clock_set_back_in_the_middle_of_a_send_repeats_nothing_and_shortens_no_rest(simulator: Simulator) -> None:
    simulator.faults({"mode": "http", "status": 429, "retry_after": str(REST.seconds), "times": 1})
    message = promise()
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        sender = jobs.Sender(LaneName.REPLIES, SteppingCarrier(clock), jobs._settings())  # type: ignore[arg-type]
        sender.send_due()
        assert state(message) is State.QUEUED
        assert seconds_until("message") > 0
        sender.send_due()  # at once: its time has not come
    assert (attempts(message), taken(simulator)) == (1, [])


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("step", [timedelta(seconds=-2), timedelta(seconds=2)], ids=["just before", "just after"])
def test_at_the_turn_of_a_day_or_a_year_everything_goes_out_once(
    simulator: Simulator, turn: str, step: timedelta
) -> None:
    messages = [promise(f"reply:event:{number}", body=f"Answer {number}") for number in range(4)]
    with clock_at(TURNS[turn] + step):
        jobs.send_messages("replies")
        jobs.sweep()
        jobs.send_messages("replies")
    assert {state(message) for message in messages} == {State.ACCEPTED}
    assert sorted(taken(simulator)) == [f"Answer {number}" for number in range(4)]


@pytest.mark.parametrize("turn", TURNS)
def test_a_worker_to_whom_it_is_another_day_sends_nothing_over_the_days_cap(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, turn: str
) -> None:
    monkeypatch.setenv("DAILY_SEGMENTS", "1")
    first, second = promise("reply:event:1"), promise("reply:event:2")
    jobs.send_messages("replies")
    with database.transaction() as db:
        lanes.open_again(db, LaneName.REPLIES)  # as an operator may who has not read why it was shut
    with clock_at(TURNS[turn]):
        jobs.send_messages("replies")
    assert (state(first), state(second), len(taken(simulator))) == (State.ACCEPTED, State.QUEUED, 1)
    with database.transaction() as db:
        assert len(db.scalars(select(SmsSpending)).all()) == 1


def test_an_attempt_is_dated_by_the_database(engine: Engine, simulator: Simulator) -> None:
    message = promise()
    with clock_at(askew("a year late")):
        jobs.send_messages("replies")
    with database.transaction() as db:
        started, settled = db.execute(
            select(Attempt.started_at, Message.state_at).join(Message).where(Message.id == message)
        ).one()
    assert abs(datetime.now(UTC) - started) < timedelta(minutes=1)
    assert abs(datetime.now(UTC) - settled) < timedelta(minutes=1)
