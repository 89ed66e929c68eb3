"""The county as its pack describes it: places, departments, categories, holidays and the budget calendar.

Rows come from the pack and are never deleted: what disappears from the pack is retired, because old cases point at it.
Only holidays go for good, since nothing points at them and an expected one may be gazetted for another day.
"""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Numeric, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class Kind(StrEnum):
    """What a citizen's case is: most complain, some thank, some ask, and some want their own data erased."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    QUESTION = "question"
    REQUEST = "request"  # about the data the county holds on the citizen


class County(Base):
    """The county itself: one row."""

    __tablename__ = "county"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str]
    line: Mapped[str]  # the toll-free number people call and text
    languages: Mapped[list[str]] = mapped_column(ARRAY(String))
    timezone: Mapped[str]
    opens: Mapped[time]
    closes: Mapped[time]
    workdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))  # ISO weekdays, 1 is Monday
    question_category: Mapped[str]  # where a budget question goes
    # Hours of work after a clock ran out at which the agent, the supervisor and the chief officer are told
    escalation_hours: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{0,9,27}")
    closes_after_days: Mapped[int] = mapped_column(server_default="14")  # of silence after a case was resolved
    # No campaign goes out from `quiet_from` to `quiet_until`, nor on a public holiday, but for an emergency
    quiet_from: Mapped[time] = mapped_column(server_default="18:00:00")
    quiet_until: Mapped[time] = mapped_column(server_default="08:00:00")
    sms_price: Mapped[Decimal] = mapped_column(Numeric(6, 2), server_default="0.80")  # shillings a segment, estimated
    # Drawn anew by the database whenever the county, a ward, a category or a holiday changes (gateway/county)
    revision: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


class Subcounty(Base):
    """A county sub-county, which in Nandi is also a constituency (not the census unit of a like name)."""

    __tablename__ = "subcounty"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    retired_at: Mapped[datetime | None]


class Ward(Base):
    """A ward with its IEBC code and the spellings people use for it."""

    __tablename__ = "ward"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    subcounty_code: Mapped[str] = mapped_column(ForeignKey("subcounty.code"), index=True)
    spellings: Mapped[list[str]] = mapped_column(ARRAY(String))
    retired_at: Mapped[datetime | None]


class Place(Base):
    """A town, market or centre and the wards it may mean: more than one, or none, must be asked about."""

    __tablename__ = "place"

    name: Mapped[str] = mapped_column(primary_key=True)
    ward_codes: Mapped[list[str]] = mapped_column(ARRAY(String))
    retired_at: Mapped[datetime | None]


class Department(Base):
    """A county department: data, not an enum, since rosters change."""

    __tablename__ = "department"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str]
    label: Mapped[dict[str, str]]  # ≤ 16 characters per language
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    @property
    def names(self) -> dict[str, str]:
        """What it is called where there is room, per language: its whole name is English."""
        return {**self.label, "en": self.name}


class Category(Base):
    """What a case is about, whose it is, and by when it is answered and resolved (hours of work)."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    kind: Mapped[Kind] = mapped_column(stored(Kind, "kind"))
    label: Mapped[dict[str, str]]  # ≤ 16 characters per language
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    answer_hours: Mapped[int]
    resolve_hours: Mapped[int]
    clocks_are_sample: Mapped[bool]
    sensitive: Mapped[bool]
    urgent: Mapped[bool]
    ours: Mapped[bool]  # False: the case is kept, but the citizen is told whom to call
    call: Mapped[dict[str, str]]  # whom to call, per language; empty unless urgent or not the county's
    position: Mapped[int]
    words: Mapped[list[str]] = mapped_column(
        ARRAY(String), server_default="{}"
    )  # by which an SMS is known to be about it
    retired_at: Mapped[datetime | None]

    @property
    def is_grave(self) -> bool:
        """Whether somebody may be in danger, or must not be known to have spoken of it."""
        return self.urgent or self.sensitive


class Holiday(Base):
    """A public holiday in Kenya: no hour of it counts on a clock."""

    __tablename__ = "holiday"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_expected: Mapped[bool]  # True: follows the moon and isn't gazetted yet


class BudgetDate(Base):
    """A date of the budget year: a statutory deadline that returns every year, or a public forum on one day."""

    __tablename__ = "budget_date"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    label: Mapped[dict[str, str]]
    month: Mapped[int | None]
    day: Mapped[int | None]
    on: Mapped[date | None]
    is_sample: Mapped[bool]
    retired_at: Mapped[datetime | None]
