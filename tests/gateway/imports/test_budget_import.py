"""Budget lines come from files: one line per programme, kind of spending and year, real ones in place of samples."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.imports.budget_import import import_budget
from gateway.imports.imports import ImportReport
from gateway.imports.pack import read
from gateway.imports.pack_loading import Changes, load
from models import BudgetLine, Spending
from tests import grounds
from tests.grounds import NANDI, NOW

HEADER = "fiscal_year,department,programme,spending,approved,spent,source_document,source_page"
CURATIVE = '2026/27,health,Curative,recurrent,"KES 1,000,000.00",250000,PBB,4'
ROADS = "2026/27,works,Roads,development,5000000,0,PBB,9"
LAST_YEAR = CURATIVE.replace("2026/27", "2025/26")

Import = Callable[..., ImportReport]


@pytest.fixture
def county(db: Session) -> Session:
    """A database that holds Nandi's pack and nothing else."""
    return grounds.only_nandi(db)


@pytest.fixture
def take(county: Session, tmp_path: Path) -> Import:
    """Imports lines of text as a file."""

    def imported(*lines: str, partial: bool = False, replace: bool = False) -> ImportReport:
        path = tmp_path / "budget.csv"
        path.write_text("\n".join(lines), "utf-8")
        return import_budget(county, path, partial=partial, replace=replace, now=NOW)

    return imported


def standing(db: Session) -> list[tuple[str, str]]:
    lines = db.scalars(select(BudgetLine).where(BudgetLine.retired_at.is_(None)))
    return sorted((line.fiscal_year, line.programme) for line in lines)


def test_a_line_arrives_as_the_file_tells_it(county: Session, take: Import) -> None:
    take(HEADER, CURATIVE)
    line = county.scalars(select(BudgetLine).where(BudgetLine.is_sample.is_(False))).one()
    assert (line.fiscal_year, line.department_code, line.programme) == ("2026/27", "health", "Curative")
    assert (line.spending, line.approved, line.spent) == (Spending.RECURRENT, Decimal(1_000_000), Decimal(250_000))
    assert (line.source_document, line.source_page) == ("PBB", "4")


def test_a_second_import_of_the_same_file_changes_nothing(take: Import) -> None:
    take(HEADER, CURATIVE, ROADS)
    again = take(HEADER, CURATIVE, ROADS)
    assert (again.rows, again.written.added, again.written.changed, again.written.retired) == (2, (), (), ())


def test_more_spent_is_one_change(county: Session, take: Import) -> None:
    take(HEADER, CURATIVE, ROADS)
    changed = take(HEADER, CURATIVE.replace("250000", "400000"), ROADS)
    assert changed.written.changed == ("2026/27 health Curative recurrent",)


def test_recurrent_and_development_money_of_one_programme_are_two_lines(take: Import) -> None:
    assert len(take(HEADER, CURATIVE, CURATIVE.replace("recurrent", "Development")).written.added) == 2


@pytest.mark.parametrize("year", ["2026/27", "FY 2026/27", "2026/2027", "2026-27", "fy2026-2027"])
def test_a_fiscal_year_goes_by_every_usual_form(county: Session, take: Import, year: str) -> None:
    take(HEADER, CURATIVE.replace("2026/27", year))
    assert standing(county) == [("2026/27", "Curative")]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026/27", "2026", "fiscal_year: '2026' is not a fiscal year"),
        ("2026/27", "2026/28", "fiscal_year: '2026/28' is not a fiscal year"),
        ("works", "roadworks", "department: no department is called 'roadworks'"),
        ("development", "capital", "spending: 'capital' is not one of recurrent, development"),
        ("5000000", "", "approved is empty"),
        ("5000000", "(5000000)", "approved: '(5000000)' is not a sum"),
        (",PBB,", ",,", "source_document is empty"),
    ],
)
def test_a_wrong_row_refuses_the_file_with_its_number_and_reason(
    county: Session, take: Import, old: str, new: str, reason: str
) -> None:
    before = standing(county)
    report = take(HEADER, CURATIVE, ROADS.replace(old, new, 1))
    assert report.is_refused
    assert [row.number for row in report.bad] == [3]
    assert reason in report.bad[0].reason
    assert standing(county) == before


def test_the_first_real_line_retires_the_samples_of_every_year_for_good(county: Session, take: Import) -> None:
    assert take(HEADER, LAST_YEAR).written.samples_retired == len(read(NANDI).budget)
    assert load(county, read(NANDI), NOW) == Changes()
    assert standing(county) == [("2025/26", "Curative")]


def test_a_whole_year_replaces_that_year_only(county: Session, take: Import) -> None:
    take(HEADER, LAST_YEAR, CURATIVE, ROADS)
    assert take(HEADER, ROADS, replace=True).written.retired == ("2026/27 health Curative recurrent",)
    assert standing(county) == [("2025/26", "Curative"), ("2026/27", "Roads")]


def test_real_budget_lines_leave_the_sample_projects_alone(take: Import, county: Session) -> None:
    take(HEADER, CURATIVE)
    assert load(county, read(NANDI), NOW).retired == 0
