"""The county pack: a folder that holds all that makes this gateway this county's. county/README.md describes the files.

`read` gives the whole pack or raises the first fault with its file and line; nothing is written.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import available_timezones

from gateway.errors import BadPack
from gateway.imports import pack_files, pack_replies
from gateway.imports.budget_import import read_budget
from gateway.imports.import_cells import BadCell, Cells, KnownNames, day, flag, fold, spellings, words
from gateway.imports.imports import Column
from gateway.imports.pack_files import Entry
from gateway.imports.pack_shapes import BudgetDate, Category, County, Department, Holiday, Pack, Place, Subcounty, Ward
from gateway.imports.project_import import read_projects
from menus.county import ERASURE_CATEGORY, OTHER_CATEGORY
from menus.words import LANGUAGES
from models import Kind

LABEL, CALL, OCCASION = 16, 60, 40  # characters that fit where these words are shown
MOST_HOURS = 900  # of work, about five months
MOST_DAYS = 90  # for as long a citizen may contest a resolution
_COUNTY_KEYS = (
    "name",
    "code",
    "line",
    "languages",
    "timezone",
    "opens",
    "closes",
    "workdays",
    "question_category",
    "escalation_hours",
    "closes_after_days",
    "quiet_from",
    "quiet_until",
    "sms_price",
)
MOST_SHILLINGS = 100  # for one segment


def read(folder: Path) -> Pack:
    """Reads a county pack.

    Gives the pack, checked: every code that is pointed at exists, every label fits its screen.
    Raises `BadPack` with the first fault, its file and line.
    """
    entry = pack_files.single(folder / "county.toml")
    county = _county(entry)
    subcounties = _subcounties(folder)
    wards = _wards(folder, {subcounty.code for subcounty in subcounties})
    departments = _departments(folder, county.languages)
    categories = _categories(folder, county.languages, {department.code for department in departments})
    if county.question_category not in {category.code for category in categories if category.kind == Kind.QUESTION}:
        raise entry.fault("question_category", "names no category of the kind question in categories.toml")
    for needed in (OTHER_CATEGORY, ERASURE_CATEGORY):
        if needed not in {category.code for category in categories}:
            raise BadPack(f"categories.toml line 1: [{needed}] is missing, where an SMS may have to go")
    names = KnownNames(
        wards=spellings((ward.code, (ward.name, *ward.spellings)) for ward in wards),
        departments=spellings((department.code, (department.name,)) for department in departments),
    )
    return Pack(
        county=county,
        subcounties=subcounties,
        wards=wards,
        places=_places(folder, names),
        departments=departments,
        categories=categories,
        holidays=_holidays(folder),
        budget_dates=_budget_dates(folder, county.languages),
        projects=pack_files.samples(folder / "projects.csv", lambda path: read_projects(path, names)),
        budget=pack_files.samples(folder / "budget.csv", lambda path: read_budget(path, names)),
        replies=pack_replies.read(folder, {category.code for category in categories}),
    )


def _county(entry: Entry) -> County:
    entry.only(*_COUNTY_KEYS)
    county = County(
        code=entry.get("code", str),
        name=entry.get("name", str),
        line=entry.get("line", str),
        languages=entry.some_of("languages", list(LANGUAGES)),
        timezone=entry.get("timezone", str),
        opens=entry.get("opens", time),
        closes=entry.get("closes", time),
        workdays=entry.some_of("workdays", range(1, 8)),
        question_category=entry.get("question_category", str),
        escalation_hours=entry.rising("escalation_hours", 0, MOST_HOURS, [0, 9, 27]),
        closes_after_days=entry.number("closes_after_days", 1, MOST_DAYS, 14),
        quiet_from=entry.get("quiet_from", time, time(18)),
        quiet_until=entry.get("quiet_until", time, time(8)),
        sms_price=Decimal(str(entry.get("sms_price", float, 0.80))),
    )
    if not re.fullmatch(r"\d{3}", county.code):
        raise entry.fault("code", "must be the county's three digits, such as 029")
    if county.timezone not in available_timezones():
        raise entry.fault("timezone", f"is {county.timezone!r}, which no clock knows")
    if county.opens >= county.closes:
        raise entry.fault("closes", "must be later than opens")
    if county.quiet_until >= county.quiet_from:
        raise entry.fault("quiet_until", "must be earlier in the day than quiet_from: campaigns go out between the two")
    if not 0 <= county.sms_price < MOST_SHILLINGS:
        raise entry.fault("sms_price", f"must be shillings from 0 to {MOST_SHILLINGS}")
    return county


def _subcounties(folder: Path) -> tuple[Subcounty, ...]:
    def parse(cells: Cells) -> Subcounty:
        return Subcounty(code=cells.need("code", _number), name=cells.need("name", words))

    return pack_files.table(folder / "subcounties.csv", (Column("code"), Column("name")), parse, lambda row: row.code)


def _wards(folder: Path, subcounties: set[str]) -> tuple[Ward, ...]:
    columns = (Column("code"), Column("name"), Column("subcounty"), Column("spellings"))
    owners: dict[str, str] = {}

    def parse(cells: Cells) -> Ward:
        ward = Ward(
            code=cells.need("code", _number),
            name=cells.need("name", words),
            subcounty_code=cells.need("subcounty", _member(subcounties)),
            spellings=cells.maybe("spellings", _parts) or [],
        )
        for name in (ward.name, *ward.spellings):
            if owners.setdefault(fold(name), ward.code) != ward.code:
                raise BadCell(f"spellings: {name!r} is already ward {owners[fold(name)]}")
        return ward

    return pack_files.table(folder / "wards.csv", columns, parse, lambda row: row.code)


def _places(folder: Path, names: KnownNames) -> tuple[Place, ...]:
    def parse(cells: Cells) -> Place:
        return Place(name=cells.need("name", words), ward_codes=list(cells.maybe("wards", names.place) or ()))

    columns = (Column("name"), Column("wards"))
    return pack_files.table(folder / "places.csv", columns, parse, lambda row: fold(row.name))


def _departments(folder: Path, languages: list[str]) -> tuple[Department, ...]:
    def parse(position: int, entry: Entry) -> Department:
        entry.only("name", "label")
        label = entry.labels("label", languages, LABEL)
        return Department(code=entry.code, name=entry.get("name", str), label=label, position=position)

    return tuple(parse(*numbered) for numbered in enumerate(pack_files.entries(folder / "departments.toml"), start=1))


def _categories(folder: Path, languages: list[str], departments: set[str]) -> tuple[Category, ...]:
    def parse(position: int, entry: Entry) -> Category:
        entry.only(*_CATEGORY_KEYS)
        category = _category(position, entry, languages)
        if category.department_code not in departments:
            raise entry.fault("department", f"names {category.department_code!r}, which is not in departments.toml")
        if category.resolve_hours < category.answer_hours:
            raise entry.fault("resolve_hours", "must not be less than answer_hours")
        if not category.ours and not category.call:
            raise entry.fault("call", "is missing: whom does the citizen call, when it is not the county's?")
        return category

    return tuple(parse(*numbered) for numbered in enumerate(pack_files.entries(folder / "categories.toml"), start=1))


_CATEGORY_KEYS = (
    "kind",
    "department",
    "answer_hours",
    "resolve_hours",
    "clocks_are_sample",
    "sensitive",
    "urgent",
    "ours",
    "label",
    "call",
    "words",
)


def _category(position: int, entry: Entry, languages: list[str]) -> Category:
    return Category(
        code=entry.code,
        kind=Kind(entry.one_of("kind", list(Kind), Kind.COMPLAINT)),
        label=entry.labels("label", languages, LABEL),
        department_code=entry.get("department", str),
        answer_hours=entry.number("answer_hours", 1, MOST_HOURS),
        resolve_hours=entry.number("resolve_hours", 1, MOST_HOURS),
        clocks_are_sample=entry.get("clocks_are_sample", bool, True),
        sensitive=entry.get("sensitive", bool, False),
        urgent=entry.get("urgent", bool, False),
        ours=entry.get("ours", bool, True),
        call=entry.labels("call", languages, CALL) if "call" in entry.values else {},
        words=entry.words("words"),
        position=position,
    )


def _holidays(folder: Path) -> tuple[Holiday, ...]:
    def parse(cells: Cells) -> Holiday:
        return Holiday(
            on=cells.need("date", day), name=cells.need("name", words), is_expected=cells.need("expected", flag)
        )

    columns = (Column("date"), Column("name"), Column("expected"))
    return pack_files.table(folder / "holidays.csv", columns, parse, lambda row: row.on)


def _budget_dates(folder: Path, languages: list[str]) -> tuple[BudgetDate, ...]:
    return tuple(_budget_date(entry, languages) for entry in pack_files.entries(folder / "calendar.toml"))


def _budget_date(entry: Entry, languages: list[str]) -> BudgetDate:
    entry.only("month", "day", "on", "is_sample", "label")
    label = entry.labels("label", languages, OCCASION)
    is_sample = entry.get("is_sample", bool, False)
    if "on" in entry.values:
        if "month" in entry.values or "day" in entry.values:
            raise entry.fault("on", "stands beside a month or day: it is one day or it returns every year")
        return BudgetDate(entry.code, label, month=None, day=None, on=entry.get("on", date), is_sample=is_sample)
    month = entry.number("month", 1, 12)
    last = monthrange(2027, month)[1]  # no leap year: a deadline has to come every year
    return BudgetDate(entry.code, label, month=month, day=entry.number("day", 1, last), on=None, is_sample=is_sample)


def _number(text: str) -> str:
    if not re.fullmatch(r"\d{1,8}", text):
        raise BadCell(f"{text!r} is not a number")
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _member(codes: set[str]) -> Callable[[str], str]:
    def member(text: str) -> str:
        if text not in codes:
            raise BadCell(f"{text!r} is not one of {', '.join(sorted(codes))}")
        return text

    return member
