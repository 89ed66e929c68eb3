"""What every import shares: a sheet is read row by row, wrong rows are named, and the file is taken or refused.

An import file is the whole truth about the rows it holds: an empty cell empties the field. Without `partial` one wrong
row refuses the file; with it, the right rows are taken and the wrong ones only named.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import BadImport
from gateway.imports import sheets
from gateway.imports.import_cells import BadCell, Cells, KnownNames, fold, spellings
from models import Department, Ward

R = TypeVar("R")

MOST_SHOWN = 50  # wrong rows on a terminal; the rest are counted


@dataclass(frozen=True)
class Column:
    """A column by its name, the other headers it goes by, and whether a file can do without it."""

    name: str
    also: tuple[str, ...] = ()
    is_optional: bool = False

    @property
    def headers(self) -> frozenset[str]:
        """The folded headers that mean this column."""
        return frozenset(fold(header) for header in (self.name, *self.also))


@dataclass(frozen=True)
class BadRow:
    """A wrong row: its number in the file and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Reading(Generic[R]):
    """A file read: the rows understood, with their numbers, the wrong ones, and columns nobody asked for."""

    good: tuple[tuple[int, R], ...]
    bad: tuple[BadRow, ...]
    ignored_columns: tuple[str, ...]

    @property
    def rows(self) -> list[R]:
        """The rows understood."""
        return [row for _, row in self.good]


@dataclass(frozen=True)
class Written:
    """What a file changed: the codes of the rows added, changed and retired; how many samples went or stayed out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    samples_retired: int = 0
    samples_left_out: int = 0


@dataclass(frozen=True)
class ImportReport:
    """What became of a file; as text, for a terminal. `is_refused`: nothing was written, because of the bad rows."""

    rows: int
    bad: tuple[BadRow, ...]
    ignored_columns: tuple[str, ...]
    is_refused: bool
    written: Written

    def __str__(self) -> str:
        lines = [f"row {row.number}: {row.reason}" for row in self.bad[:MOST_SHOWN]]
        if len(self.bad) > MOST_SHOWN:
            lines.append(f"... and {len(self.bad) - MOST_SHOWN:,} more wrong rows")
        if self.ignored_columns:
            lines.append(f"columns not used: {', '.join(self.ignored_columns)}")
        return "\n".join([*lines, self._outcome(), *self._about_samples()])

    def _outcome(self) -> str:
        if self.is_refused:
            return f"Nothing was imported: {len(self.bad):,} of {self.rows:,} rows are wrong. --partial takes the rest."
        done = self.written
        counts = f"{len(done.added):,} added, {len(done.changed):,} changed, {len(done.retired):,} retired"
        return f"{self.rows:,} rows read: {counts}, {len(self.bad):,} wrong."

    def _about_samples(self) -> list[str]:
        lines = []
        if self.written.samples_retired:
            lines.append(f"{self.written.samples_retired:,} sample rows were retired: real ones are here.")
        if self.written.samples_left_out:
            lines.append(f"{self.written.samples_left_out:,} sample rows were left out: real ones are here.")
        return lines


def known_names(db: Session) -> KnownNames:
    """Gives the wards and departments an import may name: those that aren't retired."""
    wards = db.scalars(select(Ward).where(Ward.retired_at.is_(None)))
    departments = db.scalars(select(Department).where(Department.retired_at.is_(None)))
    return KnownNames(
        wards=spellings((ward.code, (ward.name, *ward.spellings)) for ward in wards),
        departments=spellings((department.code, (department.name,)) for department in departments),
    )


def read_file(
    path: Path, columns: Sequence[Column], parse: Callable[[Cells], R], key: Callable[[R], Hashable]
) -> Reading[R]:
    """Reads every row of a CSV or XLSX file.

    `parse` gives the row's meaning or raises `BadCell`. A `key` seen before makes the later row a wrong one.
    Raises `BadImport` when the file can't be read or lacks a column.
    """
    sheet = sheets.read(path)
    places, ignored = _places(sheet.header, columns)
    good: list[tuple[int, R]] = []
    bad: list[BadRow] = []
    seen: dict[Hashable, int] = {}
    for row in sheet.rows:
        try:
            understood = parse(_cells(row, places, len(sheet.header)))
            first = seen.setdefault(key(understood), row.number)
            if first != row.number:
                raise BadCell(f"tells of the same as row {first}: one of them is too many")
        except BadCell as fault:
            bad.append(BadRow(row.number, str(fault)))
        else:
            good.append((row.number, understood))
    return Reading(tuple(good), tuple(bad), ignored)


def _places(header: Sequence[str], columns: Sequence[Column]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Gives the place of each column in the header, and the headers left over."""
    places: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(header):
        name = next((column.name for column in columns if fold(title) in column.headers), None)
        if name in places:
            raise BadImport(f"the column {name} stands twice in the header")
        if name is not None:
            places[name] = place
        elif title:
            ignored.append(title)
    missing = [column.name for column in columns if column.name not in places and not column.is_optional]
    if missing:
        raise BadImport(f"the header lacks {', '.join(missing)}; it has {', '.join(filter(None, header))}")
    return places, tuple(ignored)


def _cells(row: sheets.Row, places: dict[str, int], width: int) -> Cells:
    if row.fault is not None:
        raise BadCell(str(row.fault))
    if any(row.cells[width:]):
        raise BadCell(f"has {len(row.cells)} cells, the header has {width}: is a comma missing its quotes?")
    return Cells({name: row.cells[place] for name, place in places.items() if place < len(row.cells)})


def take(reading: Reading[R], write: Callable[[list[R]], Written], *, partial: bool, replace: bool) -> ImportReport:
    """Gives the right rows to `write`, or refuses the file, and tells what became of it.

    Raises `BadImport` when the file holds no row, or when a wrong row meets both `partial` and `replace`: what stands
    in it would be retired as if it were missing.
    """
    total = len(reading.good) + len(reading.bad)
    if total == 0:
        raise BadImport("the file has a header and no rows")
    if replace and partial and reading.bad:
        raise BadImport(
            f"--replace needs a file without wrong rows; row {reading.bad[0].number} is the first wrong one"
        )
    is_refused = bool(reading.bad) and not partial
    written = Written() if is_refused else write(reading.rows)
    return ImportReport(total, reading.bad, reading.ignored_columns, is_refused, written)
