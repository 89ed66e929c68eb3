"""The periodic jobs, and when each last ended well: without them what was left behind stays so, unnoticed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Run

# The seconds between two runs of each. A job that is not here any more is late for nobody.
PERIODS: Mapping[str, int] = {"sweep": 10, "handle_incoming": 5, "tend_tickets": 60, "tend_campaigns": 5}
LATE_AFTER = timedelta(minutes=4)  # several times the longest period


def note(db: Session, job: str, now: datetime) -> None:
    """Notes that a job ended well."""
    row = insert(Run).values(job=job, ended_at=now)
    db.execute(row.on_conflict_do_update(index_elements=[Run.job], set_={"ended_at": now}))


def ages(db: Session, now: datetime, since: datetime) -> dict[str, float]:
    """Gives for each periodic job the seconds since it last ended well; for one that never did, those since `since`,
    when whoever asks began to look.
    """
    ended = {run.job: run.ended_at for run in db.scalars(select(Run))}
    return {job: max(0.0, (now - ended.get(job, since)).total_seconds()) for job in PERIODS}
