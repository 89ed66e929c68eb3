"""A sender that is killed, frozen, out of room or out of money sends nothing twice and loses nothing."""

import os
import signal
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gateway import database
from gateway.outbox import lanes, lineage
from gateway.sending import answers
from gateway.settings import Settings
from models import Attempt, LaneName, Message, SmsSpending, State
from tests.carriers.standins import Simulator, eventually
from tests.gateway.outbox.test_outbox_times import WAITED
from tests.gateway.promises import attempts, pass_time, promise, state
from tests.gateway.sendings import launch, standing
from tests.workers.conftest import start_anew
from tests.workers.test_jobs import taken
from tests.workers.test_processes import NO_REDIS, worker
from workers import jobs, sender, stop

pytestmark = [pytest.mark.usefixtures("ground", "here"), pytest.mark.timeout(90)]


def killed_at(point: str, environment: Mapping[str, str]) -> None:
    """Runs a worker that is killed at this point."""
    armed = {**environment, "REDIS_URL": NO_REDIS, "GATEWAY_ENV": "test", "FAULT": f"{point}:1"}
    with worker(armed) as process:
        assert process.wait(40) == -signal.SIGKILL


def let_leases_end() -> None:
    with database.transaction() as db:
        db.execute(update(Message).values(lease_until=func.now()))
    jobs.sweep()


@pytest.mark.parametrize("point", ["S1", "S2"])
def test_killed_before_it_began_to_send_it_is_sent_once_later(
    point: str, environment: dict[str, str], simulator: Simulator
) -> None:
    message = promise()
    killed_at(point, environment)
    assert taken(simulator) == []
    let_leases_end()
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator)), attempts(message)) == (State.ACCEPTED, 1, 1)


@pytest.mark.parametrize(("point", "received"), [("S3", 0), ("S4", 1), ("S5", 1)])
def test_killed_while_it_sends_it_is_unknown_and_never_sent_again_by_itself(
    point: str, received: int, environment: dict[str, str], simulator: Simulator
) -> None:
    message = promise()
    killed_at(point, environment)
    eventually(lambda: len(taken(simulator)) == received, seconds=10)
    let_leases_end()
    pass_time(**WAITED)
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator))) == (State.UNKNOWN, received)


def test_killed_when_all_was_written_down_it_is_done(environment: dict[str, str], simulator: Simulator) -> None:
    message = promise()
    killed_at("S6", environment)
    let_leases_end()
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator))) == (State.ACCEPTED, 1)


def test_a_worker_frozen_beyond_its_lease_sends_nothing_twice_and_its_answer_still_counts(
    environment: dict[str, str], simulator: Simulator
) -> None:
    message = promise()
    simulator.faults(latency_ms=1500)
    with worker(environment | {"REDIS_URL": NO_REDIS}) as process:
        eventually(lambda: state(message) is State.SENDING, seconds=40)
        os.kill(process.pid, signal.SIGSTOP)
        let_leases_end()
        assert state(message) is State.UNKNOWN
        jobs.send_messages("replies")
        os.kill(process.pid, signal.SIGCONT)
        eventually(lambda: state(message) is State.ACCEPTED, seconds=20)
    assert (len(taken(simulator)), attempts(message)) == (1, 1)


def test_with_the_disk_nearly_full_nothing_is_sent_until_there_is_room(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = promise()
    with monkeypatch.context() as full:
        full.setenv("DISK_MIN_FREE_MB", "1000000")
        jobs.send_messages("replies")
    assert (state(message), attempts(message), taken(simulator)) == (State.QUEUED, 0, [])
    start_anew()
    jobs.send_messages("replies")
    assert state(message) is State.ACCEPTED


def test_at_the_days_cap_the_rest_waits_unsent(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [promise(f"reply:event:{number}") for number in range(4)]
    monkeypatch.setenv("DAILY_SEGMENTS", "2")
    jobs.send_messages("replies")
    assert [state(message) for message in messages] == [State.ACCEPTED] * 2 + [State.QUEUED] * 2
    assert len(taken(simulator)) == 2
    with database.transaction() as db:
        assert lanes.closed(db)["replies"] == "the day's cap is reached"
        assert db.scalars(select(SmsSpending.segments)).one() == 2


def test_a_restored_database_sends_nothing(simulator: Simulator, settings: Settings) -> None:
    promise("reply:event:1")
    jobs.send_messages("replies")
    lineage.distrust(settings)
    message = promise("reply:event:2")
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator))) == (State.QUEUED, 1)


