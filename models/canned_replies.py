"""Canned replies: answers that agents begin with, per category and in every language."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CannedReply(Base):
    """One reply with its placeholders, such as `{reference}`."""

    __tablename__ = "canned_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))  # None: fits every category
    body: Mapped[dict[str, str]]  # per language
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
