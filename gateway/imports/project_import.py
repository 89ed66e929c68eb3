"""The import of projects: a file of the county's own list into the project table. Columns: county/README.md.

Real projects drive the samples out: the first real one retires every sample, and from then on samples are left out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from gateway.imports import import_cells, import_rows, imports
from gateway.imports.import_cells import BadCell, Cells, KnownNames
from gateway.imports.imports import Column, ImportReport, Reading, Written
from models import Project, ProjectStatus, Ward

COLUMNS = (
    Column("code", ("project code", "project no", "number")),
    Column("name", ("project", "project name", "title")),
    Column("ward", ("wards", "location")),
    Column("department"),
    Column(
        "status",
    ),
    Column("percent_done", ("percent", "% done", "% complete", "percent complete", "progress")),
    Column("contract_sum", ("contract amount", "cost", "contract sum (KES)"), is_optional=True),
    Column("paid", ("amount paid", "paid (KES)"), is_optional=True),
    Column("contractor", (), is_optional=True),
    Column("start_date", ("start", "starts on", "commencement date"), is_optional=True),
    Column("end_date", ("end", "ends on", "completion date"), is_optional=True),
    Column("source_document", ("source", "document")),
    Column("source_page", ("page",), is_optional=True),
    Column("as_of", ("date of the information", "as at", "information date")),
    Column("sample", ("mfano", "is sample"), is_optional=True),
)


@dataclass(frozen=True)
class ProjectRow:
    """A project as a file tells it; no wards means county-wide. Money in Kenya shillings."""

    code: str
    name: str
    wards: tuple[str, ...]
    department_code: str
    status: ProjectStatus
    percent_done: int
    contract_sum: Decimal | None
    paid: Decimal | None
    contractor: str | None
    starts_on: date | None
    ends_on: date | None
    source_document: str
    source_page: str | None
    as_of: date
    is_sample: bool


def import_projects(db: Session, path: Path, *, partial: bool, replace: bool = False, now: datetime) -> ImportReport:
    """Imports a CSV or XLSX file of projects; a second import of the same file changes nothing.

    With `partial` the right rows are taken though others are wrong. With `replace` the file is the whole list: what it
    lacks is retired; otherwise it stays. Gives what became of the file.
    Raises `BadImport` when it can't be read at all.
    """
    import_rows.lock(db)
    reading = read_projects(path, imports.known_names(db))

    def write(rows: list[ProjectRow]) -> Written:
        return write_projects(db, rows, replace=replace, now=now)

    return imports.take(reading, write, partial=partial, replace=replace)


def read_projects(path: Path, names: KnownNames) -> Reading[ProjectRow]:
    """Reads a file of projects without writing anything. Raises `BadImport` when it can't be read or lacks a column."""
    return imports.read_file(path, COLUMNS, lambda cells: _project(cells, names), lambda row: row.code)


def _project(cells: Cells, names: KnownNames) -> ProjectRow:
    row = ProjectRow(
        code=cells.need("code", import_cells.code),
        name=cells.need("name", import_cells.words),
        wards=cells.need("ward", names.place),
        department_code=cells.need("department", names.department),
        status=cells.need("status", import_cells.one_of(ProjectStatus)),
        percent_done=cells.need("percent_done", import_cells.percent),
        contract_sum=cells.maybe("contract_sum", import_cells.amount),
        paid=cells.maybe("paid", import_cells.amount),
        contractor=cells.maybe("contractor", import_cells.words),
        starts_on=cells.maybe("start_date", import_cells.day),
        ends_on=cells.maybe("end_date", import_cells.day),
        source_document=cells.need("source_document", import_cells.words),
        source_page=cells.maybe("source_page", import_cells.words),
        as_of=cells.need("as_of", import_cells.day),
        is_sample=cells.maybe("sample", import_cells.flag) or False,
    )
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise BadCell(f"end_date {row.ends_on} comes before start_date {row.starts_on}")
    return row


def write_projects(db: Session, rows: list[ProjectRow], *, replace: bool, now: datetime) -> Written:
    """Writes rows already read; with `replace` what they don't name is retired. Call `import_rows.lock` first."""
    is_real = import_rows.is_real_known(db, Project, rows)
    wanted = {row.code: row for row in rows if not (is_real and row.is_sample)}
    wards = {ward.code: ward for ward in db.scalars(select(Ward))}
    values = (_values(row, wards) for row in wanted.values())
    merged = import_rows.merge(db, Project, values, key=("code",), options=[selectinload(Project.wards)])

    def is_missing(project: Project) -> bool:
        return replace and (bool(wanted) or not is_real) and project.code not in wanted

    gone = import_rows.retire_rest(db, Project, is_missing, is_real=is_real, now=now)
    return Written(
        added=tuple(code for (code,) in merged.added),
        changed=tuple(code for (code,) in merged.changed),
        retired=tuple(project.code for project in gone.missing),
        samples_retired=len(gone.samples),
        samples_left_out=len(rows) - len(wanted),
    )


def _values(row: ProjectRow, wards: dict[str, Ward]) -> dict[str, Any]:
    stands_in = [wards[code] for code in row.wards]
    return vars(row) | {"wards": stands_in, "is_county_wide": not row.wards, "retired_at": None}
