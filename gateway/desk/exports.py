"""Exports: tickets as a file that leaves the console, for who says why; numbers masked, marked and recorded.

The file is written whole, in the transaction that records it: what the audit log tells is what was handed out. The
caller gives a file to write to, on disk where it may be large.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from gateway import phones
from gateway.county import county_time
from gateway.desk import sheets_out
from gateway.desk.sheets_out import Sheet
from gateway.errors import Refused
from gateway.staff import audit, reasons, rights
from gateway.staff.rights import Right
from gateway.tickets import references
from models import Category, Department, Staff, Ticket, Ward

EXPORTED = "exported"  # the audit log's word
MOST, WITHIN = 5, timedelta(hours=1)  # for one member of staff
MOST_ROWS = 50_000
_AT_ONCE = 500  # rows fetched from the database


class Kind(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"

    def sheet(self, file: BinaryIO, name: str) -> Sheet:
        """Gives a sheet of this kind that is written to a file; its name stands where the kind has room for one."""
        return sheets_out.Csv(file) if self is Kind.CSV else sheets_out.Xlsx(file, name)

    @property
    def media(self) -> str:
        """The type of its content."""
        return sheets_out.Csv.media if self is Kind.CSV else sheets_out.Xlsx.media


@dataclass(frozen=True)
class Wish:
    """What somebody wants exported, and why. The conditions narrow; what they may see is added here."""

    kind: Kind
    reason: str
    conditions: Sequence[ColumnElement[bool]] = ()
    filters: Mapping[str, str] = field(default_factory=dict)  # the same as words, for the log and the file


@dataclass(frozen=True)
class Exported:
    """A file that was written: its name, and how many tickets it holds."""

    name: str
    rows: int


def write(db: Session, staff: Staff, wish: Wish, file: BinaryIO, now: datetime) -> Exported:
    """Writes tickets to a file, newest first, and records it.

    Raises `Refused` where this member of staff may not, says no reason, has exported too often within the hour, and
    where more than `MOST_ROWS` would go out.
    """
    if not rights.may(staff, Right.EXPORT):
        raise Refused("You may not export cases.")
    why = reasons.checked(wish.reason)
    if audit.deeds_since(db, staff.name, EXPORTED, now - WITHIN, most=MOST) >= MOST:
        raise Refused("You have exported %(most)s times within the hour. Wait a little.", most=MOST)
    if count(db, staff, wish.conditions) > MOST_ROWS:
        raise Refused("These are more than %(most)s cases: narrow the dates or the filters.", most=MOST_ROWS)
    conditions = (*rights.in_scope(staff), *wish.conditions)
    zone = county_time.zone(db)
    sheet = wish.kind.sheet(file, "Cases")
    sheet.row(_CELLS)
    rows, is_sample = 0, False
    for row in _rows(db, conditions):
        sheet.row(cell(row, zone) for cell in _CELLS.values())
        rows, is_sample = rows + 1, is_sample or row.clocks_are_sample
    sheet.finish(_notes(staff, why, wish.filters, _Made(rows, is_sample, now.astimezone(zone))))
    details = {"kind": wish.kind.value, "rows": rows, "reason": why, "filters": _kept(wish.filters)}
    audit.record(db, staff.name, EXPORTED, "tickets", now, **details)
    return Exported(_name(staff, wish.kind, now.astimezone(zone), is_sample=is_sample), rows)


@dataclass(frozen=True)
class _Made:
    rows: int
    is_sample: bool
    at: datetime


def _kept(filters: Mapping[str, str]) -> dict[str, str]:
    """Gives the filters as the log keeps them: what was searched for may be a citizen's words, or a number."""
    return {name: "(some words)" if name == "q" else value for name, value in filters.items()}


def count(db: Session, staff: Staff, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Gives how many tickets an export would hold, counted up to one more than `MOST_ROWS`."""
    counted = select(Ticket.id).where(*rights.in_scope(staff), *conditions).limit(MOST_ROWS + 1).subquery()
    return db.scalar(select(func.count()).select_from(counted)) or 0


def _rows(db: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[Row[Any]]:
    return iter(db.execute(_wanted(conditions).execution_options(yield_per=_AT_ONCE)))


def _wanted(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    whole = aliased(Ticket)  # the one that others were merged into
    names = (
        Category.label["en"].astext.label("category"),
        Category.clocks_are_sample,
        Department.name.label("department"),
        Ward.name.label("ward"),
        whole.reference.label("whole"),
    )
    own = [column for column in Ticket.__table__.columns if column.name != "search"]
    return (
        select(*own, *names)
        .join(Category, Category.code == Ticket.category_code)
        .join(Department, Department.code == Ticket.department_code)
        .outerjoin(Ward, Ward.code == Ticket.ward_code)
        .outerjoin(whole, whole.id == Ticket.merged_into_id)
        .where(*conditions)
        .order_by(Ticket.id.desc())
    )


def _phone(phone: str | None, *, is_hidden: bool) -> str:
    if phone is None:
        return "none"
    return "hidden" if is_hidden else phones.masked(phone)


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


_CELLS: Mapping[str, Callable[[Row[Any], ZoneInfo], str]] = {
    "case": lambda row, _: references.printed(row.reference),
    "opened": lambda row, zone: _moment(row.opened_at, zone),
    "channel": lambda row, _: row.channel.value,
    "kind": lambda row, _: row.kind.value,
    "status": lambda row, _: row.status.value,
    "priority": lambda row, _: row.priority.value,
    "urgent": lambda row, _: _yes(row.is_urgent),
    "sensitive": lambda row, _: _yes(row.is_sensitive),
    "category": lambda row, _: row.category,
    "department": lambda row, _: row.department,
    "ward": lambda row, _: row.ward or "",
    "project": lambda row, _: row.project_code or "",
    "assigned to": lambda row, _: row.assignee or "",
    "phone": lambda row, _: _phone(row.phone, is_hidden=row.hides_phone),
    "citizen's words": lambda row, _: row.words,
    "answer due": lambda row, zone: _moment(row.answer_due_at, zone),
    "answered": lambda row, zone: _moment(row.answered_at, zone),
    "resolve due": lambda row, zone: _moment(row.resolve_due_at, zone),
    "resolved": lambda row, zone: _moment(row.resolved_at, zone),
    "closed": lambda row, zone: _moment(row.closed_at, zone),
    "times reopened": lambda row, _: str(row.reopened),
    "citizen says": lambda row, _: row.verdict.value if row.verdict else "",
    "merged into": lambda row, _: references.printed(row.whole) if row.whole else "",
}


def _notes(staff: Staff, why: str, filters: Mapping[str, str], made: _Made) -> Sequence[tuple[str, str]]:
    chosen = "; ".join(f"{name}: {value}" for name, value in filters.items()) or "none"
    sample = [("Sample data", "The clocks of some of these cases are samples, not the county's own.")]
    return [
        ("Exported by", staff.name),
        ("Exported at", f"{made.at:%Y-%m-%d %H:%M %Z}"),
        ("Reason", why),
        ("Filters", chosen),
        ("Cases", str(made.rows)),
        ("Recorded", "This export is recorded in the audit log. Handle it as the citizens' own."),
        *(sample if made.is_sample else []),
    ]


def _name(staff: Staff, kind: Kind, at: datetime, *, is_sample: bool) -> str:
    by = "".join(character if character.isalnum() and character.isascii() else "-" for character in staff.name)
    return f"cases-{at:%Y%m%d-%H%M}-{by}{'-sample-data' if is_sample else ''}.{kind.value}"
