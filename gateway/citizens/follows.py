"""Following a project or a ward: at most one open wish per phone and subject."""

from datetime import datetime

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway.citizens import citizens
from models import Follow


def follow(db: Session, phone: str, project: str, now: datetime) -> None:
    """Keeps the wish to have a project's news; a second one changes nothing."""
    _begin(db, phone, now, project_code=project)


def unfollow(db: Session, phone: str, project: str, now: datetime) -> None:
    """Ends that wish; its row stays, since it says until when the citizen was told."""
    _end(db, phone, now, project_code=project)


def follow_ward(db: Session, phone: str, ward: str, now: datetime) -> None:
    """Keeps the wish to have a ward's news; a second one changes nothing."""
    _begin(db, phone, now, ward_code=ward)


def unfollow_ward(db: Session, phone: str, ward: str, now: datetime) -> None:
    """Ends that wish; its row stays, as a project's does."""
    _end(db, phone, now, ward_code=ward)


def _begin(db: Session, phone: str, now: datetime, **subject: str) -> None:
    citizens.remember(db, phone, now)
    wish = insert(Follow).values(phone=phone, started_at=now, **subject)
    is_open = text("ended_at IS NULL")
    db.execute(wish.on_conflict_do_nothing(index_elements=["phone", *subject], index_where=is_open))


def _end(db: Session, phone: str, now: datetime, **subject: str) -> None:
    open_wish = update(Follow).filter_by(phone=phone, ended_at=None, **subject)
    db.execute(open_wish.values(ended_at=now))
