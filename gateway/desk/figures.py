"""Figures: what became of the tickets of a period, by what the county did and by what citizens said of it.

Two rates stand side by side: of all tickets the share that staff resolved, and of those the share whose citizen said
that it is fixed. Silence is counted on its own and never as satisfied. What was merged into another is counted once,
with the other. Figures name nobody; how they are told to who may not see sensitive matters is in discreet_figures.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from gateway import database
from gateway.county import clocks
from gateway.county.county_book import working_hours
from gateway.county.period import Period
from models import LIVE_STATUSES, Category, Department, EventKind, Status, Ticket, TicketEvent, Verdict, Ward

MOST_MEASURED = 5000  # tickets whose time to the first answer is looked at, the newest
_ANSWERED = func.coalesce(Ticket.answered_at, Ticket.closed_at)  # who rejects says why: that is an answer
PATIENCE = 10  # seconds: a year of tickets is more than one page of a queue


class By(StrEnum):
    """What figures are told apart by."""

    CATEGORY = "category"
    DEPARTMENT = "department"
    WARD = "ward"
    MONTH = "month"


@dataclass(frozen=True)
class Counts:
    """What became of some tickets. `confirmed`, `contested` and `silent` are parts of `resolved`."""

    opened: int = 0
    resolved: int = 0  # staff said so at least once
    confirmed: int = 0  # the citizen's last word: it is fixed
    contested: int = 0  # the citizen's last word: it is not
    silent: int = 0  # no word on the last resolution
    ever_contested: int = 0  # the citizen said at least once that it is not
    still_open: int = 0
    overdue: int = 0
    answers_judged: int = 0  # answered, or due by now
    answers_in_time: int = 0
    resolutions_judged: int = 0
    resolutions_in_time: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Line:
    """The counts of one category, department, ward or month."""

    code: str  # empty for tickets without a ward
    label: dict[str, str]  # per language
    counts: Counts


def rate(part: int, whole: int) -> int | None:
    """Gives a share in whole per cent, None of nothing. Only all are 100, only none are 0."""
    if not whole:
        return None
    share = round(100 * part / whole)
    if 0 < part < whole:
        return min(max(share, 1), 99)
    return share


def by(db: Session, told_apart: By, period: Period, now: datetime, *, with_empty: bool = False) -> Sequence[Line]:
    """Gives the counts of the tickets opened in a period, in one statement; `with_empty`: also where there are none."""
    database.allow(db, seconds=PATIENCE)
    key = _key(told_apart, period.zone)
    found = select(key, *_counted(now)).where(*in_period(period)).group_by(key)
    names = _labels(db, told_apart)
    counted = {row[0] or "": Counts(*row[1:]) for row in db.execute(found)}
    if with_empty:
        counted = {code: Counts() for code in (*names, *([""] if told_apart is By.WARD else []))} | counted
    lines = [Line(code, names.get(code, {"en": code}), counts) for code, counts in counted.items()]
    order = list(names)
    return sorted(lines, key=lambda line: (order.index(line.code) if line.code in names else len(order), line.code))


def total(lines: Sequence[Line]) -> Counts:
    """Gives the counts of all lines together."""
    return sum((line.counts for line in lines), Counts())


def hours_to_answer(db: Session, period: Period) -> float | None:
    """Gives the median of the working hours from opening to the first answer, None where nothing was answered."""
    database.allow(db, seconds=PATIENCE)
    # What a case opened again keeps of its first answer stands on its timeline alone.
    first = case((Ticket.reopened == 0, _ANSWERED), else_=_first_told())
    newest = select(Ticket.opened_at, first.label("first")).where(*in_period(period))
    answered = newest.where(or_(_ANSWERED.is_not(None), Ticket.reopened > 0))
    rows = db.execute(answered.order_by(Ticket.id.desc()).limit(MOST_MEASURED)).all()
    work = working_hours(db)
    spans = [clocks.worked(row.opened_at, row.first, work) for row in rows if row.first]
    return median(span / timedelta(hours=1) for span in spans) if spans else None


def _first_told() -> ColumnElement[datetime]:
    """Gives when a citizen was first told more than a question, or to whom their case was passed on."""
    moved = aliased(TicketEvent)
    asks = moved.details["to"].astext.in_((Status.WAITING_CITIZEN, Status.WAITING_DEPARTMENT))
    is_along = exists().where(moved.ticket_id == TicketEvent.ticket_id, moved.at == TicketEvent.at, asks)
    told = select(func.min(TicketEvent.at)).where(TicketEvent.ticket_id == Ticket.id, ~is_along)
    return told.where(TicketEvent.kind == EventKind.ANSWERED).scalar_subquery()


def are_sample(db: Session) -> bool:
    """Whether clocks of some categories are samples, so that what is said of time is one too."""
    sample = select(Category.code).where(Category.clocks_are_sample, Category.retired_at.is_(None))
    return db.scalar(sample.limit(1)) is not None


def in_period(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Gives the conditions that a ticket was opened in a period and was not merged into another."""
    return (Ticket.merged_into_id.is_(None), Ticket.opened_at >= period.begins, Ticket.opened_at < period.ends)


