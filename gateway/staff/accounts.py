"""Staff accounts: how they are made, and what becomes of them. Every change is recorded, with who made it.

What signs in is `sign_ins`, what a role may do is `rights`. Whoever manages staff can't shut out themselves, and the
last admin stays.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway import phones
from gateway.errors import BadAccount, Stale
from gateway.staff import audit, passwords, second_factors, staff_sessions
from models import Department, Role, Staff

FIRST = {"admin": Role.ADMIN}
FIRST_IN_DEVELOPMENT = {"agent": Role.AGENT, "supervisor": Role.SUPERVISOR, **FIRST}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,63}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a member of staff stands in the county."""

    role: Role
    department: str | None = None  # its code
    phone: str | None = None  # however it was typed; where SMS for them go, and an officer's come from
    is_chief: bool = False  # the chief officer of the department


def add(db: Session, staff: Staff, password: str | None, *, by: str = audit.OPERATOR) -> None:
    """Adds an account; without a password it has no console and works by SMS.

    Raises `BadAccount`, in one line, for a name that is taken or none, a weak password, or a place that can't be.
    """
    if not _NAME.fullmatch(staff.name):
        raise BadAccount("A name has 2 to 64 letters, digits and . _ @ + -, no spaces.")
    if db.scalar(select(Staff.name).where(func.lower(Staff.name) == staff.name.lower())) is not None:
        raise BadAccount("There is an account of that name already.")
    if staff.totp_secret is not None:
        staff.totp_secret, staff.totp_confirmed_at = second_factors.checked(staff.totp_secret), staff.created_at
    if password is not None:
        passwords.check(password, staff.name, has_second_factor=second_factors.is_enrolled(staff))
    _put(db, staff, Place(staff.role, staff.department_code, staff.phone, bool(staff.is_chief)))
    if password is None and not staff.phone:
        raise BadAccount("Without the console an account needs the phone that its SMS come from.")
    staff.password_hash = "" if password is None else passwords.hashed(password)
    db.add(staff)
    db.flush()
    audit.record(db, by, "staff_added", _subject(staff), staff.created_at, **_standing(staff))


def add_first(db: Session, roles: Iterable[tuple[str, Role]], now: datetime) -> dict[str, str]:
    """Makes the first accounts with drawn passwords: gives the passwords by name, nothing where accounts exist."""
    if db.scalar(select(func.count()).select_from(Staff)):
        return {}
    drawn = {name: passwords.drawn() for name, _ in roles}
    for name, role in roles:
        add(db, Staff(name=name, role=role, created_at=now), drawn[name])
    return drawn


def listed(db: Session) -> Sequence[Staff]:
    """Gives every account, those that may sign in first."""
    return db.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)).all()


def find(db: Session, name: str) -> Staff | None:
    """Gives the account of a name."""
    return db.get(Staff, name)


def departments(db: Session, members: Sequence[Staff] = ()) -> dict[str, dict[str, str]]:
    """Gives the names per language, by code, of every department that an account may belong to.

    Those of `members` are among them where the county has given them up, too: nobody loses theirs by another change.
    """
    own = {member.department_code for member in members}
    there = select(Department).where(Department.retired_at.is_(None) | Department.code.in_(own))
    return {department.code: department.names for department in db.scalars(there.order_by(Department.position))}


def has_console(staff: Staff) -> bool:
    """Whether this account has a password."""
    return bool(staff.password_hash)


def version(staff: Staff) -> str:
    """Gives which place of a member this is, to be named by a form that was written over it."""
    return f"{staff.role.value}:{staff.department_code or ''}:{staff.phone or ''}:{'chief' if staff.is_chief else ''}"


def move(db: Session, name: str, place: Place, by: str, now: datetime, *, over: str | None = None) -> None:
    """Gives a member another place. With another role or department they must sign in again.

    `over` is the version that was on the screen, None for whatever stands there. Raises `BadAccount` for a place that
    can't be, and `Stale` where somebody else changed it meanwhile: a role that was taken must not come back unseen.
    """
    admins, staff = _admins(db), _held(db, name)
    if over not in (None, version(staff)):
        raise Stale("Somebody else changed this account meanwhile. Nothing was saved; yours still stands in the form.")
    if place.role is not staff.role:
        if name == by:
            raise BadAccount("You can't change your own role. Another admin can.")
        if admins == {name}:
            raise BadAccount("This is the last admin. Make another one first.")
    before, number = _standing(staff), staff.phone
    _put(db, staff, place)
    after = _standing(staff)
    if after == before and staff.phone == number:
        return
    if (after["role"], after["department"]) != (before["role"], before["department"]):
        staff_sessions.end_all(db, name)
    db.flush()
    audit.record(db, by, "staff_moved", _subject(staff), now, before=before, after=after)


def disable(db: Session, name: str, by: str, now: datetime) -> None:
    """Shuts an account at once, until it is enabled again. Raises `BadAccount` for one's own and the last admin's."""
    admins, staff = _admins(db), _held(db, name)
    if name == by:
        raise BadAccount("You can't disable your own account. Another admin can.")
    if admins == {name}:
        raise BadAccount("This is the last admin. Make another one first.")
    if staff.disabled_at is None:
        staff.disabled_at = now
        staff_sessions.end_all(db, name)
        audit.record(db, by, "staff_disabled", _subject(staff), now)


