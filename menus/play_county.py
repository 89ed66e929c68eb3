"""A small sample county to try the dialogue on: real places of Nandi, all else invented and marked as a sample.

It answers the look-ups of `menus.county.County` for one caller and remembers what that caller does, without a database.
Its calendar stands still, so that the same dialogue always reads the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from menus import play_cases
from menus.county import (
    Budget,
    Case,
    Category,
    Labels,
    Named,
    Occasion,
    Project,
    ProjectLine,
    ProjectList,
    Promise,
    Share,
)
from menus.intents import (
    AddToTicket,
    ConfirmFixed,
    ContestFixed,
    FollowProject,
    Intent,
    OpenTicket,
    UnfollowProject,
)

TODAY = date(2026, 11, 23)
_FISCAL_YEAR = "2026/27"
_SOURCE = "Sample budget (mfano)"

_SUBCOUNTIES = {
    "Aldai": {"758": "Kobujoi", "759": "Kaptumo-Kaboi", "760": "Koyo-Ndurio"},
    "Chesumei": {"765": "Chemundu/Kapng'etuny", "766": "Kosirai", "769": "Kiptuya"},
    "Emgwen": {"770": "Chepkumia", "771": "Kapkangani", "772": "Kapsabet", "773": "Kilibwoni"},
    "Nandi Hills": {"761": "Nandi Hills", "763": "Ol'lessos", "764": "Kapchorua"},
}
_WARDS = {code: name for wards in _SUBCOUNTIES.values() for code, name in wards.items()}


def _label(en: str, sw: str) -> Labels:
    return {"en": en, "sw": sw}


_CATEGORIES = (
    Category("water", _label("Water/sanitation", "Maji na usafi")),
    Category("roads", _label("Roads & bridges", "Barabara, daraja")),
    Category("health", _label("Health", "Afya")),
    Category(
        "emergency",
        _label("Emergency", "Dharura"),
        is_urgent=True,
        call=_label("In danger? Call 999 or 112 now, it is free.", "Kuna hatari? Piga 999 au 112 sasa, ni bure."),
    ),
    Category("markets", _label("Markets & trade", "Soko na biashara")),
    Category("corruption", _label("Corruption", "Ufisadi"), is_sensitive=True),
    Category(
        "electricity",
        _label("Electricity", "Umeme"),
        call=_label("Electricity is Kenya Power's: call 97771.", "Umeme ni wa Kenya Power: piga 97771."),
    ),
    Category("compliment", _label("Compliment", "Pongezi"), is_praise=True),
)
_QUESTION = Category("budget_question", _label("Budget question", "Swali la bajeti"))

_PROJECTS = (
    Project(
        code="S117",
        name="Kapsabet market: drainage and 40 roofed stalls for traders",
        status="ongoing",
        percent_done=60,
        contract_sum=Decimal(18_450_000),
        paid=Decimal(9_225_000),
        contractor="Sample Builders Ltd (mfano)",
        starts_on=date(2026, 2, 2),
        ends_on=date(2027, 1, 29),
        source_document="Sample project list (mfano)",
        source_page="2",
        as_of=date(2026, 10, 31),
        is_sample=True,
        is_followed=False,
    ),
    Project(
        code="S118",
        name="Namgoi water kiosk",
        status="planned",
        percent_done=0,
        contract_sum=None,
        paid=None,
        contractor=None,
        starts_on=None,
        ends_on=None,
        source_document="Sample project list (mfano)",
        source_page=None,
        as_of=date(2026, 10, 31),
        is_sample=True,
        is_followed=False,
    ),
)

_SHARES = (
    Share("health", _label("Health", "Afya na usafi"), Decimal(2_874_469_000), Decimal(725_132_000)),
    Share("works", _label("Roads & works", "Uchukuzi, ujenzi"), Decimal(1_730_848_000), Decimal(303_907_000)),
    Share("lands", _label("Lands & water", "Ardhi na maji"), Decimal(1_024_405_000), Decimal(219_600_000)),
)
_PROGRAMMES = (
    Share("p1", {"en": "Curative services"}, Decimal(2_060_248_000), Decimal(523_436_000)),
    Share("p2", {"en": "Preventive and promotive health"}, Decimal(681_394_000), Decimal(166_017_000)),
)
_OCCASIONS = (
    Occasion(_label("Auditor-General's report", "Ripoti ya Mkaguzi Mkuu"), date(2026, 12, 31), is_sample=False),
    Occasion(
        _label("Budget forum: Emgwen, Kapsabet", "Mkutano wa bajeti: Emgwen, Kapsabet"),
        date(2027, 2, 10),
        is_sample=True,
    ),
)


@dataclass
class SampleCounty:
    """The county of one caller: `home_ward` is the code of the ward used last time, `cases` are newest first."""

    home_ward: str = ""
    cases: list[Case] = field(default_factory=list)
    followed: set[str] = field(default_factory=set)
    said_stop: bool = False
    name: str = "Nandi"
    line: str = "1548"
    question_category: str = _QUESTION.code

    def perform(self, intent: Intent, reference: str) -> None:
        """Does what a screen asked for, as the gateway would; a new case gets `reference`."""
        match intent:
            case OpenTicket():
                self._open(intent, reference)
            case FollowProject(project):
                self.followed.add(project)
            case UnfollowProject(project):
                self.followed.discard(project)
            case ConfirmFixed() | ContestFixed() | AddToTicket():
                self.cases = [play_cases.after(case, intent) for case in self.cases]

    def _open(self, wish: OpenTicket, reference: str) -> None:
        category = self.category(wish.category)
        shown = category if category and not category.is_sensitive else None
        self.home_ward = wish.ward or self.home_ward
        case = Case(
            reference=reference,
            label=shown.label if shown else None,
            status="new",
            opened=TODAY,
            due=self.promise(wish.category),
            ward=_WARDS.get(wish.ward or "") if shown else None,
            answer=None,
        )
        self.cases.insert(0, case)

    def subcounties(self) -> Sequence[Named]:
        """Four of the county's six."""
        return [Named(name, name) for name in _SUBCOUNTIES]

    def wards(self, subcounty: str) -> Sequence[Named]:
        """Some of its wards."""
        return [Named(code, name) for code, name in _SUBCOUNTIES[subcounty].items()]

    def ward(self, code: str) -> Named | None:
        """One ward."""
        return Named(code, _WARDS[code]) if code in _WARDS else None

    def my_ward(self) -> Named | None:
        """The ward the caller used last time."""
        return self.ward(self.home_ward)

    def categories(self) -> Sequence[Category]:
        """One of each kind, and a few more."""
        return _CATEGORIES

    def category(self, code: str) -> Category | None:
        """One category."""
        return next((category for category in (*_CATEGORIES, _QUESTION) if category.code == code), None)

    def promise(self, category: str) -> Promise:
        """An emergency is answered today, all else in two days."""
        return Promise(TODAY if category == "emergency" else date(2026, 11, 25), is_sample=True)

    def my_cases(self) -> Sequence[Case]:
        """The caller's cases, newest first."""
        return self.cases

    def my_case(self, reference: str) -> Case | None:
        """The caller's case of this reference."""
        typed = reference.replace("-", "").upper()
        return next((case for case in self.cases if case.reference.replace("-", "") == typed), None)

    def projects(self, ward: str | None) -> ProjectList:
        """The two sample projects are in Kapsabet; nothing is county-wide."""
        found = _PROJECTS if ward == "772" else ()
        lines = [ProjectLine(project.code, project.name, project.status) for project in found]
        total = sum((project.contract_sum or Decimal(0) for project in found), Decimal(0))
        return ProjectList(lines, total, is_sample=bool(found))

    def project(self, code: str) -> Project | None:
        """One of the two."""
        found = next((project for project in _PROJECTS if project.code == code), None)
        return replace(found, is_followed=code in self.followed) if found else None

    def budget(self) -> Budget | None:
        """Three departments."""
        return Budget(_FISCAL_YEAR, _SHARES, is_sample=True)

    def programmes(self, department: str) -> Budget | None:
        """Two programmes of the health department; the others list none."""
        return Budget(_FISCAL_YEAR, _PROGRAMMES, is_sample=True, source=_SOURCE) if department == "health" else None

    def occasions(self) -> Sequence[Occasion]:
        """One date set by law and one sample forum."""
        return _OCCASIONS

    def is_opted_out(self) -> bool:
        """Whether the caller wants no news."""
        return self.said_stop