def _counted(now: datetime) -> Sequence[ColumnElement[int]]:
    """Gives what is counted, in the order of `Counts`."""
    resolved = Ticket.resolved_by.is_not(None)  # kept when it is opened again
    # One by one, by index: a list of all that were ever contested would be made of every event there is.
    ever = exists().where(TicketEvent.ticket_id == Ticket.id, TicketEvent.kind == EventKind.CONTESTED)
    live = Ticket.status.in_(LIVE_STATUSES)
    until = func.coalesce(Ticket.paused_at, now)  # clocks that wait for the citizen stand still
    answer_judged = or_(_ANSWERED.is_not(None), until > Ticket.answer_due_at)
    resolve_judged = or_(Ticket.resolved_at.is_not(None), and_(live, until > Ticket.resolve_due_at))
    conditions = (
        resolved,
        and_(resolved, Ticket.verdict == Verdict.FIXED),
        and_(resolved, Ticket.verdict == Verdict.NOT_FIXED),
        and_(resolved, Ticket.verdict.is_(None)),
        and_(resolved, ever),
        live,
        and_(live, Ticket.next_due_at < now),
        answer_judged,
        and_(answer_judged, Ticket.answer_due_at >= _ANSWERED),
        and_(resolve_judged, Ticket.status != Status.REJECTED),
        and_(Ticket.resolved_at <= Ticket.resolve_due_at, Ticket.status != Status.REJECTED),
    )
    return (func.count(), *(func.count().filter(condition) for condition in conditions))


def _key(told_apart: By, zone: ZoneInfo) -> ColumnElement[Any]:
    month = func.to_char(func.timezone(zone.key, Ticket.opened_at), "YYYY-MM")
    keys: dict[By, ColumnElement[Any]] = {
        By.CATEGORY: Ticket.category_code.expression,
        By.DEPARTMENT: Ticket.department_code.expression,
        By.WARD: Ticket.ward_code.expression,
        By.MONTH: month,
    }
    return keys[told_apart]


def _labels(db: Session, told_apart: By) -> dict[str, dict[str, str]]:
    """Gives the labels in the order in which lines stand."""
    match told_apart:
        case By.CATEGORY:
            return dict(db.execute(select(Category.code, Category.label).order_by(Category.position)).all())
        case By.DEPARTMENT:
            every = db.scalars(select(Department).order_by(Department.position))
            return {department.code: department.names for department in every}
        case By.WARD:
            named = db.execute(select(Ward.code, Ward.name).order_by(Ward.name))
            return {code: {"en": name} for code, name in named}
        case By.MONTH:
            return {}
