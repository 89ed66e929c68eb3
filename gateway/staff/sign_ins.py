"""Signing in: who proves to be whom, and how guessing is slowed down. All of it is counted in the database.

After ten failures in a row an account rests for a quarter of an hour, each time twice as long, for a day at most and
never for ever. A network from which twenty tries failed within five minutes is refused unheard. No reason is ever told.
"""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.staff import audit, passwords, second_factors, staff_sessions
from gateway.staff.staff_sessions import Visit
from models import SignInFailure, Staff

FAILURES_ALLOWED = 10  # in a row, of an account
RESTS_FOR = timedelta(minutes=15)
RESTS_AT_MOST = timedelta(days=1)
FAILURES_OF_A_SOURCE = 20
WITHIN = timedelta(minutes=5)


def prove_password(db: Session, name: str, password: str, source: str, now: datetime) -> Staff | None:
    """Gives the account when the password is right and it may sign in, None for any reason it may not.

    Takes the address the try came from. It takes as long for a name that doesn't exist.
    """
    if _is_tiring(db, source, now):
        return None
    staff = _named(db, name)
    kept = staff.password_hash if staff else ""
    is_right = passwords.fits(kept, password)
    if (
        staff is not None
    ):  # locked only now, since comparing takes long; others may have guessed, or changed it, meanwhile
        db.refresh(staff, with_for_update=True)
        is_right = is_right and staff.password_hash == kept
    return _judged(db, staff, is_right, source, now)


def prove_code(db: Session, name: str, code: str, source: str, now: datetime) -> Staff | None:
    """Gives the account when the code of its second factor is right, now and for the first time; None else.

    Also for what asks the second factor again in the middle of a session.
    """
    if _is_tiring(db, source, now):
        return None
    staff = db.get(Staff, name, with_for_update=True, populate_existing=True)
    is_right = staff is not None and not _rests(staff, now) and second_factors.takes(staff, code, now)
    return _judged(db, staff, is_right, source, now)


def let_in(db: Session, staff: Staff, now: datetime, *, has_proved: bool = False) -> tuple[str, Visit]:
    """Begins a session for somebody who proved the password, and with `has_proved` the second factor, too.

    Gives its token and the visit. What failed before is forgiven once the session is whole, not before: else a right
    password would buy ten more codes each time.
    """
    token, visit = staff_sessions.begin(db, staff, now, has_proved=has_proved)
    if visit.session.is_whole:
        staff.failures, staff.locks, staff.locked_until = 0, 0, None
        audit.record(db, staff.name, "signed_in", f"staff:{staff.name}", now)
    return token, visit


def _named(db: Session, name: str) -> Staff | None:
    """Gives the account of a name, however a phone's keyboard wrote its capitals."""
    return db.scalar(select(Staff).where(func.lower(Staff.name) == name.strip().lower()).limit(1))


def _judged(db: Session, staff: Staff | None, is_right: bool, source: str, now: datetime) -> Staff | None:
    """Gives the account where all is right, else counts what failed. Its row is locked."""
    if staff is not None:
        if is_right and not staff.disabled_at and not _rests(staff, now):
            return staff
        if not is_right and not _rests(staff, now):
            _count(db, staff, now)
    db.add(SignInFailure(source=_network(source), at=now))
    return None


def _rests(staff: Staff, now: datetime) -> bool:
    return staff.locked_until is not None and staff.locked_until > now


def _count(db: Session, staff: Staff, now: datetime) -> None:
    staff.failures += 1
    if staff.failures < FAILURES_ALLOWED:
        return
    rest = min(RESTS_FOR * 2 ** min(staff.locks, 10), RESTS_AT_MOST)
    staff.failures, staff.locks, staff.locked_until = 0, min(staff.locks + 1, 100), now + rest
    minutes = int(rest.total_seconds() // 60)
    audit.record(db, audit.NOBODY, "sign_in_locked", f"staff:{staff.name}", now, minutes=minutes)


def _is_tiring(db: Session, source: str, now: datetime) -> bool:
    recent = select(func.count()).where(SignInFailure.source == _network(source), SignInFailure.at > now - WITHIN)
    return (db.scalar(recent) or 0) >= FAILURES_OF_A_SOURCE


def _network(source: str) -> str:
    """Gives what one guesser can speak from: an address, of IPv6 the half that a provider gives to one customer."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:64]
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)
