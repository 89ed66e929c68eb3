"""When campaigns may go out: by day in Nairobi, and on no public holiday, at every edge of the calendar."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from gateway.county import quiet_hours
from models import County, Holiday

pytestmark = pytest.mark.usefixtures("county")


def nairobi(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_day"),
    [
        ("2026-11-23T07:59:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-11-23T23:59", False),
        ("2026-11-24T00:00", False),
        ("2026-11-22T12:00", True),  # a Sunday that is no holiday
        ("2026-12-12T12:00", False),  # Jamhuri Day
        ("2026-12-25T12:00", False),
    ],
)
def test_a_day_is_from_eight_to_six_and_no_holiday(db: Session, moment: str, is_day: bool) -> None:
    assert quiet_hours.is_day(db, nairobi(moment)) is is_day


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-11-23T12:00", "2026-11-23T12:00"),
        ("2026-11-23T18:00", "2026-11-24T08:00"),
        ("2026-11-24T00:00", "2026-11-24T08:00"),  # midnight belongs to the day that begins
        ("2026-11-23T23:59:59", "2026-11-24T08:00"),
        ("2026-11-30T20:00", "2026-12-01T08:00"),  # month end
        ("2026-12-31T20:00", "2027-01-02T08:00"),  # New Year's Day
        ("2026-12-31T23:59:59", "2027-01-02T08:00"),
        ("2028-02-28T19:00", "2028-02-29T08:00"),
        ("2026-12-24T18:30", "2026-12-27T08:00"),  # Christmas and Boxing Day, then a Sunday
        ("2027-12-11T20:00", "2027-12-14T08:00"),  # Jamhuri Day is a Sunday: Monday is observed too
        ("2027-12-12T12:00", "2027-12-14T08:00"),
        ("2027-12-24T20:00", "2027-12-28T08:00"),  # Christmas, Boxing Day on a Sunday, and Monday
    ],
)
def test_what_falls_into_quiet_hours_waits_for_the_next_morning(db: Session, moment: str, morning: str) -> None:
    assert quiet_hours.next_day(db, nairobi(moment)) == nairobi(morning)
    assert quiet_hours.is_day(db, nairobi(morning))


def test_the_countys_own_hours_hold(db: Session) -> None:
    db.execute(update(County).values(quiet_from=time(20), quiet_until=time(6, 30)))
    assert quiet_hours.is_day(db, nairobi("2026-11-23T19:59"))
    assert quiet_hours.next_day(db, nairobi("2026-11-23T20:00")) == nairobi("2026-11-24T06:30")


def test_a_holiday_gazetted_at_short_notice_is_quiet(db: Session) -> None:
    db.add(Holiday(on=date(2026, 11, 24), name="A day of mourning", is_expected=False))
    db.flush()
    assert quiet_hours.next_day(db, nairobi("2026-11-23T18:00")) == nairobi("2026-11-25T08:00")
