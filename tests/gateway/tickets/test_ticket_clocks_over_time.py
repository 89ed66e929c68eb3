"""Clocks that waited, or ran out, long ago: over weekends, holidays, the end of a month and of a year."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.county import clocks, county_book
from gateway.county.clocks import WorkingHours
from gateway.tickets import moves, ticket_clocks
from models import Holiday, Staff, Status, Ticket
from tests.gateway.desks import hire, report
from tests.grounds import NOW

NAIROBI = ZoneInfo("Africa/Nairobi")
HOLIDAYS = {date(2026, 12, 12), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 3, 26)}
WORK = WorkingHours(time(8), time(17), {1, 2, 3, 4, 5}, HOLIDAYS, NAIROBI)
DAY = timedelta(days=1)

moments = st.integers(0, 60 * 24 * 240).map(lambda minutes: NOW + timedelta(minutes=minutes))
spans = st.integers(1, 54 * 60).map(lambda minutes: timedelta(minutes=minutes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NAIROBI)


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    return hire(db)


@pytest.mark.parametrize(
    ("reported_at", "waits_from", "waits_until", "due"),
    [
        pytest.param("2026-11-23 08:00", "2026-11-23 12:00", "2026-11-24 12:00", "2026-11-25 17:00", id="a day"),
        pytest.param("2026-11-26 16:00", "2026-11-27 12:00", "2026-11-28 12:00", "2026-12-01 12:00", id="a Saturday"),
        pytest.param("2026-11-30 08:00", "2026-11-30 17:00", "2026-12-01 08:00", "2026-12-01 17:00", id="a night"),
        pytest.param("2026-12-24 08:00", "2026-12-24 17:00", "2026-12-27 12:00", "2026-12-28 17:00", id="Christmas"),
        pytest.param("2026-12-31 08:00", "2026-12-31 12:00", "2027-01-01 12:00", "2027-01-05 13:00", id="New Year"),
        pytest.param("2026-12-31 08:00", "2026-12-31 16:00", "2026-12-31 16:30", "2027-01-05 08:30", id="31 December"),
        pytest.param("2027-02-26 08:00", "2027-02-26 17:00", "2027-03-01 08:00", "2027-03-01 17:00", id="February"),
        pytest.param("2026-11-23 08:00", "2026-11-23 17:00", "2027-12-24 17:00", "2027-12-28 17:00", id="a year"),
    ],
)
def test_a_clock_goes_on_with_the_hours_of_work_that_were_left(
    db: Session, jane: Staff, reported_at: str, waits_from: str, waits_until: str, due: str
) -> None:
    ticket = report(db, at=at(reported_at))  # answered within 18 hours of work
    moves.put(db, ticket, Status.WAITING_CITIZEN, "jane", at(waits_from))
    assert ticket.next_due_at is None
    moves.put(db, ticket, Status.OPEN, None, at(waits_until))
    assert ticket.next_due_at == ticket.answer_due_at == at(due)


def test_a_holiday_far_behind_the_wait_is_known_where_it_ends(db: Session, jane: Staff) -> None:
    rest = date(2027, 12, 29)
    db.merge(Holiday(on=rest, name="A day of this test's own", is_expected=False))
    ticket = report(db, at=at("2026-11-23 08:00"))
    moves.put(db, ticket, Status.WAITING_CITIZEN, "jane", at("2026-11-23 08:00"))
    moves.put(db, ticket, Status.OPEN, None, at("2027-12-28 17:00"))
    assert ticket.answer_due_at == at("2027-12-31 17:00")


def test_what_had_run_out_before_the_wait_stays_run_out(db: Session, jane: Staff) -> None:
    ticket = report(db, at=at("2026-11-23 08:00"))
    ran_out = ticket.answer_due_at
    moves.put(db, ticket, Status.WAITING_CITIZEN, "jane", ran_out + 30 * DAY)
    moves.put(db, ticket, Status.OPEN, None, ran_out + 300 * DAY)
    assert ticket.answer_due_at == ticket.next_due_at == ran_out


def test_waiting_twice_leaves_as_much_work_as_waiting_for_both_at_once(db: Session, jane: Staff) -> None:
    twice, once = report(db, at=NOW), report(db, at=NOW)
    for ticket, pauses in ((twice, (0, 100)), (once, (0,))):
        for days in pauses:
            moves.put(db, ticket, Status.WAITING_CITIZEN, "jane", NOW + days * DAY)
            moves.put(db, ticket, Status.OPEN, None, NOW + (days + 200 // len(pauses)) * DAY)
    assert twice.answer_due_at == once.answer_due_at > NOW + 200 * DAY


@pytest.fixture
def stands(db: Session, jane: Staff) -> Callable[[datetime, timedelta], Ticket]:
    """Gives the one ticket of this test as if reported then, due so much work later."""
    ticket = report(db)
    hours = county_book.working_hours(db)

    def stand(opened: datetime, span: timedelta) -> Ticket:
        ticket.status, ticket.paused_at, ticket.opened_at = Status.OPEN, None, opened
        ticket.answer_due_at = clocks.after(opened, span, hours)
        ticket.resolve_due_at = clocks.after(opened, 3 * span, hours)
        return ticket

    return stand


@given(opened=moments, span=spans, waits=st.integers(0, 60 * 24 * 400), before=st.integers(0, 60 * 24 * 9))
@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_wait_neither_shortens_nor_lengthens_the_work_that_is_left(
    db: Session,
    stands: Callable[[datetime, timedelta], Ticket],
    opened: datetime,
    span: timedelta,
    waits: int,
    before: int,
) -> None:
    ticket = stands(opened, span)
    hours = county_book.working_hours(db)
    since = opened + timedelta(minutes=before)
    again = since + timedelta(minutes=waits)
    dues = (ticket.answer_due_at, ticket.resolve_due_at)
    left = [clocks.worked(since, due, hours) for due in dues]
    ticket_clocks.pause(ticket, since)
    ticket_clocks.pause(ticket, since + timedelta(minutes=waits // 2))  # asked once more: it waits since the first time
    ticket_clocks.resume(db, ticket, again)
    for due, was, work in zip((ticket.answer_due_at, ticket.resolve_due_at), dues, left, strict=True):
        if was <= since:
            assert due == was
        else:
            assert clocks.worked(again, due, hours) == work > timedelta(0)


@given(end=moments, span=spans)
def test_the_latest_moment_since_which_so_much_work_has_passed_is_found(end: datetime, span: timedelta) -> None:
    since = clocks.before(end, span, WORK)
    assert clocks.worked(since, end, WORK) == span
    assert clocks.worked(since + timedelta(seconds=1), end, WORK) < span


@pytest.mark.parametrize(
    ("end", "hours", "since"),
    [
        pytest.param("2026-11-24 12:00", 2, "2026-11-24 10:00", id="within a day"),
        pytest.param("2026-11-24 09:00", 2, "2026-11-23 16:00", id="over a night"),
        pytest.param("2026-11-30 09:00", 10, "2026-11-27 08:00", id="over a weekend"),
        pytest.param("2026-11-29 12:00", 9, "2026-11-27 08:00", id="on a Sunday"),
        pytest.param("2026-12-28 09:00", 2, "2026-12-24 16:00", id="over Christmas"),
        pytest.param("2027-01-04 09:00", 2, "2026-12-31 16:00", id="over New Year"),
        pytest.param("2026-11-29 12:00", 0, "2026-11-29 12:00", id="nothing at all"),
    ],
)
def test_hours_of_work_are_counted_back_as_they_are_forward(end: str, hours: int, since: str) -> None:
    assert clocks.before(at(end), timedelta(hours=hours), WORK) == at(since)


def test_a_county_that_never_works_is_a_fault_also_looking_back() -> None:
    with pytest.raises(ValueError, match="no working hours"):
        clocks.before(NOW, timedelta(hours=1), WorkingHours(time(8), time(17), (), (), NAIROBI))
