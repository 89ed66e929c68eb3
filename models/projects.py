"""Public projects, the wards they stand in, and who follows them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Numeric, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, stored
from models.county import Ward


class ProjectStatus(StrEnum):
    """Where a project stands."""

    PLANNED = "planned"
    PROCUREMENT = "procurement"
    ONGOING = "ongoing"
    STALLED = "stalled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


project_ward = Table(
    "project_ward",
    Base.metadata,
    Column("project_code", ForeignKey("project.code", ondelete="CASCADE"), primary_key=True),
    Column("ward_code", ForeignKey("ward.code"), primary_key=True, index=True),
)


class Project(Base):
    """A public project as the county's own list tells it, with the document and the day the facts come from."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("percent_done BETWEEN 0 AND 100", name="percent"),)

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str]
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    is_county_wide: Mapped[bool]
    status: Mapped[ProjectStatus] = mapped_column(stored(ProjectStatus, "project_status"))
    percent_done: Mapped[int]
    contract_sum: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))  # Kenya shillings
    paid: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    contractor: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source_document: Mapped[str]
    source_page: Mapped[str | None]
    as_of: Mapped[date]  # the date of the information
    is_sample: Mapped[bool]
    retired_at: Mapped[datetime | None]

    wards: Mapped[list[Ward]] = relationship(secondary=project_ward, order_by=Ward.code)


class Follow(Base):
    """A citizen's wish to be told when a project, or anything in a ward, changes. At most one of a kind is open."""

    __tablename__ = "follow"
    __table_args__ = (
        Index("uq_follow_open", "phone", "project_code", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("uq_follow_open_ward", "phone", "ward_code", unique=True, postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("(project_code IS NULL) <> (ward_code IS NULL)", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(ForeignKey("citizen.phone"))
    project_code: Mapped[str | None] = mapped_column(ForeignKey("project.code"), index=True)
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
