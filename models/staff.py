"""Staff who sign in to the console, their sessions, and what failed at the door."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    OFFICIAL = "official"
    APPROVER = "approver"
    OFFICER = "officer"  # of a department
    ADMIN = "admin"
    AUDITOR = "auditor"


class Staff(Base):
    """One account of the console. An officer without a password has no console and works by SMS."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Role] = mapped_column(stored(Role, "role"))
    department_code: Mapped[str | None] = mapped_column(ForeignKey("department.code"))
    is_chief: Mapped[bool] = mapped_column(server_default=false(), default=False)  # the chief officer of a department
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)  # E.164; where an officer's SMS come from
    language: Mapped[str] = mapped_column(String(3), server_default="en", default="en")  # of the console
    password_hash: Mapped[str]  # argon2id
    must_change_password: Mapped[bool] = mapped_column(server_default=false(), default=False)
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]  # None while the second factor is not enrolled
    totp_used: Mapped[int | None]  # the time step of the last code taken: a code is good once
    must_enrol: Mapped[bool] = mapped_column(server_default=false(), default=False)  # the second factor was lost
    failures: Mapped[int] = mapped_column(default=0)
    locks: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)  # in a row: each lasts longer
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(Base):
    """A sign-in that lasts; ended on the server, so that a stolen cookie dies with it."""

    __tablename__ = "staff_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of what the cookie holds
    staff_name: Mapped[str] = mapped_column(ForeignKey("staff.name"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    is_whole: Mapped[bool]  # False: the password was right, the second factor is still to come
    drawn_secret: Mapped[str | None]  # of a second factor that counts once a code of it came


class SignInFailure(Base):
    """A sign-in that failed, by where it came from; old ones are forgotten."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_source", "source", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))  # a network, as the proxies tell it
    at: Mapped[datetime]
