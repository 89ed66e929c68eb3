"""USSD sessions and the answer given to every text of each, so that a repeated request is shown the same screen."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class Outcome(StrEnum):
    """How a session ended. The last three are the carrier's words (AT, USSD notifications)."""

    OPEN = "open"
    ENDED = "ended"  # we said END; the carrier has not reported yet
    SUCCESS = "success"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


class UssdSession(Base):
    """One dial of the service code, from the first request to the end notification."""

    __tablename__ = "ussd_session"
    # No index holds what a hop changes, and pages have room: then a hop writes a row and no index (PostgreSQL's HOT).
    __table_args__ = (
        Index("ix_ussd_session_phone", "phone", "started_at"),
        Index("ix_ussd_session_words", "started_at", postgresql_where=text("NOT is_forgotten")),
        Index("ix_ussd_session_live", "started_at", postgresql_where=text("finished_at IS NULL")),
        {"postgresql_with": {"fillfactor": 70}},
    )

    id: Mapped[str] = mapped_column(String(128), primary_key=True)  # AT's sessionId
    phone: Mapped[str] = mapped_column(String(16))
    service_code: Mapped[str] = mapped_column(String(32))
    network_code: Mapped[str | None] = mapped_column(String(8))
    text: Mapped[str | None]  # the newest text answered; None before the first answer
    state: Mapped[dict[str, Any] | None]  # the dialogue's state; None once it has ended or was continued elsewhere
    screen: Mapped[str | None]  # the name of the screen shown last
    outcome: Mapped[Outcome] = mapped_column(stored(Outcome, "outcome"), default=Outcome.OPEN)
    hops: Mapped[int] = mapped_column(default=0)
    duration_ms: Mapped[int | None]
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    is_forgotten: Mapped[bool] = mapped_column(server_default="false")  # what was typed and shown is emptied
    carrier_ended: Mapped[bool] = mapped_column(server_default="false")  # the outcome is the carrier's word, no guess


class UssdHop(Base):
    """The answer that was given to one text of one session."""

    __tablename__ = "ussd_hop"

    session_id: Mapped[str] = mapped_column(ForeignKey("ussd_session.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the whole text, which may be long
    answer: Mapped[str]
    is_end: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
