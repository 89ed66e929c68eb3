"""The audit log: who did what that must be answered for. Rows are added; the database refuses to change them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AuditEntry(Base):
    """One deed. Its hash covers all of it and the hash before, so that a missing or altered row shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject"), Index("ix_audit_entry_actor", "actor", "id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # without a gap
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))  # a staff name, or the operator's command
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(128))  # what it was done to: `ticket:17`, `staff:asha`
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))  # the hash of the entry before
    hash: Mapped[str] = mapped_column(String(64))
