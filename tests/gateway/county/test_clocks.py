"""A case's clock counts hours of work only: no nights, no weekends, no public holidays, in Nairobi's time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.county.clocks import WorkingHours, due
from gateway.county.county_book import working_hours

NAIROBI = ZoneInfo("Africa/Nairobi")
CHRISTMAS, BOXING_DAY = date(2026, 12, 25), date(2026, 12, 26)
WORK = WorkingHours(time(8), time(17), {1, 2, 3, 4, 5}, {CHRISTMAS, BOXING_DAY}, NAIROBI)
QUARTER = timedelta(minutes=15)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NAIROBI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-11-23 12:00", 2, "2026-11-23 14:00", id="within a day"),
        pytest.param("2026-11-23 08:00", 9, "2026-11-23 17:00", id="a whole day"),
        pytest.param("2026-11-23 08:00", 10, "2026-11-24 09:00", id="a day and an hour"),
        pytest.param("2026-11-23 05:30", 1, "2026-11-23 09:00", id="before opening"),
        pytest.param("2026-11-23 08:00", 1, "2026-11-23 09:00", id="at opening"),
        pytest.param("2026-11-23 17:00", 1, "2026-11-24 09:00", id="at closing"),
        pytest.param("2026-11-23 23:59", 1, "2026-11-24 09:00", id="after closing"),
        pytest.param("2026-11-27 16:00", 2, "2026-11-30 09:00", id="over a weekend"),
        pytest.param("2026-11-28 10:00", 1, "2026-11-30 09:00", id="on a Saturday"),
        pytest.param("2026-11-29 23:59", 1, "2026-11-30 09:00", id="on a Sunday night"),
        pytest.param("2026-12-24 16:00", 2, "2026-12-28 09:00", id="over Christmas"),
        pytest.param("2026-12-25 12:00", 18, "2026-12-29 17:00", id="on Christmas"),
        pytest.param("2026-11-23 12:00", 18, "2026-11-25 12:00", id="two days of work"),
    ],
)
def test_a_clock_runs_only_while_the_county_works(start: str, hours: int, end: str) -> None:
    assert due(at(start), hours, WORK) == at(end)


def test_a_clock_started_in_another_zone_counts_nairobis_hours() -> None:
    assert due(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), 1, WORK) == at("2026-11-23 09:00")
    assert due(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), 1, WORK).tzinfo is UTC


def worked(start: datetime, end: datetime) -> timedelta:
    """Counts the quarters of hours of work between two moments, one by one."""
    total, moment = timedelta(), start.astimezone(NAIROBI)
    while moment < end:
        if WORK.is_workday(moment.date()) and time(8) <= moment.time() < time(17):
            total += QUARTER
        moment += QUARTER
    return total


@given(quarter=st.integers(0, 60 * 24 * 4), hours=st.integers(1, 60))
def test_exactly_the_promised_hours_of_work_lie_before_the_due_moment(quarter: int, hours: int) -> None:
    start = at("2026-11-20 00:00") + quarter * QUARTER
    assert worked(start, due(start, hours, WORK)) == timedelta(hours=hours)


def test_a_county_that_never_works_is_a_fault_and_no_endless_search() -> None:
    with pytest.raises(ValueError, match="no working hours"):
        due(at("2026-11-23 12:00"), 1, WorkingHours(time(8), time(17), (), (), NAIROBI))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2027-03-25 16:00", 2, "2027-03-30 09:00", id="Easter: Friday to Monday"),
        pytest.param("2026-12-11 16:00", 2, "2026-12-14 09:00", id="Jamhuri Day on a Saturday moves nothing"),
        pytest.param("2027-12-10 16:00", 2, "2027-12-14 09:00", id="Jamhuri Day on a Sunday takes the Monday"),
        pytest.param("2026-12-31 16:00", 2, "2027-01-04 09:00", id="New Year on a Friday"),
    ],
)
def test_nandi_rests_on_kenyas_holidays(county: Engine, db: Session, start: str, hours: int, end: str) -> None:
    assert due(at(start), hours, working_hours(db)) == at(end)
