"""Consent: who may be written to in bulk. Answers to one's own case need none."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway.carriers import OptedOut
from gateway.citizens import citizens
from gateway.phones import is_kenyan_mobile
from models import Citizen


def opt_out(db: Session, phone: str, said_at: datetime) -> None:
    """Ends every bulk message to a phone (E.164), as was said at a moment; said again, it counts from the last time.

    Whoever says it, the effect is the same: STOP, the carrier's opt-out callback, a number on the carrier's blacklist.
    A number that is no Kenyan mobile is left alone, since nothing is ever sent to it.
    """
    if not is_kenyan_mobile(phone):
        return
    citizens.remember(db, phone, said_at)
    last_said = func.greatest(Citizen.opted_out_at, said_at)  # passes over none
    db.execute(update(Citizen).where(Citizen.phone == phone).values(opted_out_at=last_said))


def opted_out(db: Session, word: OptedOut, now: datetime) -> None:
    """Does so on the carrier's word."""
    opt_out(db, word.phone, now)


def opt_in(db: Session, phone: str, said_at: datetime) -> None:
    """Undoes an opt-out, as the citizen asks with START; one that was said after it stands.

    An SMS may be handled long after it came, and after those that came later.
    """
    citizens.remember(db, phone, said_at)
    earlier = (Citizen.phone == phone, Citizen.opted_out_at <= said_at)
    db.execute(update(Citizen).where(*earlier).values(opted_out_at=None))


def is_opted_out(db: Session, phone: str) -> bool:
    """Whether this phone wants no bulk message."""
    return db.scalar(select(Citizen.opted_out_at).where(Citizen.phone == phone)) is not None
