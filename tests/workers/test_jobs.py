"""Jobs against the real database and the carrier's stand-in: what is promised is sent once, or shown as unknown."""

import socket
from collections.abc import Collection

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway import database, queue
from gateway.outbox import lanes
from models import Attempt, LaneName, Message, State
from tests.carriers.standins import Simulator
from tests.gateway.outbox.test_outbox_times import WAITED
from tests.gateway.promises import attempts, pass_time, promise, state
from tests.workers.conftest import start_anew
from workers import jobs, schedule, stop

pytestmark = pytest.mark.usefixtures("ground", "here")


def taken(simulator: Simulator) -> list[str]:
    """Gives the texts the carrier took, that is, what citizens receive."""
    return [sms["text"] for sms in simulator.ledger()["accepted"]]


def test_an_sms_is_sent_once_however_often_the_bell_rings(simulator: Simulator) -> None:
    message = promise(body="Water is back.")
    for _ in range(3):
        jobs.send_messages("replies")
    assert taken(simulator) == ["Water is back."]
    assert (state(message), attempts(message)) == (State.ACCEPTED, 1)


def test_one_job_sends_all_that_is_due(simulator: Simulator) -> None:
    for number in range(13):
        promise(f"reply:event:{number}", body=f"Answer {number}")
    jobs.send_messages("replies")
    assert taken(simulator) == [f"Answer {number}" for number in range(13)]


def test_a_refused_connection_is_tried_again(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    message = promise()
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AT_BASE_URL", f"http://127.0.0.1:{port}")
        jobs.send_messages("replies")
    assert (state(message), taken(simulator)) == (State.QUEUED, [])
    start_anew()
    pass_time(**WAITED)
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator))) == (State.ACCEPTED, 1)


@pytest.mark.parametrize(("mode", "is_taken"), [("accept_then_close", 1), ("close", 0), ("html", 1)])
def test_what_may_have_been_sent_is_unknown_and_not_sent_again(simulator: Simulator, mode: str, is_taken: int) -> None:
    message = promise()
    simulator.faults({"mode": mode, "times": 1})
    jobs.send_messages("replies")
    assert state(message) is State.UNKNOWN
    pass_time(**WAITED)
    jobs.sweep()
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator)), simulator.ledger()["requests"]) == (State.UNKNOWN, is_taken, 1)


def test_a_wrong_key_stops_the_lane_and_fails_nothing(simulator: Simulator) -> None:
    messages = [promise(f"reply:event:{number}") for number in range(3)]
    simulator.faults({"mode": "http", "status": 401})
    jobs.send_messages("replies")
    assert [state(message) for message in messages] == [State.QUEUED] * 3
    assert simulator.ledger()["requests"] == 1
    with database.transaction() as db:
        assert list(lanes.closed(db)) == ["replies"]
    jobs.send_messages("replies")
    assert simulator.ledger()["requests"] == 1


def test_an_sms_is_sent_once_the_wrong_key_is_mended(simulator: Simulator) -> None:
    message = promise()
    simulator.faults({"mode": "http", "status": 401, "times": 1})
    jobs.send_messages("replies")
    with database.transaction() as db:
        lanes.open_again(db, LaneName.REPLIES)
    pass_time(**WAITED)
    jobs.send_messages("replies")
    assert (state(message), len(taken(simulator))) == (State.ACCEPTED, 1)


def test_a_rejected_number_is_not_tried_again(simulator: Simulator) -> None:
    message = promise()
    simulator.faults({"mode": "recipient", "code": 403})
    jobs.send_messages("replies")
    pass_time(**WAITED)
    jobs.send_messages("replies")
    assert (state(message), attempts(message)) == (State.REJECTED, 1)


def test_a_stop_finishes_what_is_being_sent_and_gives_the_rest_back(
    simulator: Simulator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [promise(f"reply:event:{number}") for number in range(4)]
    real = jobs._carrier()

    class StopsMeanwhile:
        refused = real.refused

        def send(self, body: str, phones: list[str], refused: Collection[str]) -> object:
            stop.ask()
            return real.send(body, phones, refused)

    monkeypatch.setattr(jobs, "_carrier", StopsMeanwhile)
    monkeypatch.setattr(stop, "_asked", False)
    jobs.send_messages("replies")
    assert [state(message) for message in messages] == [State.ACCEPTED, *[State.QUEUED] * 3]
    assert len(taken(simulator)) == 1
    with Session(engine) as db:
        assert db.scalars(select(Message.attempt_no).where(Message.state == State.QUEUED)).all() == [0, 0, 0]


def test_a_stopped_worker_takes_nothing_new(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    promise()
    monkeypatch.setattr(stop, "_asked", True)
    jobs.send_messages("replies")
    assert taken(simulator) == []


def test_the_carriers_id_and_price_are_kept(simulator: Simulator, engine: Engine) -> None:
    promise()
    jobs.send_messages("replies")
    with Session(engine) as db:
        attempt = db.scalars(select(Attempt)).one()
        assert attempt.carrier_id == simulator.ledger()["accepted"][0]["id"]
        assert attempt.cost == "KES 0.8000"


def test_the_clock_works_by_itself_while_redis_is_away(simulator: Simulator) -> None:
    message = promise()
    pass_time(state_at=WAITED["not_before"])
    queue.connect("redis://127.0.0.1:1/0")
    with database.transaction() as db:
        db.get_one(Message, message).expires_at = db.get_one(Message, message).created_at
    schedule.ring(schedule.Periodic("sweep", 10))
    assert state(message) is State.EXPIRED
