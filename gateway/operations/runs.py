"""When periodic jobs last ended well: without them what was left behind stays so, and nobody would notice."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Run

LATE_AFTER = timedelta(minutes=4)  # several times the longest period


def note(db: Session, job: str, now: datetime) -> None:
    """Notes that a job ended well."""
    row = insert(Run).values(job=job, ended_at=now)
    db.execute(row.on_conflict_do_update(index_elements=[Run.job], set_={"ended_at": now}))


def ages(db: Session, now: datetime) -> dict[str, float]:
    """Gives for each job the seconds since it last ended well; a job that never ran is not among them."""
    return {run.job: max(0.0, (now - run.ended_at).total_seconds()) for run in db.scalars(select(Run))}
