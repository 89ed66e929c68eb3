"""Tickets by ward and category, with cells left out that are so small that they might point at somebody.

A cell below five is hidden, an empty one too: else the totals beside it would tell what a small one holds. Where it is
the only hidden one of its row or column, so that the sum of the others gave it away, the smallest is hidden with it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.county.period import Period
from gateway.desk.figures import in_period
from models import Category, Ticket, Ward

SMALLEST_SHOWN = 5

Cell = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """Tickets by ward and category: the codes with their names, and the numbers that may be shown."""

    wards: Mapping[str, str]
    categories: Mapping[str, dict[str, str]]
    shown: Mapping[Cell, int]


def grid(db: Session, period: Period, *, with_sensitive: bool = True) -> Grid:
    """Gives the grid of the tickets opened in a period; wards and categories of which nothing is shown are left out.

    `with_sensitive`: whether the categories of sensitive matters are told, too.
    """
    counted = select(Ticket.ward_code, Ticket.category_code, func.count()).where(*in_period(period))
    rows = db.execute(counted.where(Ticket.ward_code.is_not(None)).group_by(Ticket.ward_code, Ticket.category_code))
    wards = dict(db.execute(select(Ward.code, Ward.name).order_by(Ward.name)).all())
    categories = dict(db.execute(select(Category.code, Category.label).order_by(Category.position)).all())
    shown = showable({(row[0] or "", row[1]): row[2] for row in rows}, wards, categories)
    untold = set() if with_sensitive else sensitive_categories(db)
    shown = {cell: count for cell, count in shown.items() if cell[1] not in untold}
    return Grid(
        {code: name for code, name in wards.items() if any(cell[0] == code for cell in shown)},
        {code: label for code, label in categories.items() if any(cell[1] == code for cell in shown)},
        shown,
    )


def sensitive_categories(db: Session) -> set[str]:
    """Gives the codes of the categories of sensitive matters."""
    return set(db.scalars(select(Category.code).where(Category.sensitive)))


def showable(counts: Mapping[Cell, int], wards: Collection[str], categories: Collection[str]) -> dict[Cell, int]:
    """Gives the cells that may be shown."""
    shown = {cell: count for cell in product(wards, categories) if (count := counts.get(cell, 0)) >= SMALLEST_SHOWN}
    while given_away := _given_away(shown, len(wards), len(categories)):
        del shown[given_away]
    return shown


def _given_away(shown: Mapping[Cell, int], wards: int, categories: int) -> Cell | None:
    """Gives the smallest cell of a row or column of which all but one are shown; None where there is none."""
    for axis, length in ((0, categories), (1, wards)):
        for line in {cell[axis] for cell in shown}:
            own = [cell for cell in shown if cell[axis] == line]
            if len(own) == length - 1:
                return min(own, key=lambda cell: (shown[cell], cell))
    return None
