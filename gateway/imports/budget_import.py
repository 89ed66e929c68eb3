"""The import of budget lines: a file of what each programme was given and has spent. Columns: county/README.md.

Real lines drive the samples out, of whatever year: the first real one retires every sample.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from gateway.imports import import_cells, import_rows, imports
from gateway.imports.import_cells import Cells, KnownNames
from gateway.imports.imports import Column, ImportReport, Reading, Written
from models import BudgetLine, Spending

COLUMNS = (
    Column("fiscal_year", ("year", "financial year", "FY")),
    Column("department"),
    Column("programme", ("program", "vote", "programme name")),
    Column("spending", ("type", "recurrent or development", "economic classification")),
    Column("approved", ("approved (KES)", "budget", "approved budget", "allocation")),
    Column("spent", ("spent (KES)", "expenditure", "actual", "actual expenditure")),
    Column("source_document", ("source", "document")),
    Column("source_page", ("page",), is_optional=True),
    Column("sample", ("mfano", "is sample"), is_optional=True),
)

KEY = ("fiscal_year", "department_code", "programme", "spending")


@dataclass(frozen=True)
class BudgetRow:
    """A budget line as a file tells it. Money in Kenya shillings."""

    fiscal_year: str
    department_code: str
    programme: str
    spending: Spending
    approved: Decimal
    spent: Decimal
    source_document: str
    source_page: str | None
    is_sample: bool


def _key(line: BudgetLine | BudgetRow) -> tuple[str, str, str, str]:
    return line.fiscal_year, line.department_code, line.programme, line.spending


def import_budget(db: Session, path: Path, *, partial: bool, replace: bool = False, now: datetime) -> ImportReport:
    """Imports a CSV or XLSX file of budget lines; a second import of the same file changes nothing.

    With `partial` the right rows are taken though others are wrong. With `replace` the file is the whole of the fiscal
    years it holds: what it lacks of them is retired, other years stay. Gives what became of the file.
    Raises `BadImport` when it can't be read at all.
    """
    import_rows.lock(db)
    reading = read_budget(path, imports.known_names(db))

    def write(rows: list[BudgetRow]) -> Written:
        return write_budget(db, rows, replace=replace, now=now)

    return imports.take(reading, write, partial=partial, replace=replace)


def read_budget(path: Path, names: KnownNames) -> Reading[BudgetRow]:
    """Reads a file of budget lines without writing anything. Raises `BadImport` when it can't be read."""
    return imports.read_file(path, COLUMNS, lambda cells: _line(cells, names), _key)


def _line(cells: Cells, names: KnownNames) -> BudgetRow:
    return BudgetRow(
        fiscal_year=cells.need("fiscal_year", import_cells.fiscal_year),
        department_code=cells.need("department", names.department),
        programme=cells.need("programme", import_cells.words),
        spending=cells.need("spending", import_cells.one_of(Spending)),
        approved=cells.need("approved", import_cells.amount),
        spent=cells.need("spent", import_cells.amount),
        source_document=cells.need("source_document", import_cells.words),
        source_page=cells.maybe("source_page", import_cells.words),
        is_sample=cells.maybe("sample", import_cells.flag) or False,
    )


def write_budget(db: Session, rows: list[BudgetRow], *, replace: bool, now: datetime) -> Written:
    """Writes rows already read; with `replace` their years lose what they don't name. Call `import_rows.lock` first."""
    is_real = import_rows.is_real_known(db, BudgetLine, rows)
    wanted = {_key(row): row for row in rows if not (is_real and row.is_sample)}
    years = {row.fiscal_year for row in wanted.values()}
    values = (vars(row) | {"retired_at": None} for row in wanted.values())
    merged = import_rows.merge(db, BudgetLine, values, key=KEY)

    def is_missing(line: BudgetLine) -> bool:
        return replace and (line.fiscal_year in years or not is_real) and _key(line) not in wanted

    gone = import_rows.retire_rest(db, BudgetLine, is_missing, is_real=is_real, now=now)
    return Written(
        added=tuple(" ".join(key) for key in merged.added),
        changed=tuple(" ".join(key) for key in merged.changed),
        retired=tuple(" ".join(_key(line)) for line in gone.missing),
        samples_retired=len(gone.samples),
        samples_left_out=len(rows) - len(wanted),
    )
