"""Writing the county pack to the database: loading twice changes nothing, and what disappears is retired.

Two processes may load at once; the second waits for the first and finds nothing left to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import models
from gateway.errors import BadPack
from gateway.imports import import_rows, pack_replies
from gateway.imports.budget_import import write_budget
from gateway.imports.imports import Written
from gateway.imports.pack_shapes import Pack
from gateway.imports.project_import import write_projects


@dataclass(frozen=True)
class Changes:
    """How many rows a load added, changed and retired; all zero when the database already held the pack."""

    added: int = 0
    changed: int = 0
    retired: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.added + other.added, self.changed + other.changed, self.retired + other.retired)

    def __str__(self) -> str:
        return f"{self.added:,} added, {self.changed:,} changed, {self.retired:,} retired"


def load(db: Session, pack: Pack, now: datetime) -> Changes:
    """Brings the database to what the pack says.

    What the pack no longer names is retired as of `now`; what returns stands again. Sample projects and budget lines
    are written only while no real ones were imported, sample replies while there is no other. Raises `BadPack` when the
    database belongs to another county.
    """
    import_rows.lock(db)
    _refuse_another_county(db, pack.county.code)
    changes = [_merge(db, models.County, [pack.county])]
    for model, rows in _rows_in_order(pack):
        changes += [_merge(db, model, rows), _retire(db, model, rows, now)]
    changes += [_merge(db, models.Holiday, pack.holidays), _forget_holidays(db, pack)]
    changes.append(_counted(write_projects(db, list(pack.projects), replace=True, now=now)))
    changes.append(_counted(write_budget(db, list(pack.budget), replace=True, now=now)))
    changes.append(Changes(added=pack_replies.write(db, pack.replies, now)))
    return sum(changes, Changes())


def _refuse_another_county(db: Session, code: str) -> None:
    other = db.scalar(select(models.County.name).where(models.County.code != code))
    if other is not None:
        raise BadPack(f"the database belongs to {other}: another county needs a database of its own")


def _rows_in_order(pack: Pack) -> Sequence[tuple[type[models.Base], Sequence[Any]]]:
    """Gives each table that retires its rows, what is pointed at before what points at it."""
    return (
        (models.Subcounty, pack.subcounties),
        (models.Ward, pack.wards),
        (models.Place, pack.places),
        (models.Department, pack.departments),
        (models.Category, pack.categories),
        (models.BudgetDate, pack.budget_dates),
    )


def _key(model: type[models.Base]) -> str:
    """Gives the name of the one column that tells a row of the pack, or of the table, from the others."""
    return str(model.__mapper__.primary_key[0].name)


def _merge(db: Session, model: type[models.Base], rows: Sequence[Any]) -> Changes:
    standing = {"retired_at": None} if hasattr(model, "retired_at") else {}
    merged = import_rows.merge(db, model, [vars(row) | standing for row in rows], key=(_key(model),))
    return Changes(added=len(merged.added), changed=len(merged.changed))


def _retire(db: Session, model: type[models.Base], rows: Sequence[Any], now: datetime) -> Changes:
    key = _key(model)
    named = {getattr(row, key) for row in rows}
    gone = [row for row in import_rows.standing(db, model) if getattr(row, key) not in named]
    import_rows.retire(db, gone, now)
    return Changes(retired=len(gone))


def _forget_holidays(db: Session, pack: Pack) -> Changes:
    named = {holiday.on for holiday in pack.holidays}
    gone = [holiday for holiday in db.scalars(select(models.Holiday)) if holiday.on not in named]
    for holiday in gone:
        db.delete(holiday)
    db.flush()
    return Changes(retired=len(gone))


def _counted(written: Written) -> Changes:
    retired = len(written.retired) + written.samples_retired
    return Changes(len(written.added), len(written.changed), retired)
