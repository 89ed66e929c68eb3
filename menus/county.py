"""What a screen may look up: a few questions about the county and about the caller's own cases.

The gateway answers them from the database, tests in a few lines. All are bound to one caller: nobody else's cases can
be asked for. Labels come per language, money in Kenya shillings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

Labels = Mapping[str, str]


def in_language(labels: Labels, language: str) -> str:
    """Picks a label of the county's in a language, English where it has none."""
    return labels.get(language) or labels["en"]


OTHER_CATEGORY = "other"  # where a case goes whose words nothing is known by; a person reads it
ERASURE_CATEGORY = "erasure"  # where the wish to have one's data erased goes


@dataclass(frozen=True)
class Named:
    """A place with its code."""

    code: str
    name: str


@dataclass(frozen=True)
class Category:
    """What a case may be about."""

    code: str
    label: Labels
    is_sensitive: bool = False
    is_urgent: bool = False
    is_praise: bool = False
    call: Labels | None = None  # whom to call, where it is not the county's


@dataclass(frozen=True)
class Promise:
    """By when the county answers; a sample clock is one that the county has not set itself."""

    day: date
    is_sample: bool


@dataclass(frozen=True)
class Case:
    """One of the caller's own cases."""

    reference: str
    label: Labels | None  # None for a sensitive case: phones are shared
    status: str
    opened: date
    due: Promise
    ward: str | None
    answer: str | None  # the last answer the county gave
    asked: str | None = None  # what the county asks, while the case waits for the citizen
    again: Promise | None = None  # by when it is answered once said not fixed; None where that can't be said
    is_said_fixed: bool = False  # by the caller, who may take it back while `again` says so


@dataclass(frozen=True)
class ProjectLine:
    """A project in a list."""

    code: str
    name: str
    status: str


@dataclass(frozen=True)
class ProjectList:
    """The projects of a place with their sum."""

    projects: Sequence[ProjectLine]
    total: Decimal
    is_sample: bool


@dataclass(frozen=True)
class Project:
    """All that is known of one project."""

    code: str
    name: str
    status: str
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
    is_followed: bool


@dataclass(frozen=True)
class Share:
    """What a department or a programme was given and has spent."""

    code: str
    label: Labels  # for a programme: the same name in every language
    approved: Decimal
    spent: Decimal


@dataclass(frozen=True)
class Budget:
    """A fiscal year's shares."""

    fiscal_year: str
    shares: Sequence[Share]
    is_sample: bool
    source: str = ""


@dataclass(frozen=True)
class Occasion:
    """A date in the budget year."""

    label: Labels
    day: date
    is_sample: bool


class County(Protocol):
    """The look-ups. None of them writes; a code that no longer exists gives None."""

    @property
    def name(self) -> str:
        """The county's name, with the word county."""
        ...

    @property
    def line(self) -> str:
        """The toll-free number people call and text."""
        ...

    @property
    def question_category(self) -> str:
        """The category a question about the budget is filed under."""
        ...

    def subcounties(self) -> Sequence[Named]:
        """All sub-counties, by name."""
        ...

    def wards(self, subcounty: str) -> Sequence[Named]:
        """The wards of a sub-county, by name."""
        ...

    def ward(self, code: str) -> Named | None:
        """One ward."""
        ...

    def my_ward(self) -> Named | None:
        """The ward the caller used last time."""
        ...

    def categories(self) -> Sequence[Category]:
        """What a case may be about, most needed first."""
        ...

    def category(self, code: str) -> Category | None:
        """One category, even if it is no longer offered."""
        ...

    def promise(self, category: str) -> Promise:
        """By when a case of this category, sent now, is answered."""
        ...

    def my_cases(self) -> Sequence[Case]:
        """The caller's cases, newest first."""
        ...

    def my_case(self, reference: str) -> Case | None:
        """The caller's case of this reference, however it is typed; None for anybody else's."""
        ...

    def projects(self, ward: str | None) -> ProjectList:
        """The projects of a ward, or without one those of the whole county."""
        ...

    def project(self, code: str) -> Project | None:
        """One project."""
        ...

    def budget(self) -> Budget | None:
        """The newest fiscal year by department."""
        ...

    def programmes(self, department: str) -> Budget | None:
        """That year's programmes of one department."""
        ...

    def occasions(self) -> Sequence[Occasion]:
        """The coming dates of the budget year, soonest first."""
        ...

    def is_opted_out(self) -> bool:
        """Whether the caller wants no news."""
        ...


class CountyByText(County, Protocol):
    """The look-ups of one who writes: names as people spell them, and what they have already chosen."""

    def wards_named(self, words: str) -> Sequence[Named]:
        """The wards that a name or a ward's code may mean: one, several to choose from, or none."""
        ...

    def department_named(self, words: str) -> str | None:
        """The code of the one department that a name, a label or what it does means."""
        ...

    def nearly_named(self, words: str) -> Sequence[Named]:
        """The few wards and projects whose names these words, which name none, come close to; none for other words."""
        ...

    def departments_nearly_named(self, words: str) -> Sequence[str]:
        """The words of departments' names that one of these comes close to."""
        ...
