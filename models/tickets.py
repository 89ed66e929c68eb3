"""Tickets: what a citizen reported or asked, and everything that happened to it since."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, stored
from models.county import Category, Kind, Ward


class Status(StrEnum):
    """Where a ticket stands. Citizens read these in plain words (menus/cases.py)."""

    NEW = "new"
    OPEN = "open"
    WAITING_DEPARTMENT = "waiting_department"
    WAITING_CITIZEN = "waiting_citizen"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    REOPENED = "reopened"


class Channel(StrEnum):
    """How a ticket reached the county."""

    USSD = "ussd"
    SMS = "sms"
    CALL = "call"


class EventKind(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    WROTE = "wrote"  # the citizen added something
    ANSWERED = "answered"  # an answer the citizen reads
    NOTED = "noted"  # a note only staff read
    MOVED = "moved"


class Ticket(Base):
    """A citizen's case. `submission` makes "sent once" a fact; `reference` is what people say aloud."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_phone_id", "phone", text("id DESC")),
        Index("ix_ticket_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(9), unique=True)  # without its hyphens
    submission: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[Kind] = mapped_column(stored(Kind, "kind"))
    channel: Mapped[Channel] = mapped_column(stored(Channel, "channel"))
    status: Mapped[Status] = mapped_column(stored(Status, "status"), default=Status.NEW)
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    project_code: Mapped[str | None] = mapped_column(ForeignKey("project.code"))
    linked_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))  # quoted by its reference, or merged
    phone: Mapped[str] = mapped_column(ForeignKey("citizen.phone"))
    hides_phone: Mapped[bool] = mapped_column(default=False)  # the citizen asked that staff not see the number
    is_urgent: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(3))
    words: Mapped[str]  # exactly what the citizen typed
    opened_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    resolve_due_at: Mapped[datetime]

    category: Mapped[Category] = relationship()
    ward: Mapped[Ward | None] = relationship()
    linked: Mapped["Ticket | None"] = relationship(remote_side="Ticket.id")
    events: Mapped[list["TicketEvent"]] = relationship(order_by="TicketEvent.id")


class TicketEvent(Base):
    """One line of a ticket's timeline; lines are added, never changed."""

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(stored(EventKind, "event_kind"))
    at: Mapped[datetime]
    actor: Mapped[str | None]  # a staff name; None for the citizen or the gateway itself
    body: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]


class OpenQuestion(Base):
    """What was asked of a citizen by SMS with numbered choices, so that a reply such as `2` can be understood."""

    __tablename__ = "open_question"
    __table_args__ = (
        Index("uq_open_question_phone", "phone", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(ForeignKey("citizen.phone"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    asks: Mapped[str] = mapped_column(String(16))  # ward or category
    choices: Mapped[list[str]] = mapped_column(ARRAY(String))  # codes, in the order of their numbers
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
