"""Staff accounts: made by a command or once at the first start, signed in with a password."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.errors import BadAccount
from models import Department, Role, Staff

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 256
FAILURES_ALLOWED = 10
LOCKED_FOR = timedelta(minutes=15)
FIRST_NAME = "admin"

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))  # verified for unknown names, so that both take the same time


def add(db: Session, staff: Staff, password: str) -> None:
    """Adds an account. Raises `BadAccount`, in one line, for a taken name, a weak password or an unknown department."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount(f"the password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if db.get(Staff, staff.name) is not None:
        raise BadAccount(f"there is an account {staff.name!r} already")
    if staff.department_code is not None and db.get(Department, staff.department_code) is None:
        raise BadAccount(f"there is no department {staff.department_code!r}")
    staff.password_hash = _hasher.hash(password)
    db.add(staff)


def add_first(db: Session, now: datetime) -> tuple[str, str] | None:
    """Makes the first account with a drawn password: gives its name and password, None where accounts exist."""
    if db.scalar(select(func.count()).select_from(Staff)):
        return None
    password = secrets.token_urlsafe(18)
    add(db, Staff(name=FIRST_NAME, role=Role.ADMIN, created_at=now), password)
    return FIRST_NAME, password


def sign_in(db: Session, name: str, password: str, now: datetime) -> Staff | None:
    """Gives the account when the password is right, None for any reason it is not.

    Failures are counted in the database; after ten in a row the account rests for a quarter of an hour.
    """
    staff = db.get(Staff, name, with_for_update=True)
    is_right = _verify(staff.password_hash if staff else _NOBODY, password[:LONGEST_PASSWORD])
    if staff is None or staff.disabled_at or (staff.locked_until and staff.locked_until > now):
        return None
    if not is_right:
        staff.failures += 1
        if staff.failures >= FAILURES_ALLOWED:
            staff.locked_until, staff.failures = now + LOCKED_FOR, 0
        return None
    staff.failures, staff.locked_until = 0, None
    return staff


def find(db: Session, name: str) -> Staff | None:
    """Gives an account that may still sign in."""
    staff = db.get(Staff, name)
    return staff if staff and not staff.disabled_at else None


def choose_language(db: Session, name: str, language: str) -> None:
    """Keeps the language in which a member of staff reads the console."""
    db.get_one(Staff, name).language = language


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
