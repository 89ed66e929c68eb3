"""Writing rows that come from files so that twice is the same as once: added, changed where they differ, or retired.

All loads and imports of one database queue behind one lock, so what is compared is what is there. Rows are retired, not
deleted, because cases and follows point at them.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from models import Base, BudgetLine, Project

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Base)
S = TypeVar("S", bound=Project | BudgetLine)


class Importable(Protocol):
    """A row of an import file, which may be a sample."""

    @property
    def is_sample(self) -> bool:
        """Whether it only shows what a real row would look like."""


LOCK = (1548, 1)  # the number, and the county's files as the first thing in it that only one may write


@dataclass(frozen=True)
class Merged(Generic[K]):
    """The keys of the rows that were added and of those that changed."""

    added: tuple[K, ...]
    changed: tuple[K, ...]


def lock(db: Session) -> None:
    """Waits until no other transaction loads or imports, and holds the others off until this one ends."""
    db.execute(select(func.pg_advisory_xact_lock(*LOCK)))


def merge(
    db: Session,
    model: type[M],
    rows: Mapping[K, Mapping[str, Any]],
    *,
    key: Callable[[M], K],
    options: Sequence[ORMOption] = (),
) -> Merged[K]:
    """Adds each row that isn't there and changes each that differs; what isn't named in `rows` stays as it is.

    `rows` maps a key to column values, `key` reads the same key off a stored row. Call `lock` first.
    """
    query = select(model).options(*options).execution_options(populate_existing=True)
    stored = {key(row): row for row in db.scalars(query)}
    added: list[K] = []
    changed: list[K] = []
    for row_key, values in rows.items():
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


def retire(db: Session, rows: Sequence[Any], now: datetime) -> None:
    """Retires the stored rows given."""
    for row in rows:
        row.retired_at = now
    db.flush()


def standing(db: Session, model: type[M]) -> Sequence[M]:
    """Gives the rows of a table that aren't retired."""
    return db.scalars(select(model).where(model.retired_at.is_(None))).all()  # type: ignore[attr-defined]


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
    rows = standing(db, model)
    samples = [row for row in rows if is_real and row.is_sample]
    missing = [row for row in rows if not (is_real and row.is_sample) and is_missing(row)]
    retire(db, [*samples, *missing], now)
    return Retired(samples, missing)
