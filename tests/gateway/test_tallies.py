"""Running totals are right before a roll-up, after it, and when a late report moves what was counted already."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import tallies
from gateway.carriers import Report, SendResult, Verdict
from gateway.operations import health
from gateway.outbox import delivery_reports, outbox
from gateway.outbox.outbox import Promise
from models import Message, Outcome, State, Tally, UssdSession
from tests.gateway.promises import settled, started
from tests.grounds import FOR_EVER, NOW, PHONE

HOUR = timedelta(hours=1)


@pytest.fixture
def failed(db: Session) -> Message:
    """A message that failed at NOW, and may yet turn out to be delivered."""
    outbox.promise(db, Promise("a", "confirmation", PHONE, "Your case"), NOW, lives=FOR_EVER)
    (claimed,) = outbox.claim(db, "worker")
    started(db, claimed)
    settled(db, claimed, SendResult(Verdict.ACCEPTED, "-", "ATXid_1"), NOW)
    delivery_reports.keep(db, Report("ATXid_1", "Failed", PHONE), NOW)
    return db.get_one(Message, claimed.message_id)


def messages(db: Session) -> dict[str, int]:
    db.flush()
    return {state: count for (_, state), count in health.messages(db).items() if count}


def roll_up(db: Session, now: datetime) -> None:
    tallies.roll_up(db, now)
    db.flush()


def test_a_finished_message_is_counted_once_before_and_after_a_roll_up(db: Session, failed: Message) -> None:
    assert messages(db) == {"failed": 1}
    for hours in range(1, 4):
        roll_up(db, NOW + hours * HOUR)
        assert messages(db) == {"failed": 1}
    assert {row.label: row.total for row in db.scalars(select(Tally))} == {"out/failed": 1}


def test_of_two_sweeps_that_overlap_the_later_one_stands_and_nothing_is_counted_twice(
    db: Session, failed: Message
) -> None:
    for minutes in (60, 1, 61):
        roll_up(db, NOW + timedelta(minutes=minutes))
    assert messages(db) == {"failed": 1}


def test_what_was_finished_a_moment_ago_is_not_rolled_up_yet(db: Session, failed: Message) -> None:
    roll_up(db, NOW + timedelta(minutes=1))
    assert db.scalars(select(Tally)).all() == []
    assert messages(db) == {"failed": 1}


def test_a_late_delivery_moves_from_one_total_to_the_other(db: Session, failed: Message) -> None:
    roll_up(db, NOW + HOUR)
    delivery_reports.keep(db, Report("ATXid_1", "Success", PHONE), NOW + 2 * HOUR)
    assert messages(db) == {"delivered": 1}
    roll_up(db, NOW + 3 * HOUR)
    assert messages(db) == {"delivered": 1}


def test_a_late_delivery_before_any_roll_up_is_counted_once(db: Session, failed: Message) -> None:
    delivery_reports.keep(db, Report("ATXid_1", "Success", PHONE), NOW + HOUR)
    roll_up(db, NOW + 2 * HOUR)
    assert messages(db) == {"delivered": 1}


def test_open_messages_are_counted_as_they_stand(db: Session) -> None:
    for key in ("a", "b"):
        outbox.promise(db, Promise(key, "confirmation", PHONE, "Your case"), NOW, lives=FOR_EVER)
    outbox.claim(db, "worker", 1)
    assert messages(db) == {"queued": 1, "claimed": 1}
    roll_up(db, NOW + HOUR)
    assert messages(db) == {"queued": 1, "claimed": 1}


def test_every_final_state_is_counted_and_no_open_one(db: Session, failed: Message) -> None:
    final = {State.DELIVERED, State.FAILED, State.REJECTED, State.NO_REPORT, State.EXPIRED, State.SKIPPED}
    final |= {State.CANCELLED, State.UNRESOLVED, State.HANDLED}
    for state in State:
        failed.state = state
        db.flush()
        assert sum(tallies.totals(db, tallies.MESSAGES).values()) == (state in final)


def test_sessions_are_counted_while_they_live_and_when_they_are_over(db: Session) -> None:
    for name, outcome, finished_at in (("a", Outcome.OPEN, None), ("b", Outcome.SUCCESS, NOW)):
        session = UssdSession(id=name, phone=PHONE, service_code="*1548#", outcome=outcome, hops=1)
        session.started_at = session.last_at = NOW
        session.finished_at = finished_at
        db.add(session)
    db.flush()
    assert health.sessions(db) == {"open": 1, "success": 1}
    roll_up(db, NOW + HOUR)
    assert health.sessions(db) == {"open": 1, "success": 1}
