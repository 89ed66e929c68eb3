"""Figures as they are told to who may not see sensitive matters: those in one line, and no number that is small.

A small number might point at somebody. The totals stand above the lines, and in a line the whole beside its parts:
where one number alone would be withheld, the smallest beside it is withheld too, or the rest would give it away. Lines
without tickets must be among them: that a small one stands there at all would tell of it.
"""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy.orm import Session

from gateway.desk.figures import By, Counts, Line, total
from gateway.desk.small_cells import SMALLEST_SHOWN, sensitive_categories

FOLDED = "(sensitive)"  # the code of the line of all sensitive matters; no category's has brackets
NAMES = tuple(each.name for each in fields(Counts))
WHOLE, PARTS = "resolved", ("confirmed", "contested", "silent")

Cell = tuple[str, str]  # a line's code, and the name of one of its counts


def folded(db: Session, told_apart: By, lines: Sequence[Line]) -> Sequence[Line]:
    """Gives the lines with all sensitive categories in one at the end; others than those of categories as they are."""
    if told_apart is not By.CATEGORY:
        return lines
    sensitive = sensitive_categories(db)
    together = total([line for line in lines if line.code in sensitive])
    return [*(line for line in lines if line.code not in sensitive), Line(FOLDED, {}, together)]


def withheld(lines: Sequence[Line]) -> frozenset[Cell]:
    """Gives which counts are not told: small ones, empty ones too, and what would give a single one away."""
    counts = {(line.code, name): getattr(line.counts, name) for line in lines for name in NAMES}
    hidden = {cell for cell, count in counts.items() if count < SMALLEST_SHOWN}
    while lonely := next(filter(None, (_company(group, hidden) for group in _sums(lines, hidden))), None):
        hidden.add(min(lonely, key=lambda cell: (counts[cell], cell)))
    return frozenset(hidden)


def _sums(lines: Sequence[Line], hidden: set[Cell]) -> Sequence[Sequence[Cell]]:
    """Gives the cells whose sum is told: a count in all lines, and the parts of a line where their whole is told."""
    columns = [[(line.code, name) for line in lines] for name in NAMES]
    parts = [[(line.code, part) for part in PARTS] for line in lines if (line.code, WHOLE) not in hidden]
    return [*columns, *parts]


def _company(group: Sequence[Cell], hidden: set[Cell]) -> Sequence[Cell]:
    """Gives what could be withheld beside the only cell of a sum that is; nothing where there are more, or none."""
    shown = [cell for cell in group if cell not in hidden]
    return shown if len(shown) == len(group) - 1 else []
