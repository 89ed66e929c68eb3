"""Budget lines: what a department's programme was given and has spent in a fiscal year (1 July to 30 June)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, stored


class Spending(StrEnum):
    """The two halves of a Kenyan budget."""

    RECURRENT = "recurrent"
    DEVELOPMENT = "development"


class BudgetLine(Base):
    """One programme's approved and spent money, with the document and page it was read from."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("fiscal_year", "department_code", "programme", "spending"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[str] = mapped_column(String(7), index=True)  # 2026/27
    department_code: Mapped[str] = mapped_column(ForeignKey("department.code"))
    programme: Mapped[str]
    spending: Mapped[Spending] = mapped_column(stored(Spending, "spending"))
    approved: Mapped[Decimal] = mapped_column(Numeric(16, 2))  # Kenya shillings
    spent: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    source_document: Mapped[str]
    source_page: Mapped[str | None]
    is_sample: Mapped[bool]
    retired_at: Mapped[datetime | None]
