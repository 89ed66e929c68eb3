"""Tickets: what a citizen reported or asked, and everything that happened to it since."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Computed, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, stored
from models.campaigns import Campaign
from models.county import Category, Department, Kind, Ward
from models.messages import Message
from models.projects import Project


class Status(StrEnum):
    """Where a ticket stands. Citizens read these in plain words (menus/tickets.py)."""

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


class Priority(StrEnum):
    """How much a ticket presses. What is urgent by its category stands above all three."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Verdict(StrEnum):
    """What the citizen said of a resolution. Silence is none."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"


class Clock(StrEnum):
    """The two clocks of a ticket."""

    ANSWER = "answer"
    RESOLVE = "resolve"


class EventKind(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    WROTE = "wrote"  # the citizen added something
    ANSWERED = "answered"  # an answer the citizen reads
    NOTED = "noted"  # a note only staff read
    MOVED = "moved"  # to another status, category, ward or priority
    ASSIGNED = "assigned"  # to a person or a department
    CALLED = "called"  # somebody spoke with the citizen
    MERGED = "merged"
    SPLIT = "split"
    LINKED = "linked"  # to a project
    ESCALATED = "escalated"  # a clock ran out
    CONFIRMED = "confirmed"  # the citizen says it is fixed
    CONTESTED = "contested"  # the citizen says it is not
    REPORTED = "reported"  # a department's officer said something of it by SMS


LIVE_STATUSES = (
    Status.NEW,
    Status.OPEN,
    Status.WAITING_DEPARTMENT,
    Status.WAITING_CITIZEN,
    Status.REOPENED,
)
FINAL_STATUSES = (Status.CLOSED, Status.REJECTED)  # those with `closed_at`
_RANK = "CASE WHEN is_urgent THEN 0 WHEN priority = 'high' THEN 1 WHEN priority = 'normal' THEN 2 ELSE 3 END"
_DUE = "coalesce(next_due_at, 'infinity'::timestamptz)"
_OPEN = "status IN ('new', 'open', 'waiting_department', 'waiting_citizen', 'reopened')"


class Ticket(Base):
    """A citizen's case. `submission` makes "sent once" a fact; `reference` is what people say aloud."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_phone_id", "phone", text("id DESC")),
        Index("ix_ticket_status", "status"),
        # What has no clock running stands last, as a moment of its own, so that a page is one stretch of the index.
        Index("ix_ticket_queue", "rank", text(_DUE), "id", postgresql_where=text(_OPEN)),
        Index("ix_ticket_due", "next_due_at", postgresql_where=text(_OPEN)),
        Index("ix_ticket_alike", "category_code", "ward_code", "id", postgresql_where=text(_OPEN)),
        Index("ix_ticket_assignee", "assignee", "next_due_at", postgresql_where=text(_OPEN)),
        Index("ix_ticket_department", "department_code", "next_due_at", postgresql_where=text(_OPEN)),
        Index("ix_ticket_ward", "ward_code", "next_due_at", postgresql_where=text(_OPEN)),
        Index("ix_ticket_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_ticket_resolved", "resolved_at", postgresql_where=text("status = 'resolved'")),
        # Of all there ever were, the newest first
        Index("ix_ticket_ward_id", "ward_code", "id"),
        Index("ix_ticket_category_id", "category_code", "id"),
        Index("ix_ticket_opened", "opened_at"),
        Index("ix_ticket_search", "search", postgresql_using="gin"),
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
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)  # the one it replies to
    linked_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))  # quoted by its reference, or split off
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    phone: Mapped[str | None] = mapped_column(ForeignKey("citizen.phone"))  # None: a caller who gave no number
    on_behalf_of: Mapped[str | None]  # whom a caller spoke for, in the caller's words
    hides_phone: Mapped[bool] = mapped_column(default=False)  # the citizen wants that, or could not be asked
    is_urgent: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(3))
    words: Mapped[str]  # exactly what the citizen typed
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1", default=1)  # moved on by every change staff make
    priority: Mapped[Priority] = mapped_column(
        stored(Priority, "priority"), default=Priority.NORMAL, server_default=Priority.NORMAL.value
    )
    rank: Mapped[int] = mapped_column(SmallInteger, Computed(_RANK, persisted=True))  # in the queue, 0 first
    assignee: Mapped[str | None] = mapped_column(ForeignKey("staff.name"))
    # Clocks, in the county's hours of work
    answer_due_at: Mapped[datetime]
    resolve_due_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]  # of the clock that runs; None while none does
    paused_at: Mapped[datetime | None]  # since when the clocks wait for the citizen
    answered_at: Mapped[datetime | None]  # the first answer since it was opened, or opened again
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]  # a staff name: who is contested does not review it
    closed_at: Mapped[datetime | None]  # closed or rejected, and not opened again
    reopened: Mapped[int] = mapped_column(server_default="0", default=0)  # how often
    verdict: Mapped[Verdict | None] = mapped_column(stored(Verdict, "verdict"))  # the citizen's last word
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', reference || ' ' || words)", persisted=True), deferred=True
    )

    category: Mapped[Category] = relationship()
    department: Mapped[Department] = relationship()
    ward: Mapped[Ward | None] = relationship()
    project: Mapped[Project | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    linked: Mapped["Ticket | None"] = relationship(foreign_keys=[linked_id], remote_side="Ticket.id")
    merged_into: Mapped["Ticket | None"] = relationship(foreign_keys=[merged_into_id], remote_side="Ticket.id")
    events: Mapped[list["TicketEvent"]] = relationship(order_by="TicketEvent.id")

    @property
    def lead(self) -> "Ticket":
        """The ticket that is worked on for this one: itself, or the one it was merged into."""
        return self.merged_into.lead if self.merged_into else self


class TicketEvent(Base):
    """One line of a ticket's timeline; lines are added, never changed."""

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index("ix_ticket_event_search", "search", postgresql_using="gin"),
        Index("ix_ticket_event_done", "at", "actor", postgresql_where=text("actor IS NOT NULL")),  # a day's work
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(stored(EventKind, "event_kind"))
    at: Mapped[datetime]
    actor: Mapped[str | None]  # a staff name; None for the citizen or the gateway itself
    body: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))  # the SMS that carries it, in or out
    submission: Mapped[UUID | None] = mapped_column(unique=True)  # one press of a button is one event
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', coalesce(body, ''))", persisted=True), deferred=True
    )

    message: Mapped[Message | None] = relationship()


class Escalation(Base):
    """A step up the chain because a clock ran out, taken once per clock and round; reopening begins a new round."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("ticket_id", "clock", "round", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    clock: Mapped[Clock] = mapped_column(stored(Clock, "clock"))
    round: Mapped[int]  # how often the ticket had been reopened
    step: Mapped[int]  # 1 the agent, 2 the supervisor, 3 the chief officer
    at: Mapped[datetime]


class TicketViewer(Base):
    """Who has a ticket on the screen, and when that was last heard."""

    __tablename__ = "ticket_viewer"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    staff_name: Mapped[str] = mapped_column(ForeignKey("staff.name"), primary_key=True)
    seen_at: Mapped[datetime]


class OpenQuestion(Base):
    """What was asked of a citizen by SMS with numbered choices, so that a reply such as `2` can be understood."""

    __tablename__ = "open_question"
    __table_args__ = (
        Index("uq_open_question_phone", "phone", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(ForeignKey("citizen.phone"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    asks: Mapped[str] = mapped_column(String(16))  # ward, category, or whether it is fixed
    choices: Mapped[list[str]] = mapped_column(ARRAY(String))  # codes, in the order of their numbers
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