def test_a_database_that_takes_over_without_the_last_batch_does_not_send_it_again(
    simulator: Simulator, engine: Engine
) -> None:
    launch(["Water is back"] * 3)
    assert jobs.Sender(LaneName.BULK, jobs._carrier(), jobs._settings())._send_batch()
    with engine.begin() as taken_over:  # a copy that lags behind by this one batch
        taken_over.execute(delete(Attempt))
        taken_over.execute(update(Message).values(state=State.QUEUED, attempt_no=0))
    jobs.send_messages("bulk")
    assert len(taken(simulator)) == 3


def test_what_is_sent_is_remembered_before_the_carrier_is_asked(
    environment: dict[str, str], settings: Settings
) -> None:
    message = promise()
    killed_at("S3", environment)
    remembered = lineage.recall(settings)
    with database.transaction() as db:
        attempt = db.scalars(select(Attempt).where(Attempt.message_id == message)).one()
        assert remembered
        assert (remembered.newest, remembered.started_at) == (attempt.id, attempt.started_at)


class Restarting:
    """Taking answers while the database restarts: the connection breaks so often, once behind the commit."""

    def __init__(self, engine: Engine, times: int) -> None:
        self.engine, self.times, self.take = engine, times, answers.take

    def __call__(self, db: Session, *said: Any) -> None:
        self.times -= 1
        if self.times == 0:
            self.take(db, *said)
            db.execute(text("COMMIT"))
        if self.times >= 0:
            own = db.connection().connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            with self.engine.begin() as other:
                other.execute(select(func.pg_terminate_backend(own, 5000)))
        self.take(db, *said)


@pytest.mark.parametrize("times", [1, 3])
def test_an_answer_in_hand_is_kept_while_the_database_restarts(
    times: int, simulator: Simulator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = promise()
    monkeypatch.setattr(answers, "take", Restarting(engine, times))
    monkeypatch.setattr(sender, "TAKE_AGAIN", 0)
    jobs.send_messages("replies")
    assert (state(message), attempts(message), len(taken(simulator))) == (State.ACCEPTED, 1, 1)
    with database.transaction() as db:
        assert db.execute(select(SmsSpending.segments, SmsSpending.cents)).one() == (1, 80)


def test_a_worker_that_is_asked_to_stop_waits_for_no_database(
    simulator: Simulator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = promise()
    breaks = Restarting(engine, 3)

    def take(db: Session, *said: Any) -> None:
        monkeypatch.setattr(stop, "_asked", True)
        breaks(db, *said)

    monkeypatch.setattr(answers, "take", take)
    with pytest.raises(OperationalError):
        jobs.send_messages("replies")
    assert state(message) is State.SENDING


def test_what_is_no_fault_of_the_database_is_not_tried_again(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise()
    monkeypatch.setattr(answers, "take", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        jobs.send_messages("replies")


def test_bulk_goes_out_at_the_carriers_pace(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    launch([f"Text {number}" for number in range(7)])
    monkeypatch.setenv("SEND_RATE", "50")
    jobs.send_messages("bulk")
    assert sorted(taken(simulator)) == [f"Text {number}" for number in range(7)]


def test_a_reply_is_not_held_up_by_bulk_that_waits(simulator: Simulator, engine: Engine) -> None:
    waiting = launch(["Water is back"])
    reply = promise("reply:event:1", kind="reply")
    jobs.send_messages("replies")
    assert (state(reply), standing(engine, waiting)) == (State.ACCEPTED, {"queued": 1})
