"""The county's time of day, in which staff read every moment and mean every date."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from gateway.county.county_book import book


def zone(db: Session) -> ZoneInfo:
    """Gives the county's time zone."""
    return book(db).hours.zone


def begins(day: date, zone: ZoneInfo) -> datetime:
    """Gives the moment at which a day begins in the county."""
    return datetime.combine(day, time.min, zone)


def ends(day: date, zone: ZoneInfo) -> datetime:
    """Gives the moment at which a day is over in the county."""
    return begins(day + timedelta(days=1), zone)
