"""The budget and its calendar, as citizens look them up."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from menus import county as shown
from models import BudgetDate, BudgetLine, Department

SHOWN_OCCASIONS = 8


def by_department(db: Session) -> shown.Budget | None:
    """Gives the newest fiscal year by department, in the county's own order; None when there is none."""
    year = _newest_year(db)
    if year is None:
        return None
    rows = db.execute(
        select(Department.code, Department.label, func.sum(BudgetLine.approved), func.sum(BudgetLine.spent))
        .join(BudgetLine, BudgetLine.department_code == Department.code)
        .where(BudgetLine.fiscal_year == year, BudgetLine.retired_at.is_(None))
        .group_by(Department.code)
        .order_by(Department.position, Department.code)
    )
    shares = [shown.Share(code, label, approved, spent) for code, label, approved, spent in rows]
    return shown.Budget(year, shares, _is_sample(db, year))


def by_programme(db: Session, department: str) -> shown.Budget | None:
    """Gives that year's programmes of one department, largest first, and the document they were read from."""
    year = _newest_year(db)
    given = func.sum(BudgetLine.approved)
    rows = db.execute(
        select(BudgetLine.programme, given, func.sum(BudgetLine.spent), func.min(BudgetLine.source_document))
        .where(BudgetLine.fiscal_year == year, BudgetLine.department_code == department)
        .where(BudgetLine.retired_at.is_(None))
        .group_by(BudgetLine.programme)
        .order_by(given.desc(), BudgetLine.programme)
    ).all()
    if year is None or not rows:
        return None
    shares = [shown.Share(name, {"en": name}, approved, spent) for name, approved, spent, _ in rows]
    return shown.Budget(year, shares, _is_sample(db, year), source=rows[0][3])


def occasions(db: Session, today: date) -> Sequence[shown.Occasion]:
    """Gives the next dates of the budget year, soonest first."""
    dated = [
        shown.Occasion(entry.label, day, entry.is_sample)
        for entry in db.scalars(select(BudgetDate).where(BudgetDate.retired_at.is_(None)))
        if (day := _next_day(entry, today))
    ]
    return sorted(dated, key=lambda occasion: occasion.day)[:SHOWN_OCCASIONS]


def _newest_year(db: Session) -> str | None:
    return db.scalar(select(func.max(BudgetLine.fiscal_year)).where(BudgetLine.retired_at.is_(None)))


def _is_sample(db: Session, year: str) -> bool:
    of_year = (BudgetLine.fiscal_year == year, BudgetLine.retired_at.is_(None))
    return bool(db.scalar(select(func.bool_or(BudgetLine.is_sample)).where(*of_year)))


def _next_day(entry: BudgetDate, today: date) -> date | None:
    """Gives when a calendar entry comes next: a statutory one every year, a forum once."""
    if entry.on is not None:
        return entry.on if entry.on >= today else None
    if entry.month is None or entry.day is None:
        return None
    this_year = date(today.year, entry.month, entry.day)
    return this_year if this_year >= today else date(today.year + 1, entry.month, entry.day)