def enable(db: Session, name: str, by: str, now: datetime) -> None:
    """Opens a disabled or resting account again."""
    staff = _held(db, name)
    if staff.disabled_at is not None or staff.locked_until is not None:
        staff.disabled_at = staff.locked_until = None
        staff.failures = staff.locks = 0
        audit.record(db, by, "staff_enabled", _subject(staff), now)


def reset_password(db: Session, name: str, by: str, now: datetime) -> str:
    """Draws a password that must be changed at the next sign-in; gives it. Raises `BadAccount` for one's own."""
    staff = _held(db, name)
    if name == by:
        raise BadAccount("Your own password is changed under My account.")
    password = passwords.drawn()
    staff.password_hash, staff.must_change_password = passwords.hashed(password), True
    staff.failures, staff.locks, staff.locked_until = 0, 0, None
    staff_sessions.end_all(db, name)
    audit.record(db, by, "password_reset", _subject(staff), now)
    return password


def lose_second_factor(db: Session, name: str, by: str, now: datetime) -> None:
    """Forgets a second factor that was lost; a new one is enrolled at the next sign-in. Raises for one's own."""
    staff = _held(db, name)
    if name == by:
        raise BadAccount("Your own second factor is replaced under My account.")
    second_factors.lose(staff)
    staff_sessions.end_all(db, name)
    audit.record(db, by, "second_factor_lost", _subject(staff), now)


def change_password(db: Session, name: str, password: str, now: datetime) -> Staff:
    """Gives a member the password they chose, and ends all their sessions. Raises `BadAccount` for a weak one."""
    staff = _held(db, name)
    passwords.check(password, name, has_second_factor=second_factors.is_enrolled(staff))
    if passwords.fits(staff.password_hash, password):
        raise BadAccount("The new password must differ from the one you have.")
    staff.password_hash, staff.must_change_password = passwords.hashed(password), False
    staff_sessions.end_all(db, name)
    audit.record(db, name, "password_changed", _subject(staff), now)
    return staff


def enrol(db: Session, name: str, secret: str, code: str, now: datetime) -> Staff | None:
    """Makes a drawn secret a member's second factor and ends all their sessions; None where the code is wrong."""
    staff = _held(db, name)
    if not second_factors.enrol(staff, secret, code, now):
        return None
    staff_sessions.end_all(db, name)
    audit.record(db, name, "second_factor_enrolled", _subject(staff), now)
    return staff


def speak(db: Session, name: str, language: str) -> None:
    """Gives a member the console in another language."""
    _held(db, name).language = language


def _held(db: Session, name: str) -> Staff:
    """Gives an account, locked until the transaction ends. Raises `BadAccount` where there is none."""
    staff = db.get(Staff, name, with_for_update=True, populate_existing=True)
    if staff is None:
        raise BadAccount("There is no such account.")
    return staff


def _admins(db: Session) -> set[str]:
    """Gives who may manage staff, all locked in one order: two must not shut out each other at the same moment."""
    admins = select(Staff.name).where(Staff.role == Role.ADMIN, Staff.disabled_at.is_(None), Staff.password_hash != "")
    return set(db.scalars(admins.order_by(Staff.name).with_for_update()))


def _put(db: Session, staff: Staff, place: Place) -> None:
    """Puts a member in a place. Raises `BadAccount` for one that can't be; nothing was changed then."""
    department = db.get(Department, place.department) if place.department else None
    is_kept = place.department == staff.department_code
    if place.department and (department is None or (department.retired_at is not None and not is_kept)):
        raise BadAccount("There is no such department.")
    if place.role is Role.OFFICER and not place.department:
        raise BadAccount("An officer needs a department.")
    if place.is_chief and place.role is not Role.OFFICER:
        raise BadAccount("Only an officer can be the chief of a department.")
    phone = _number(db, staff.name, place.phone)
    staff.role, staff.department_code, staff.phone = place.role, place.department or None, phone
    staff.is_chief = place.is_chief


def _number(db: Session, name: str, typed: str | None) -> str | None:
    if not typed:
        return None
    phone = phones.e164(typed)
    if phone is None or not phones.is_kenyan_mobile(phone):
        raise BadAccount("The phone must be a Kenyan mobile, as in 0712 345 678.")
    with db.no_autoflush:
        if db.scalar(select(Staff.name).where(Staff.phone == phone, Staff.name != name)) is not None:
            raise BadAccount("Another account has that phone.")
    return phone


def _standing(staff: Staff) -> dict[str, str | bool | None]:
    """Gives what an entry in the log tells of an account: never its number."""
    return {
        "role": staff.role.value,
        "department": staff.department_code,
        "is_chief": bool(staff.is_chief),
        "has_phone": staff.phone is not None,
    }


def _subject(staff: Staff) -> str:
    return f"staff:{staff.name}"
