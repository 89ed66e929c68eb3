"""What a county pack says: plain frozen values whose fields carry the names of the columns they go to.

pack.py reads them from a folder, pack_loading.py writes them to the database.
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from gateway.imports.budget_import import BudgetRow
from gateway.imports.project_import import ProjectRow
from models import Kind


@dataclass(frozen=True)
class County:
    """The county itself."""

    code: str
    name: str
    line: str
    languages: list[str]
    timezone: str
    opens: time
    closes: time
    workdays: list[int]
    question_category: str
    escalation_hours: list[int]
    closes_after_days: int
    quiet_from: time
    quiet_until: time
    sms_price: Decimal


@dataclass(frozen=True)
class Subcounty:
    """A county sub-county."""

    code: str
    name: str


@dataclass(frozen=True)
class Ward:
    """A ward, and the spellings it goes by."""

    code: str
    name: str
    subcounty_code: str
    spellings: list[str]


@dataclass(frozen=True)
class Place:
    """A place name and the wards it may mean; one that means several, or none, is asked about."""

    name: str
    ward_codes: list[str]


@dataclass(frozen=True)
class Department:
    """A department."""

    code: str
    name: str
    label: dict[str, str]
    position: int


@dataclass(frozen=True)
class Category:
    """What a case may be about. Clocks are in hours of work."""

    code: str
    kind: Kind
    label: dict[str, str]
    department_code: str
    answer_hours: int
    resolve_hours: int
    clocks_are_sample: bool
    sensitive: bool
    urgent: bool
    ours: bool
    call: dict[str, str]
    words: list[str]
    position: int


@dataclass(frozen=True)
class Holiday:
    """A day on which no clock runs."""

    on: date
    name: str
    is_expected: bool


@dataclass(frozen=True)
class BudgetDate:
    """A date of the budget year: month and day of every year, or one day."""

    code: str
    label: dict[str, str]
    month: int | None
    day: int | None
    on: date | None
    is_sample: bool


@dataclass(frozen=True)
class Reply:
    """A sample of a canned reply; without a category it fits all."""

    title: str
    category_code: str | None
    body: dict[str, str]


@dataclass(frozen=True)
class Pack:
    """A county pack, read and found right."""

    county: County
    subcounties: tuple[Subcounty, ...]
    wards: tuple[Ward, ...]
    places: tuple[Place, ...]
    departments: tuple[Department, ...]
    categories: tuple[Category, ...]
    holidays: tuple[Holiday, ...]
    budget_dates: tuple[BudgetDate, ...]
    projects: tuple[ProjectRow, ...]
    budget: tuple[BudgetRow, ...]
    replies: tuple[Reply, ...] = ()
