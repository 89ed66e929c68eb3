"""The outbox: one event is one SMS, one SMS has one sender, and what may have been sent is never sent again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from gateway import database
from gateway.carriers import SendResult, Verdict
from gateway.outbox import outbox
from models import Attempt, Message, State
from tests.gateway.promises import (
    ACCEPTED,
    REFUSED,
    attempts,
    claim,
    now,
    pass_time,
    promise,
    settle,
    start,
    state,
    sweep,
    try_once,
)

MINUTES_LATER = {"lease_until": timedelta(minutes=2)}

pytestmark = pytest.mark.usefixtures("ground")


def test_the_same_event_again_promises_nothing(engine: Engine) -> None:
    assert promise("reply:event:7") == promise("reply:event:7", body="Other words")
    with Session(engine) as db:
        assert db.scalars(select(Message.body)).all() == ["Your case"]


def test_a_promise_in_a_transaction_that_fails_was_never_made(engine: Engine) -> None:
    wanted = outbox.Promise("ack:ticket:9", "confirmation", "+254700000001", "Your case")

    def fail() -> None:
        with database.transaction() as db:
            outbox.promise(db, wanted, now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with Session(engine) as db:
        assert db.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("phone", ["+12025550100", "+254200000001", "+0700000001", "1548"])
def test_a_number_that_is_no_kenyan_mobile_is_skipped(phone: str) -> None:
    assert state(promise(phone=phone)) is State.SKIPPED
    assert claim() == []


def test_what_is_promised_first_goes_first_unless_another_is_more_urgent(engine: Engine) -> None:
    first, second, urgent = promise("a"), promise("b"), promise("c")
    with engine.begin() as connection:
        connection.execute(update(Message).where(Message.id == urgent).values(priority=1))
    assert [claimed.message_id for claimed in claim()] == [urgent, first, second]


def test_each_message_is_claimed_by_one_of_many_workers() -> None:
    wanted = {promise(f"camp:1:{number}") for number in range(60)}

    def work(owner: int) -> list[int]:
        taken: list[int] = []
        while claims := claim(f"worker-{owner}"):
            taken += [claimed.message_id for claimed in claims]
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [message for part in pool.map(work, range(6)) for message in part]
    assert sorted(taken) == sorted(wanted)


@pytest.mark.parametrize("avoided", ["hashjoin", "hashagg", "mergejoin", "seqscan", "indexscan", "nestloop"])
def test_nobody_takes_more_than_asked_for_however_postgresql_goes_about_it(avoided: str) -> None:
    for number in range(4):
        promise(f"camp:1:{number}")
    with database.transaction() as db:
        db.execute(text(f"SET LOCAL enable_{avoided} = off"))
        assert len(outbox.claim(db, "worker-1", 1)) == 1
        assert len(outbox.claim(db, "worker-1", 2)) == 2


def test_an_accepted_message_is_done_and_its_attempt_tells_the_tale(engine: Engine) -> None:
    message = promise()
    assert try_once(ACCEPTED) is State.ACCEPTED
    assert claim() == []
    with Session(engine) as db:
        attempt = db.scalars(select(Attempt)).one()
        assert (attempt.message_id, attempt.n, attempt.outcome) == (message, 1, "accepted")
        assert (attempt.carrier_id, attempt.cost, attempt.http_status) == ("ATXid_1", "KES 0.8000", 201)


@pytest.mark.parametrize(
    ("verdict", "to"),
    [
        (Verdict.ACCEPTED, State.ACCEPTED),
        (Verdict.REJECTED, State.REJECTED),
        (Verdict.HELD, State.HELD),
        (Verdict.UNKNOWN, State.UNKNOWN),
        (Verdict.NOT_SENT, State.QUEUED),
    ],
)
def test_each_verdict_has_its_state(verdict: Verdict, to: State) -> None:
    message = promise()
    assert try_once(SendResult(verdict, "why")) is to
    assert state(message) is to
    assert claim() == []


def test_the_verdicts_above_are_all_there_are() -> None:
    assert len(Verdict) == 5


def test_a_crash_before_the_send_was_begun_goes_back_to_the_queue() -> None:
    message = promise()
    assert len(claim()) == 1
    assert sweep()["queued"] == 0
    pass_time(**MINUTES_LATER)
    assert sweep()["queued"] == 1
    assert state(message) is State.QUEUED
    assert try_once(ACCEPTED) is State.ACCEPTED


def test_a_crash_after_the_send_was_begun_is_unknown_and_never_sent_again() -> None:
    message = promise()
    (claimed,) = claim()
    assert start(claimed)
    pass_time(**MINUTES_LATER)
    assert sweep()["unknown"] == 1
    assert state(message) is State.UNKNOWN
    pass_time(not_before=timedelta(days=1), **MINUTES_LATER)
    assert sum(sweep().values()) == 0
    assert (claim(), attempts(message)) == ([], 1)


def test_a_worker_that_comes_back_late_may_not_send() -> None:
    message = promise()
    (late,) = claim("late")
    pass_time(**MINUTES_LATER)
    sweep()
    (other,) = claim("other")
    assert not start(late)
    assert start(other)
    assert not start(other)
    assert settle(late, ACCEPTED) is None
    assert state(message) is State.SENDING
    assert (settle(other, ACCEPTED), attempts(message)) == (State.ACCEPTED, 1)


def test_a_claim_given_back_and_taken_by_another_worker_is_the_others() -> None:
    message = promise()
    (first,) = claim("first")
    with database.transaction() as db:
        outbox.release(db, [first])
    (second,) = claim("second")
    assert second.attempt_no == first.attempt_no
    assert not start(first)
    assert start(second)
    assert settle(first, ACCEPTED) is None
    assert state(message) is State.SENDING


def test_a_late_answer_to_an_attempt_given_up_is_evidence() -> None:
    promise()
    (claimed,) = claim()
    start(claimed)
    pass_time(**MINUTES_LATER)
    sweep()
    assert settle(claimed, ACCEPTED) is State.ACCEPTED


def test_an_answer_counts_once() -> None:
    message = promise()
    (claimed,) = claim()
    start(claimed)
    assert settle(claimed, SendResult(Verdict.REJECTED, "UserInBlacklist")) is State.REJECTED
    assert settle(claimed, REFUSED) is None
    assert state(message) is State.REJECTED


def test_what_was_claimed_and_not_begun_is_given_back_at_a_stop() -> None:
    for key in ("a", "b"):
        promise(key)
    begun, unbegun = claim()
    start(begun)
    with database.transaction() as db:
        outbox.release(db, [begun, unbegun])
    assert state(begun.message_id) is State.SENDING
    (again,) = claim("other")
    assert (again.message_id, again.attempt_no) == (unbegun.message_id, 1)


def test_answers_without_an_id_are_not_taken_for_one_another() -> None:
    with capture_logs() as told:
        for key in ("one", "two"):
            promise(key)
            try_once(SendResult(Verdict.UNKNOWN, "read: timeout"))
    assert told == []
