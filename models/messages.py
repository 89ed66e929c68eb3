"""SMS in and out. The message table is the outbox: a `queued` row is the promise, and the only record of it.

A send is an attempt beside its message, written before the carrier is called, so that a crash in between is seen as
"may have been sent" and is never sent again by itself.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class Direction(StrEnum):
    """Which way a message goes."""

    IN = "in"
    OUT = "out"


class State(StrEnum):
    """Where a message stands. The order is the road an outgoing message takes; the last two are for incoming ones."""

    QUEUED = "queued"
    CLAIMED = "claimed"  # a worker took it; provably not sent
    SENDING = "sending"  # written before the socket: from here on it may have been sent
    ACCEPTED = "accepted"  # the carrier took it
    DELIVERED = "delivered"
    FAILED = "failed"
    REJECTED = "rejected"
    NO_REPORT = "no_report"  # accepted, and 72 hours of silence
    EXPIRED = "expired"  # too old to be worth sending
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # may have been sent
    UNRESOLVED = "unresolved"  # unknown for 24 hours
    RECEIVED = "received"
    HANDLED = "handled"


OPEN_STATES = (
    State.QUEUED,
    State.CLAIMED,
    State.SENDING,
    State.ACCEPTED,
    State.HELD,
    State.UNKNOWN,
    State.RECEIVED,
)


class LaneName(StrEnum):
    """The two roads out; a campaign never delays a reply."""

    REPLIES = "replies"
    BULK = "bulk"


_OPEN = "state IN ('queued', 'claimed', 'sending', 'accepted', 'held', 'unknown', 'received')"
_FINAL = _OPEN.replace("IN", "NOT IN")
_REPLY_IN_DOUBT = "lane = 'replies' AND state IN ('unknown', 'unresolved', 'held')"


class Message(Base):
    """One SMS, promised or received."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "lane",
            "priority",
            "id",
            postgresql_where=text("state = 'queued' AND campaign_id IS NULL"),
        ),
        # A campaign's by text: the same text goes to many in one request.
        Index(
            "ix_message_batch",
            "campaign_id",
            text("md5(body)"),
            "id",
            postgresql_where=text("state = 'queued' AND campaign_id IS NOT NULL"),
        ),
        Index("ix_message_open", "state", "state_at", postgresql_where=text(_OPEN)),
        Index("ix_message_final", "state_at", postgresql_where=text(_FINAL)),
        Index("ix_message_doubt", "id", postgresql_where=text(_REPLY_IN_DOUBT)),
        Index("ix_message_received", "id", postgresql_where=text("state = 'received'")),
        Index("ix_message_phone", "phone", "id"),
        Index("ix_message_ticket_id", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
        Index(
            "ix_message_campaign",
            "campaign_id",
            "state",
            "ward_code",
            "network_code",
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        Index("uq_message_received", "carrier_id", unique=True, postgresql_where=text("direction = 'in'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[Direction] = mapped_column(stored(Direction, "direction"))
    state: Mapped[State] = mapped_column(stored(State, "state"))
    kind: Mapped[str] = mapped_column(String(24))  # confirmation, reply …
    phone: Mapped[str] = mapped_column(String(32))
    body: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    created_at: Mapped[datetime]
    state_at: Mapped[datetime]  # since when it stands there
    # Outgoing
    dedupe_key: Mapped[str | None] = mapped_column(String(80), unique=True)  # one per business event
    lane: Mapped[LaneName | None] = mapped_column(stored(LaneName, "lane"))
    priority: Mapped[int] = mapped_column(default=5)  # lower goes first
    segments: Mapped[int] = mapped_column(default=1)
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    attempt_no: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(64))  # the worker that claimed it
    lease_until: Mapped[datetime | None]
    # Of a campaign; an incoming one that replies to it has it too
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    ward_code: Mapped[str | None] = mapped_column(String(8))  # the recipient's, when the campaign began
    network_code: Mapped[str | None] = mapped_column(String(8))  # as a delivery report tells it
    # Incoming; a carrier that gives no id gets one made of phone, words and minute
    carrier_id: Mapped[str | None] = mapped_column(String(128))
    details: Mapped[dict[str, Any] | None]


_DOUBT = "carrier_id IS NULL AND (outcome IS NULL OR outcome = 'unknown')"


class Attempt(Base):
    """One request to the carrier for one message."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("message_id", "n"),
        Index("ix_attempt_campaign", "campaign_id", "started_at", postgresql_where=text("campaign_id IS NOT NULL")),
        Index("ix_attempt_single", "id", postgresql_where=text("campaign_id IS NULL")),
        Index("ix_attempt_doubt", "started_at", postgresql_where=text(_DOUBT)),
        Index("ix_attempt_bulk", "id", postgresql_where=text("campaign_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    n: Mapped[int]
    started_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(24))  # None while the carrier has not answered
    reason: Mapped[str | None]
    http_status: Mapped[int | None]
    carrier_id: Mapped[str | None] = mapped_column(String(128), unique=True)  # AT's messageId
    cost: Mapped[str | None] = mapped_column(String(24))  # as the carrier wrote it: "KES 0.8000"
    campaign_id: Mapped[int | None]  # its message's: a campaign is judged by its own attempts, a lane by the others


class DeliveryReport(Base):
    """What the carrier said became of a message, kept raw; it may come early, late, twice or for nobody."""

    __tablename__ = "delivery_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[str] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(128), default="")
    phone: Mapped[str] = mapped_column(String(32))
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    is_quarantined: Mapped[bool] = mapped_column(server_default=false())  # names another phone than its message
    raw: Mapped[dict[str, Any]]

    __table_args__ = (
        UniqueConstraint("carrier_id", "status", "reason"),
        Index("ix_delivery_report_waiting", "received_at", postgresql_where=text("applied_at IS NULL")),
    )


class Lane(Base):
    """Whether a lane may send; a stopped one says why and, where it heals by itself, until when."""

    __tablename__ = "lane"

    name: Mapped[LaneName] = mapped_column(stored(LaneName, "lane_name"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str | None]
    until: Mapped[datetime | None]
    judged_from: Mapped[int] = mapped_column(server_default="0")  # attempts above this id count towards its faults


class Pace(Base):
    """When the carrier's limit allows the next segment; one row, shared by all workers."""

    __tablename__ = "pace"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
    replies_free_at: Mapped[datetime | None]  # for the next reply, which waits for replies alone
    slow_until: Mapped[datetime | None]  # the carrier complained: half as fast until then


class SmsSpending(Base):
    """What a day's sending has used, so that a cap can close the lanes."""

    __tablename__ = "sms_spending"

    day: Mapped[date] = mapped_column(primary_key=True)  # in the county's time zone
    segments: Mapped[int] = mapped_column(default=0)
    cents: Mapped[int] = mapped_column(default=0)  # of a Kenya shilling, as the carrier charged


class Lineage(Base):
    """Which history this database belongs to: hosts keep the newest token and don't send when it isn't known here."""

    __tablename__ = "lineage"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
