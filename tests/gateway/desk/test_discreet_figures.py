"""Figures for who may not see sensitive matters: nothing small is told, and nothing that is told gives it away."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county.period import Period
from gateway.desk import discreet_figures, figures, small_cells
from gateway.desk.discreet_figures import FOLDED, NAMES, PARTS
from gateway.desk.figures import By, Counts, Line
from gateway.desk.small_cells import SMALLEST_SHOWN
from models import Category
from tests.gateway.desks import case
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), ZoneInfo("Africa/Nairobi"))
LATER = NOW + timedelta(days=1)


def lines(*counts: Counts) -> list[Line]:
    return [Line(str(position), {"en": str(position)}, each) for position, each in enumerate(counts)]


def read(db: Session, told_apart: By = By.CATEGORY) -> list[Line]:
    return list(discreet_figures.folded(db, told_apart, figures.by(db, told_apart, NOVEMBER, LATER, with_empty=True)))


def test_sensitive_matters_stand_in_one_line_and_the_sum_stays(db: Session) -> None:
    for category in ("water", "water", "corruption", "abuse"):
        case(db, category)
    found = read(db)
    assert (found[-1].code, found[-1].counts.opened) == (FOLDED, 2)
    assert not {line.code for line in found} & small_cells.sensitive_categories(db)
    assert figures.total(found) == figures.total(figures.by(db, By.CATEGORY, NOVEMBER, LATER))


def test_that_a_line_stands_there_tells_of_no_case(db: Session) -> None:
    before = [line.code for line in read(db)]
    case(db, "corruption")
    assert [line.code for line in read(db)] == before
    assert {line.code for line in read(db, By.WARD)} >= {"", "772", "757"}
    categories = set(db.scalars(select(Category.code)))
    assert {*before, *small_cells.sensitive_categories(db)} == {*categories, FOLDED}


def test_the_only_small_number_of_a_count_has_company() -> None:
    hidden = discreet_figures.withheld(lines(*(Counts(opened=number) for number in (9, 1, 7))))
    assert {code for code, name in hidden if name == "opened"} == {"1", "2"}


def test_the_only_small_part_of_what_was_resolved_has_company() -> None:
    usual = Counts(opened=30, resolved=30, confirmed=10, contested=10, silent=10)
    hidden = discreet_figures.withheld(lines(usual, replace(usual, confirmed=19, contested=1), usual, usual))
    assert {("1", "contested"), ("1", "silent")} <= hidden
    assert ("1", "resolved") not in hidden


numbers = st.integers(0, 9)
parts = st.tuples(numbers, numbers, numbers, numbers).map(
    lambda each: Counts(sum(each), sum(each[:3]), *each[:3], still_open=each[3])
)


@settings(deadline=None)
@given(st.lists(parts, min_size=1, max_size=6))
def test_no_sum_that_is_told_has_one_unknown(counts: list[Counts]) -> None:
    told = lines(*counts)
    hidden = discreet_figures.withheld(told)
    small = {(line.code, name) for line in told for name in NAMES if getattr(line.counts, name) < SMALLEST_SHOWN}
    assert small <= hidden
    if len(told) > 1:
        assert 1 not in [sum((line.code, name) in hidden for line in told) for name in NAMES]
    for line in told:
        assert (line.code, "resolved") in hidden or sum((line.code, part) in hidden for part in PARTS) != 1


def test_the_grid_leaves_sensitive_matters_out(db: Session) -> None:
    for category in ("water", "corruption"):
        for _ in range(SMALLEST_SHOWN):
            case(db, category, ward="756")
    assert list(small_cells.grid(db, NOVEMBER).categories) == ["water", "corruption"]
    assert list(small_cells.grid(db, NOVEMBER, with_sensitive=False).categories) == ["water"]
