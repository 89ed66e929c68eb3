"""The budget and its calendar, as citizens look them up."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from menus import county as shown
from models import BudgetDate, BudgetLine, Department

SHOWN_OCCASIONS = 8

_LISTED, _ALIKE = aliased(BudgetLine), aliased(BudgetLine)
_YEAR = select(func.max(_LISTED.fiscal_year)).where(_LISTED.retired_at.is_(None)).scalar_subquery()
_OF_YEAR = BudgetLine.fiscal_year == _YEAR, BudgetLine.retired_at.is_(None)
_SUMS = func.sum(BudgetLine.approved), func.sum(BudgetLine.spent)
_IS_SAMPLE = (
    select(func.bool_or(_ALIKE.is_sample))
    .where(_ALIKE.fiscal_year == _YEAR, _ALIKE.retired_at.is_(None))
    .scalar_subquery()
)


def by_department(db: Session) -> shown.Budget | None:
    """Gives the newest fiscal year by department, in the county's own order; None when there is none."""
    rows = db.execute(
        select(Department.code, Department.label, _YEAR, *_SUMS, func.bool_or(BudgetLine.is_sample))
        .join(BudgetLine, BudgetLine.department_code == Department.code)
        .where(*_OF_YEAR)
        .group_by(Department.code)
        .order_by(Department.position, Department.code)
    ).all()
    if not rows:
        return None
    shares = [shown.Share(code, label, approved, spent) for code, label, _, approved, spent, _ in rows]
    return shown.Budget(rows[0][2], shares, any(is_sample for *_, is_sample in rows))


def by_programme(db: Session, department: str) -> shown.Budget | None:
    """Gives that year's programmes of one department, largest first, and the document they were read from."""
    given, spent = _SUMS
    rows = db.execute(
        select(BudgetLine.programme, given, spent, _YEAR, _IS_SAMPLE, func.min(BudgetLine.source_document))
        .where(*_OF_YEAR, BudgetLine.department_code == department)
        .group_by(BudgetLine.programme)
        .order_by(given.desc(), BudgetLine.programme)
    ).all()
    if not rows:
        return None
    shares = [shown.Share(row[0], {"en": row[0]}, row[1], row[2]) for row in rows]
    *_, year, is_sample, source = rows[0]
    return shown.Budget(year, shares, bool(is_sample), source=source)


def occasions(db: Session, today: date) -> Sequence[shown.Occasion]:
    """Gives the next dates of the budget year, soonest first."""
    dated = [
        shown.Occasion(entry.label, day, entry.is_sample)
        for entry in db.scalars(select(BudgetDate).where(BudgetDate.retired_at.is_(None)))
        if (day := _next_day(entry, today))
    ]
    return sorted(dated, key=lambda occasion: occasion.day)[:SHOWN_OCCASIONS]


def _next_day(entry: BudgetDate, today: date) -> date | None:
    """Gives when a calendar entry comes next: a statutory one every year, a forum once."""
    if entry.on is not None:
        return entry.on if entry.on >= today else None
    if entry.month is None or entry.day is None:
        return None
    this_year = date(today.year, entry.month, entry.day)
    return this_year if this_year >= today else date(today.year + 1, entry.month, entry.day)
