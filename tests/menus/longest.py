"""A county whose every name is as long as the pack and the imports allow: what fits here fits everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

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

LONGEST_WARD = "Chemundu/Kapng'etuny"
LONGEST_NAME = (
    "Proposed rehabilitation, extension and equipping of the Kapng'etuny [Phase III] water supply & sanitation scheme "
    "with 24 communal kiosks, gravity main and a 500 m³ tank – lot “B”"
)
LONGEST_CALL = 60  # characters of whom to call in the pack
DAY = date(2026, 11, 25)


def both(text: str, room: int = 16) -> Labels:
    """Gives a label of `room` characters in either language."""
    padded = (text + "w" * room)[:room]
    return {"en": padded, "sw": padded.swapcase()}


LONGEST_ANSWER = "We sent a plumber – he comes on Thursday. " * 9


def _case(n: int, stands: str) -> Case:
    return Case(
        reference=f"K7Q-M2P-4{n:02d}",
        label=both("Water"),
        status=stands,
        opened=DAY,
        due=Promise(DAY, is_sample=True),
        ward=LONGEST_WARD,
        answer=LONGEST_ANSWER,
        asked=f"Where is it? {LONGEST_ANSWER}" if stands == "waiting_citizen" else None,
        again=Promise(DAY, is_sample=True) if stands == "resolved" else None,
    )


PROJECT = Project(
    code="NDI-2026-0001-WATER",
    name=LONGEST_NAME,
    status="procurement",
    percent_done=100,
    contract_sum=Decimal("999999999999.99"),
    paid=Decimal("999999999999.99"),
    contractor="Sample Builders & General Merchants Company [East Africa] Limited (mfano)",
    starts_on=DAY,
    ends_on=DAY,
    source_document="Annual Development Plan 2026/2027, County Treasury, Kapsabet, second revised edition",
    source_page="Annex IV-b, 112-114",
    as_of=DAY,
    is_sample=True,
    is_followed=False,
)


@dataclass
class LongestCounty:
    """Implements `menus.county.County` with the longest words and long lists."""

    ward_known: bool = True
    projects_listed: int = 95
    cases: int = 95
    stands: str = "waiting_department"  # all cases alike
    follows: set[str] = field(default_factory=set)
    name: str = "Nandi"
    line: str = "1548"
    question_category: str = "question"

    def subcounties(self) -> Sequence[Named]:
        return [Named(str(n), f"Nandi Hills Sub {n}") for n in range(8)]

    def wards(self, subcounty: str) -> Sequence[Named]:
        return [Named(f"{subcounty}{n}", LONGEST_WARD) for n in range(9)]

    def ward(self, code: str) -> Named | None:
        return Named(code, LONGEST_WARD) if code else None

    def my_ward(self) -> Named | None:
        return Named("765", LONGEST_WARD) if self.ward_known else None

    def categories(self) -> Sequence[Category]:
        plain = [Category(f"c{n}", both(f"Category {n}")) for n in range(14)]
        return [*plain, self._sensitive, self._urgent, self._of_others]

    _sensitive = Category(
        "corruption", both("Corruption"), is_sensitive=True, call=both("Crime: call the police", LONGEST_CALL)
    )
    _urgent = Category("emergency", both("Emergency"), is_urgent=True, call=both("In danger? Call 999", LONGEST_CALL))
    _of_others = Category("power", both("Power"), call=both("Power cuts: call Kenya Power", LONGEST_CALL))

    def category(self, code: str) -> Category | None:
        if code == self.question_category:
            return Category(code, both("Budget question"))
        return next((category for category in self.categories() if category.code == code), None)

    def promise(self, category: str) -> Promise:  # noqa: ARG002
        return Promise(DAY, is_sample=True)

    def my_cases(self) -> Sequence[Case]:
        return [_case(n, self.stands) for n in range(self.cases)]

    def my_case(self, reference: str) -> Case | None:
        return _case(1, self.stands) if reference.replace("-", "").upper().startswith("K7QM2P4") else None

    def projects(self, ward: str | None) -> ProjectList:  # noqa: ARG002
        lines = [ProjectLine(str(n), f"{n} {LONGEST_NAME}", "procurement") for n in range(self.projects_listed)]
        return ProjectList(lines, Decimal("99999999999999.99"), is_sample=True)

    def project(self, code: str) -> Project | None:
        return replace(PROJECT, code=code, is_followed=code in self.follows)

    def budget(self) -> Budget | None:
        shares = [Share(f"d{n}", both("Department"), Decimal(10) ** 13, Decimal(10) ** 13 - 1) for n in range(10)]
        return Budget("2026/27", shares, is_sample=True)

    def programmes(self, department: str) -> Budget | None:  # noqa: ARG002
        name = "General administration, planning, support services and preventive & promotive health programme"
        shares = [Share(f"p{n}", {"en": f"{name} {n}"}, Decimal(10) ** 12, Decimal(10) ** 11) for n in range(12)]
        return Budget("2026/27", shares, is_sample=True, source="Programme Based Budget 2026/2027, approved, vol. II")

    def occasions(self) -> Sequence[Occasion]:
        return [Occasion(both("Spending report, July to September", 40), DAY, is_sample=True) for _ in range(8)]

    def is_opted_out(self) -> bool:
        return True
