"""The county's own facts, kept in memory: read anew when, and only when, the database says that one has changed.

The database draws another `county.revision` with every change of the county, its sub-counties, wards, categories and
holidays (a trigger on each table), so that a load of the pack shows at the next look in every process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gateway.county.clocks import WorkingHours
from menus import county as shown
from models import Category, County, Holiday, Kind, Subcounty, Ward


@dataclass(frozen=True)
class BookWard:
    """A ward, also one that is retired."""

    named: shown.Named
    subcounty: str
    stands: bool


@dataclass(frozen=True)
class BookCategory:
    """A category, also one that is retired."""

    shown: shown.Category
    kind: Kind
    department_code: str
    answer_hours: int
    resolve_hours: int
    clocks_are_sample: bool
    is_offered: bool  # to citizens: it stands, and is no request about one's own data


@dataclass(frozen=True)
class Book:
    """What stands in it; places by name, categories in the order in which they are offered."""

    revision: UUID
    name: str
    line: str
    question_category: str
    hours: WorkingHours
    subcounties: Sequence[shown.Named]
    wards: Mapping[str, BookWard]
    categories: Mapping[str, BookCategory]


def working_hours(db: Session) -> WorkingHours:
    """Gives the county's hours with every holiday that is known, past ones too: a clock may have waited for a year."""
    return book(db).hours


def the_county(db: Session) -> County:
    """Gives the one county this gateway serves."""
    return db.scalars(select(County)).one()


_newest: Book | None = None


def book(db: Session, revision: UUID | None = None) -> Book:
    """Gives the county's book, of the revision that the caller has just read, or else of the one it reads here."""
    global _newest
    wanted = revision or db.scalars(select(County.revision)).one()
    found = _newest
    if found is None or found.revision != wanted:
        found = _newest = _read(db, wanted)
    return found


def _read(db: Session, revision: UUID) -> Book:
    county = db.execute(
        select(
            County.name,
            County.line,
            County.question_category,
            County.opens,
            County.closes,
            County.workdays,
            County.timezone,
        )
    ).one()
    hours = WorkingHours(
        opens=county.opens,
        closes=county.closes,
        workdays=frozenset(county.workdays),
        holidays=frozenset(db.scalars(select(Holiday.on))),
        zone=ZoneInfo(county.timezone),
    )
    return Book(
        revision=revision,
        name=county.name,
        line=county.line,
        question_category=county.question_category,
        hours=hours,
        subcounties=_subcounties(db),
        wards=_wards(db),
        categories=_categories(db),
    )


def _subcounties(db: Session) -> list[shown.Named]:
    standing = select(Subcounty.code, Subcounty.name).where(Subcounty.retired_at.is_(None)).order_by(Subcounty.name)
    return [shown.Named(*place) for place in db.execute(standing)]


def _wards(db: Session) -> dict[str, BookWard]:
    rows = db.execute(select(Ward.code, Ward.name, Ward.subcounty_code, Ward.retired_at).order_by(Ward.name))
    return {row.code: BookWard(shown.Named(row.code, row.name), row.subcounty_code, not row.retired_at) for row in rows}


def _categories(db: Session) -> dict[str, BookCategory]:
    everyone = db.execute(select(*Category.__table__.columns).order_by(Category.position, Category.code))
    return {row.code: _category(row) for row in everyone}


def _category(row: Row[*tuple[Any, ...]]) -> BookCategory:
    return BookCategory(
        shown=shown.Category(
            code=row.code,
            label=row.label,
            is_sensitive=row.sensitive,
            is_urgent=row.urgent,
            is_praise=row.kind is Kind.COMPLIMENT,
            call=row.call or None,
        ),
        kind=row.kind,
        department_code=row.department_code,
        answer_hours=row.answer_hours,
        resolve_hours=row.resolve_hours,
        clocks_are_sample=row.clocks_are_sample,
        is_offered=row.retired_at is None and row.kind is not Kind.REQUEST,
    )
