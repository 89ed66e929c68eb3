"""Campaigns: bulk SMS by officials to the people concerned, each approved by a second person.

A campaign's recipients are rows of the message table, made when it begins; their states are its progress. An uploaded
list is kept beside it, and so is every wording a template has had.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # its author is done; a second person decides
    APPROVED = "approved"  # it begins at once
    SCHEDULED = "scheduled"  # approved, and its moment is still to come
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # too late to be worth sending


class Campaign(Base):
    """One text, in each language, to one audience, once."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))  # for staff
    status: Mapped[CampaignStatus] = mapped_column(stored(CampaignStatus, "campaign_status"))
    version: Mapped[int] = mapped_column(default=1)  # moved on by every change
    author: Mapped[str] = mapped_column(ForeignKey("staff.name"))
    approver: Mapped[str | None] = mapped_column(ForeignKey("staff.name"))
    is_emergency: Mapped[bool] = mapped_column(default=False, server_default=false())  # may go out at night
    audience: Mapped[dict[str, Any]]  # gateway/campaigns/audiences.py reads it
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    project_code: Mapped[str | None] = mapped_column(ForeignKey("project.code"))  # what `{project}` stands for
    texts: Mapped[dict[str, str]]  # per language
    tested: Mapped[str | None] = mapped_column(String(64))  # the digest of the texts that the author sent themselves
    starts_at: Mapped[datetime | None]  # not before; None: as soon as it is approved
    stale_at: Mapped[datetime]  # what is not sent by then is not worth sending
    rate: Mapped[int | None]  # segments per second; None: as fast as the lane allows
    expected: Mapped[int | None]  # recipients counted when it was submitted
    reason: Mapped[str | None]  # why it was rejected, paused or cancelled
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    expanded_at: Mapped[datetime | None]  # since when every recipient has a row
    ended_at: Mapped[datetime | None]
    free_at: Mapped[datetime | None]  # when its own rate allows the next segment
    judged_from: Mapped[int] = mapped_column(default=0, server_default="0")  # attempts above this id may brake it


class Exclusion(Base):
    """How many of a campaign's audience get nothing, and why: counted when its recipients were made."""

    __tablename__ = "exclusion"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int]


class Upload(Base):
    """A list of phones that somebody uploaded, once every bad row of it was settled."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))  # of the file
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("staff.name"))
    uploaded_at: Mapped[datetime]
    rows: Mapped[int]  # read
    faults: Mapped[list[dict[str, Any]]]  # the bad ones: line, value, what is wrong and its values
    settled_at: Mapped[datetime | None]  # None while bad rows wait for a decision


class UploadedPhone(Base):
    """One phone of an uploaded list, each once however often and in whatever spelling it stood there."""

    __tablename__ = "uploaded_phone"

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(16), primary_key=True)


class TextTemplate(Base):
    """A text to begin campaigns with; it keeps every wording it has had."""

    __tablename__ = "text_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    retired_at: Mapped[datetime | None]


class Wording(Base):
    """One wording of a template, in every language. The newest is offered."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("template_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("text_template.id"))
    n: Mapped[int]
    texts: Mapped[dict[str, str]]
    written_by: Mapped[str] = mapped_column(ForeignKey("staff.name"))
    written_at: Mapped[datetime]
