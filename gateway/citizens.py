"""Citizens: what a phone chose, remembered from its first word on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Citizen


def language_of(db: Session, phone: str) -> str | None:
    """Gives the language this phone chose, None before it has."""
    return db.scalar(select(Citizen.language).where(Citizen.phone == phone))


def remember(
    db: Session, phone: str, now: datetime, *, language: str | None = None, ward_code: str | None = None
) -> None:
    """Keeps what was chosen; what is not given stays as it was. A phone never seen is met now."""
    chosen = {name: value for name, value in (("language", language), ("ward_code", ward_code)) if value}
    meeting = insert(Citizen).values(phone=phone, first_seen_at=now, is_sample=False, **chosen)
    if chosen:
        db.execute(meeting.on_conflict_do_update(index_elements=[Citizen.phone], set_=chosen))
    else:
        db.execute(meeting.on_conflict_do_nothing())
