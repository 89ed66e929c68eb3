"""Quiet hours: when bulk SMS don't go out. At night and on public holidays, by the county's own clock."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import county_time
from models import Holiday

BEGINS, ENDS = time(8), time(18)  # Safaricom takes bulk SMS from 8:00 to 18:00


def is_day(db: Session, now: datetime) -> bool:
    """Whether bulk SMS may go out `now`: from 8:00 to 18:00, on no holiday, not even an expected one."""
    local = now.astimezone(county_time.zone(db))
    if not BEGINS <= local.time() < ENDS:
        return False
    return db.scalar(select(Holiday.on).where(Holiday.on == local.date())) is None
