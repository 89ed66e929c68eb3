"""Staff who sign in to the console."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
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
    """One account of the console."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Role] = mapped_column(stored(Role, "role"))
    department_code: Mapped[str | None] = mapped_column(ForeignKey("department.code"))
    password_hash: Mapped[str]  # argon2id
    totp_secret: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
