"""Quiet hours: when no campaign begins or goes on, in the county's own time. Nights and public holidays, as the pack
says; an emergency doesn't ask.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county.county_book import the_county
from models import Holiday

LONGEST_QUIET = timedelta(days=60)  # without a day in it; more is a fault of the data


@dataclass(frozen=True)
class Days:
    """The hours between two nights, and the days that have none."""

    begins: time
    ends: time
    holidays: Collection[date]
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies within a day's hours: from the first of them up to the last, which is quiet again."""
        local = moment.astimezone(self.zone)
        return local.date() not in self.holidays and self.begins <= local.time() < self.ends

    def next(self, moment: datetime) -> datetime:
        """Gives the moment itself by day, else when the next day begins."""
        if self.holds(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.begins else local.date() + timedelta(days=1)
        while day in self.holidays:
            day += timedelta(days=1)
        return datetime.combine(day, self.begins, self.zone).astimezone(moment.tzinfo)


def days(db: Session, now: datetime) -> Days:
    """Gives the county's days, with the holidays that a moment from `now` on can meet."""
    county = the_county(db)
    zone = ZoneInfo(county.timezone)
    today = now.astimezone(zone).date()
    near = select(Holiday.on).where(Holiday.on.between(today, today + LONGEST_QUIET))
    return Days(county.quiet_until, county.quiet_from, frozenset(db.scalars(near)), zone)


def is_day(db: Session, now: datetime) -> bool:
    """Whether campaigns may go out now."""
    return days(db, now).holds(now)


def next_day(db: Session, now: datetime) -> datetime:
    """Gives `now` where campaigns may go out, else when they may again."""
    return days(db, now).next(now)
