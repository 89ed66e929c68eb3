"""Following a project or a ward: at most one open wish per phone and subject."""

from datetime import datetime

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import citizens
from models import Follow


def follow(db: Session, phone: str, project: str, now: datetime) -> None:
    """Keeps the wish; a second one changes nothing."""
    citizens.remember(db, phone, now)
    wish = insert(Follow).values(phone=phone, project_code=project, started_at=now)
    db.execute(
        wish.on_conflict_do_nothing(
            index_elements=[Follow.phone, Follow.project_code], index_where=text("ended_at IS NULL")
        )
    )


def unfollow(db: Session, phone: str, project: str, now: datetime) -> None:
    """Ends the wish; its row stays, since it says until when the citizen was told."""
    wish = (Follow.phone == phone, Follow.project_code == project, Follow.ended_at.is_(None))
    db.execute(update(Follow).where(*wish).values(ended_at=now))


def follow_ward(db: Session, phone: str, ward: str, now: datetime) -> None:
    """Keeps the wish to have a ward's news; a second one changes nothing."""
    citizens.remember(db, phone, now)
    wish = insert(Follow).values(phone=phone, ward_code=ward, started_at=now)
    db.execute(
        wish.on_conflict_do_nothing(
            index_elements=[Follow.phone, Follow.ward_code], index_where=text("ended_at IS NULL")
        )
    )


def unfollow_ward(db: Session, phone: str, ward: str, now: datetime) -> None:
    """Ends that wish; its row stays, as a project's does."""
    wish = (Follow.phone == phone, Follow.ward_code == ward, Follow.ended_at.is_(None))
    db.execute(update(Follow).where(*wish).values(ended_at=now))
