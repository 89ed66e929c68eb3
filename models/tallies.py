"""Running totals, so that a scrape of the metrics never counts millions of finished rows.

A tally holds what was finished before its watermark; the few rows finished since are counted by index.
"""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Tally(Base):
    """How many rows of a subject (`message`, `ussd_session`, `ticket`) ended under a label before the watermark."""

    __tablename__ = "tally"

    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    label: Mapped[str] = mapped_column(String(64), primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)


class Watermark(Base):
    """Up to when a subject's finished rows are in its tally."""

    __tablename__ = "watermark"

    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    up_to: Mapped[datetime]
