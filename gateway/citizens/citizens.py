"""Citizens: what a phone chose, remembered from its first word on."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Base, Citizen

_CITIZEN = Base.metadata.tables["citizen"]
_MEETING = insert(_CITIZEN)
_MEET = _MEETING.on_conflict_do_nothing()
_CHOOSE = _MEETING.on_conflict_do_update(
    index_elements=[_CITIZEN.c.phone],
    set_={name: func.coalesce(_MEETING.excluded[name], _CITIZEN.c[name]) for name in ("language", "ward_code")},
)


def language_of(db: Session, phone: str) -> str | None:
    """Gives the language this phone chose, None before it has."""
    return db.scalar(select(Citizen.language).where(Citizen.phone == phone))


def remember(
    db: Session, phone: str, now: datetime, *, language: str | None = None, ward_code: str | None = None
) -> None:
    """Keeps what was chosen; what is not given stays as it was. A phone never seen is met now."""
    met = {"phone": phone, "first_seen_at": now, "is_sample": False}
    if language or ward_code:
        db.execute(_CHOOSE, {**met, "language": language or None, "ward_code": ward_code or None})
    else:
        db.execute(_MEET, met)
