"""A period of days in the county, both ends included; at most a year, so that what is counted over it is bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=366)
USUAL = timedelta(days=29)  # before today
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last` in the county's time zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def ends(self) -> datetime:
        """The moment at which it is over."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)


def today(zone: ZoneInfo, now: datetime) -> Period:
    """Gives today in the county."""
    day = now.astimezone(zone).date()
    return Period(day, day, zone)


def read(given: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Period:
    """Reads `from` and `to` of an address. What says no day is left out: then it is the last thirty days.

    A period that would end before it begins, or be longer than a year, is cut to what ends at its last day.
    """
    last = _day(given.get("to", "")) or today(zone, now).last
    first = _day(given.get("from", "")) or last - USUAL
    return Period(max(min(first, last), last - LONGEST + timedelta(days=1)), last, zone)


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
