"""Sessions of staff, kept on the server: what the browser holds is a random token, what the database holds its digest.

A session ends after half an hour in which nobody did anything, after twelve hours in any case, and at once when its
member signs out, is disabled, gets another role, password or second factor. So a stolen cookie dies with it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from gateway.staff import second_factors
from models import SignInFailure, Staff, StaffSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALFWAY = timedelta(minutes=10)  # from the password to the second factor
NOTED_EVERY = timedelta(minutes=1)  # a session that is in use is written down no more often
REMEMBERED = timedelta(days=1)  # failures at the door


class Step(StrEnum):
    """What a member must do before anything else."""

    SECOND_FACTOR = "second factor"  # enter a code
    PASSWORD = "own password"  # noqa: S105 - choose one
    ENROL = "enrol"  # a second factor


@dataclass(frozen=True)
class Visit:
    """A member of staff with the session that a request came in."""

    staff: Staff
    session: StaffSession

    @property
    def step(self) -> Step | None:
        """What stands between this member and the console; None for nothing."""
        is_halfway = not self.session.is_whole
        if is_halfway and second_factors.is_enrolled(self.staff):
            return Step.SECOND_FACTOR
        if self.staff.must_change_password:
            return Step.PASSWORD
        return Step.ENROL if is_halfway else None


def begin(db: Session, staff: Staff, now: datetime, *, has_proved: bool = False) -> tuple[str, Visit]:
    """Begins a session of somebody whose password was right; gives the token for the cookie, and the visit.

    The session is whole when the second factor was proved, too, or none is needed.
    """
    token = secrets.token_urlsafe(32)
    is_owed = second_factors.is_owed(staff)
    session = StaffSession(
        digest=_digest(token),
        staff_name=staff.name,
        started_at=now,
        seen_at=now,
        is_whole=has_proved or not (is_owed or second_factors.is_enrolled(staff)),
        drawn_secret=second_factors.drawn() if is_owed else None,
    )
    db.add(session)
    db.flush()
    return token, Visit(staff, session)


def find(db: Session, token: str, now: datetime, *, is_by_hand: bool = True) -> Visit | None:
    """Gives who holds this token, None where the session has ended. What a page asks by itself keeps none alive."""
    wanted = select(Staff, StaffSession).join(StaffSession, StaffSession.staff_name == Staff.name)
    alive = (StaffSession.digest == _digest(token), ~_has_ended(now), Staff.disabled_at.is_(None))
    found = db.execute(wanted.where(*alive)).one_or_none()
    if found is None:
        return None
    staff, session = found
    if is_by_hand and now - session.seen_at >= NOTED_EVERY:
        session.seen_at = now
    return Visit(staff, session)


def carried_out(db: Session, visit: Visit) -> Visit:
    """Gives a visit that outlives the transaction."""
    db.flush()
    db.expunge(visit.staff)
    db.expunge(visit.session)
    return visit


def draw_secret(db: Session, token: str) -> None:
    """Draws the secret of a second factor that this session's member wants to enrol."""
    session = db.get(StaffSession, _digest(token))
    if session is not None:
        session.drawn_secret = second_factors.drawn()


def end(db: Session, token: str) -> None:
    """Ends one session."""
    db.execute(delete(StaffSession).where(StaffSession.digest == _digest(token)))


def end_all(db: Session, name: str) -> None:
    """Ends every session of a member."""
    db.execute(delete(StaffSession).where(StaffSession.staff_name == name))


def forget(db: Session, now: datetime) -> None:
    """Deletes sessions that have ended by themselves, and old failures at the door."""
    db.execute(delete(StaffSession).where(_has_ended(now)))
    db.execute(delete(SignInFailure).where(SignInFailure.at < now - REMEMBERED))


def _has_ended(now: datetime) -> ColumnElement[bool]:
    return or_(
        StaffSession.seen_at <= now - IDLE,
        StaffSession.started_at <= now - LONGEST,
        and_(StaffSession.is_whole.is_(False), StaffSession.started_at <= now - HALFWAY),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
