"""Writing rows that come from files so that twice is the same as once: added, changed where they differ, or retired.

All loads and imports of one database queue behind one lock, so what is compared is what is there. Rows are retired, not
deleted, because cases and follows point at them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from models import Base, BudgetLine, Project

M = TypeVar("M", bound=Base)
S = TypeVar("S", bound=Project | BudgetLine)


class Importable(Protocol):
    """A row of an import file, which may be a sample."""

    @property
    def is_sample(self) -> bool:
        """Whether it only shows what a real row would look like."""


Key = tuple[Any, ...]

BATCH = 1_000  # rows in memory at a time: a list may be long
LOCK = (1548, 1)  # the number, and the county's files as the first thing in it that only one may write


@dataclass(frozen=True)
class Merged:
    """The keys of the rows that were added and of those that changed."""

    added: tuple[Key, ...]
    changed: tuple[Key, ...]


def lock(db: Session) -> None:
    """Waits until no other transaction loads or imports, and holds the others off until this one ends."""
    db.execute(select(func.pg_advisory_xact_lock(*LOCK)))


def merge(
    db: Session,
    model: type[Base],
    rows: Iterable[Mapping[str, Any]],
    *,
    key: tuple[str, ...],
    options: Sequence[ORMOption] = (),
) -> Merged:
    """Adds each row that isn't there and changes each that differs; what isn't named in `rows` stays as it is.

    `rows` are column values, `key` names the columns that tell one row from another. Call `lock` first.
    """
    added: list[Key] = []
    changed: list[Key] = []
    source = iter(rows)
    while batch := {tuple(row[name] for name in key): row for row in islice(source, BATCH)}:
        stored = _stored(db, model, key, batch, options)
        for row_key, values in batch.items():
            row = stored.get(row_key)
            if row is None:
                db.add(model(**values))
                added.append(row_key)
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row_key)
        db.flush()
    return Merged(tuple(added), tuple(changed))


def _stored(
    db: Session, model: type[Base], key: tuple[str, ...], batch: Iterable[Key], options: Sequence[ORMOption]
) -> dict[Key, Base]:
    columns = tuple_(*(getattr(model, name) for name in key))
    query = select(model).where(columns.in_(list(batch))).options(*options)
    found = db.scalars(query.execution_options(populate_existing=True))
    return {tuple(getattr(row, name) for name in key): row for row in found}


def retire(db: Session, rows: Iterable[Any], now: datetime) -> None:
    """Retires the stored rows given."""
    for row in rows:
        row.retired_at = now
    db.flush()


def standing(db: Session, model: type[M]) -> Iterator[M]:
    """Gives, a batch at a time, the rows of a table that aren't retired."""
    unretired = select(model).where(model.retired_at.is_(None))  # type: ignore[attr-defined]
    return iter(db.scalars(unretired.execution_options(yield_per=BATCH)))


def is_real_known(db: Session, model: type[S], rows: Sequence[Importable]) -> bool:
    """Tells whether a row that is no sample is among these or was ever imported."""
    stored = select(exists().where(model.is_sample.is_(False)))
    return any(not row.is_sample for row in rows) or bool(db.scalar(stored))


@dataclass(frozen=True)
class Retired(Generic[M]):
    """What went: samples, because real rows are known, and rows that a whole list no longer names."""

    samples: Sequence[M]
    missing: Sequence[M]


def retire_rest(
    db: Session, model: type[S], is_missing: Callable[[S], bool], *, is_real: bool, now: datetime
) -> Retired[S]:
    """Retires all samples where real rows are known, and of the other rows those that are missing."""
    samples, missing = [], []
    for row in standing(db, model):
        if is_real and row.is_sample:
            samples.append(row)
        elif is_missing(row):
            missing.append(row)
    retire(db, [*samples, *missing], now)
    return Retired(samples, missing)
