"""Running totals are right before a roll-up, after it, and when a late report moves what was counted already."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway import catalogues, tallies
from gateway.carriers import Report, SendResult, Verdict
from gateway.operations import health
from gateway.outbox import delivery_reports, outbox
from gateway.outbox.outbox import Promise
from gateway.tickets import merging, moves, references
from gateway.tickets.moves import MOVES
from models import FINAL_STATUSES, Message, Outcome, State, Status, Tally, Ticket, UssdSession
from tests.gateway.desks import deed, hire, report
from tests.gateway.promises import settled, started
from tests.grounds import FOR_EVER, NOW, OTHER, PHONE

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


@pytest.fixture
def case(county: Engine, db: Session) -> Ticket:
    """A case that was rejected at NOW."""
    opened = report(db)
    moves.put(db, opened, Status.REJECTED, None, NOW)
    return opened


def tickets(db: Session) -> dict[str, int]:
    db.flush()
    return {status: count for status, count in health.tickets(db).items() if count}


def test_a_case_that_is_over_is_counted_once_before_and_after_a_roll_up(db: Session, case: Ticket) -> None:
    assert tickets(db) == {"rejected": 1}
    for hours in range(1, 4):
        roll_up(db, NOW + hours * HOUR)
        assert tickets(db) == {"rejected": 1}
    assert {row.label: row.total for row in db.scalars(select(Tally))} == {"rejected": 1}


@pytest.mark.parametrize("hours", [0, 1], ids=["before the roll-up", "after it"])
def test_a_case_that_is_opened_again_is_counted_where_it_stands(db: Session, case: Ticket, hours: int) -> None:
    roll_up(db, NOW + hours * HOUR)
    moves.put(db, case, Status.REOPENED, None, NOW + 2 * HOUR)
    assert tickets(db) == {"reopened": 1}
    moves.put(db, case, Status.REJECTED, None, NOW + 3 * HOUR)
    assert tickets(db) == {"rejected": 1}
    roll_up(db, NOW + 4 * HOUR)
    assert tickets(db) == {"rejected": 1}


def test_a_duplicate_that_was_joined_in_error_is_counted_where_it_stands_again(db: Session, county: Engine) -> None:
    catalogues.compile_complete()
    jane, ticket, into = hire(db), report(db), report(db, "Tap is dry", OTHER)
    merging.merge(db, deed(ticket, jane), references.printed(into.reference))
    roll_up(db, NOW + HOUR)
    assert tickets(db) == {"new": 1, "closed": 1}
    merging.unmerge(db, deed(ticket, jane, NOW + 2 * HOUR))
    assert tickets(db) == {"new": 2}


@pytest.mark.parametrize(("before", "to"), MOVES)
def test_a_case_has_the_moment_of_its_end_for_as_long_as_it_is_over(
    db: Session, case: Ticket, before: Status, to: Status
) -> None:
    case.status = before
    case.closed_at = NOW if before in FINAL_STATUSES else None
    moves.put(db, case, to, None, NOW + HOUR)
    assert (case.closed_at is not None) == (to in FINAL_STATUSES)


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
