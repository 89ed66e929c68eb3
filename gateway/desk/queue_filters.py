"""What staff narrow the queue by. Every filter is written in the address; one that says nothing known is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from gateway.county.county_time import begins, ends
from gateway.desk import queue_search
from models import Category, Department, Priority, Project, Staff, Status, Ticket, Ward

T = TypeVar("T")

EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Choices:
    """What may be chosen, by code: names, or labels per language."""

    ward: Mapping[str, str]
    category: Mapping[str, dict[str, str]]
    department: Mapping[str, dict[str, str]]
    project: Mapping[str, str]
    assignee: Mapping[str, str]


@dataclass(frozen=True)
class Filters:
    """What was chosen; None for what was not."""

    ward: str | None = None
    category: str | None = None
    department: str | None = None
    project: str | None = None
    assignee: str | None = None
    status: Status | None = None
    priority: Priority | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    q: str | None = None

    def chosen(self) -> dict[str, str]:
        """Gives what was chosen as an address carries it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}


def choices(db: Session) -> Choices:
    """Gives what the queue can be narrowed by, in the order a list shows it."""
    wards = db.execute(select(Ward.code, Ward.name).where(Ward.retired_at.is_(None)).order_by(Ward.name))
    categories = select(Category.code, Category.label).where(Category.retired_at.is_(None))
    departments = select(Department.code, Department.label).where(Department.retired_at.is_(None))
    projects = select(Project.code, Project.name).where(Project.retired_at.is_(None)).order_by(Project.name)
    names = db.scalars(select(Staff.name).where(Staff.disabled_at.is_(None)).order_by(Staff.name))
    return Choices(
        ward=_named(wards.all()),
        category=_named(db.execute(categories.order_by(Category.position, Category.code)).all()),
        department=_named(db.execute(departments.order_by(Department.position, Department.code)).all()),
        project=_named(db.execute(projects).all()),
        assignee={name: name for name in names},
    )


def _named(rows: Sequence[Row[str, T]]) -> dict[str, T]:
    return {row[0]: row[1] for row in rows}


def read(given: Mapping[str, str], known: Choices) -> tuple[Filters, Sequence[str]]:
    """Reads the filters of an address; gives them and the names of those that say nothing known."""
    readers: dict[str, Callable[[str], object]] = {
        **{field.name: _one_of(getattr(known, field.name)) for field in fields(known)},
        "status": Status,
        "priority": Priority,
        "opened_from": _day,
        "opened_to": _day,
        "q": queue_search.tidy,
    }
    found: dict[str, object] = {}
    unknown = []
    for name, reader in readers.items():
        value = given.get(name, "").strip()
        if not value:
            continue
        try:
            found[name] = reader(value) or None
        except ValueError:
            unknown.append(name)
    return Filters(**found), unknown  # type: ignore[arg-type]


def _one_of(known: Mapping[str, object]) -> Callable[[str], str]:
    def reader(value: str) -> str:
        if value not in known:
            raise ValueError(value)
        return value

    return reader


def _day(value: str) -> date:
    day = date.fromisoformat(value)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(value)
    return day


def conditions(filters: Filters, zone: ZoneInfo) -> Sequence[ColumnElement[bool]]:
    """Gives the conditions of the filters, all but the search's; dates are the county's, both ends included."""
    equal = {
        Ticket.ward_code: filters.ward,
        Ticket.category_code: filters.category,
        Ticket.department_code: filters.department,
        Ticket.project_code: filters.project,
        Ticket.assignee: filters.assignee,
        Ticket.status: filters.status,
        Ticket.priority: filters.priority,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if filters.opened_from:
        found.append(Ticket.opened_at >= begins(filters.opened_from, zone))
    if filters.opened_to:
        found.append(Ticket.opened_at < ends(filters.opened_to, zone))
    return found
