"""Nandi's pack itself: what the county is, that it fits the phones, and that its samples say they are samples."""

from datetime import date, timedelta

import pytest

from gateway.imports.pack import read
from gateway.imports.pack_shapes import Pack
from menus.words import gsm7, septets
from models import Kind, ProjectStatus, Spending
from tests.grounds import NANDI


@pytest.fixture(scope="module")
def nandi() -> Pack:
    return read(NANDI)


def easter(year: int) -> date:
    """The Sunday after the first full moon of spring (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def test_nandi_is_county_029_on_line_1548(nandi: Pack) -> None:
    assert (nandi.county.name, nandi.county.code, nandi.county.line) == ("Nandi", "029", "1548")
    assert nandi.county.timezone == "Africa/Nairobi"


def test_the_thirty_wards_carry_the_codes_751_to_780(nandi: Pack) -> None:
    assert [ward.code for ward in nandi.wards] == [str(code) for code in range(751, 781)]


@pytest.mark.parametrize(
    ("subcounty", "count"),
    [("Tinderet", 4), ("Aldai", 6), ("Nandi Hills", 4), ("Chesumei", 5), ("Emgwen", 4), ("Mosop", 7)],
)
def test_each_subcounty_has_its_wards(nandi: Pack, subcounty: str, count: int) -> None:
    code = next(place.code for place in nandi.subcounties if place.name == subcounty)
    assert sum(ward.subcounty_code == code for ward in nandi.wards) == count


def test_chemase_lies_in_tinderet_and_lessos_in_nandi_hills(nandi: Pack) -> None:
    subcounties = {subcounty.code: subcounty.name for subcounty in nandi.subcounties}
    lies_in = {ward.name: subcounties[ward.subcounty_code] for ward in nandi.wards}
    assert lies_in["Chemelil/Chemase"] == lies_in["Kapsimotwo"] == "Tinderet"
    assert lies_in["Ol'lessos"] == lies_in["Kapchorua"] == "Nandi Hills"


@pytest.mark.parametrize("place", ["Mosoriot", "Nandi Hills", "Maraba", "Chemelil", "Mosop", "Trans Nzoia"])
def test_an_ambiguous_place_names_no_single_ward(nandi: Pack, place: str) -> None:
    assert len(next(known for known in nandi.places if known.name == place).ward_codes) != 1


def test_an_ambiguous_place_is_no_spelling_of_a_ward(nandi: Pack) -> None:
    asked = {place.name for place in nandi.places if len(place.ward_codes) != 1}
    assert asked.isdisjoint(spelling for ward in nandi.wards for spelling in ward.spellings)


def test_every_label_is_there_in_every_language_and_fits_the_phone(nandi: Pack) -> None:
    words = [(department.label, 16) for department in nandi.departments]
    words += [(category.label, 16) for category in nandi.categories]
    words += [(entry.label, 40) for entry in nandi.budget_dates]
    words += [(category.call, 60) for category in nandi.categories if category.call]
    for labels, most in words:
        assert set(labels) == {"en", "sw"}
        assert all(gsm7(label) == label and septets(label) <= most for label in labels.values())


def test_every_name_shows_on_every_phone(nandi: Pack) -> None:
    names = [place.name for place in nandi.places]
    names += [ward.name for ward in nandi.wards]
    names += [project.name for project in nandi.projects]
    assert [name for name in names if gsm7(name) != name] == []


def test_an_emergency_is_on_the_first_page_and_says_whom_to_call(nandi: Pack) -> None:
    emergency = next(category for category in nandi.categories if category.urgent)
    assert emergency.position <= 4
    assert all("999" in words and "112" in words for words in emergency.call.values())


def test_corruption_and_abuse_are_sensitive(nandi: Pack) -> None:
    assert {"corruption", "abuse"} <= {category.code for category in nandi.categories if category.sensitive}


def test_what_is_not_the_countys_says_whom_to_call(nandi: Pack) -> None:
    elsewhere = [category for category in nandi.categories if not category.ours]
    assert {category.code for category in elsewhere} == {"electricity", "police", "national_roads"}
    assert all(category.call for category in elsewhere)


def test_every_kind_has_a_category_and_budget_questions_go_to_finance(nandi: Pack) -> None:
    assert {category.kind for category in nandi.categories} == set(Kind)
    question = next(category for category in nandi.categories if category.code == nandi.county.question_category)
    assert question.department_code == "finance"


def test_no_clock_is_the_countys_own_yet(nandi: Pack) -> None:
    assert all(category.clocks_are_sample for category in nandi.categories)


def test_an_erasure_is_done_within_14_days_whatever_the_holidays(nandi: Pack) -> None:
    closed = {holiday.on for holiday in nandi.holidays}
    hours_a_day = nandi.county.closes.hour - nandi.county.opens.hour
    days_needed = -(-next(row.resolve_hours for row in nandi.categories if row.code == "erasure") // hours_a_day)
    for start in (date(2026, 1, 1) + timedelta(days=day) for day in range(3 * 365 - 14)):
        days = [start + timedelta(days=later) for later in range(1, 15)]  # asked after hours: the first day is lost
        assert sum(day.isoweekday() in nandi.county.workdays and day not in closed for day in days) >= days_needed


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_fixed_holidays_and_easter_are_there(nandi: Pack, year: int) -> None:
    days = {holiday.on for holiday in nandi.holidays}
    fixed = [(1, 1), (5, 1), (6, 1), (10, 10), (10, 20), (12, 12), (12, 25), (12, 26)]
    assert {date(year, month, day) for month, day in fixed} <= days
    assert {easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)} <= days


def test_good_friday_2026_is_the_third_of_april_and_2027_the_26th_of_march(nandi: Pack) -> None:
    fridays = [holiday.on for holiday in nandi.holidays if holiday.name == "Good Friday"]
    assert fridays[:2] == [date(2026, 4, 3), date(2027, 3, 26)]


def test_a_holiday_on_a_sunday_moves_to_the_next_working_day(nandi: Pack) -> None:
    days = {holiday.on for holiday in nandi.holidays}
    sundays = [day for day in days if day.isoweekday() == 7]
    assert sundays
    assert all(day + timedelta(days=1) in days for day in sundays)


def test_only_what_follows_the_moon_is_merely_expected(nandi: Pack) -> None:
    assert {row.name for row in nandi.holidays if row.is_expected} == {"Idd-ul-Fitr", "Idd-ul-Azha"}


def test_the_budget_year_has_its_statutory_dates_and_sample_forums(nandi: Pack) -> None:
    deadlines = {(row.month, row.day) for row in nandi.budget_dates if row.on is None}
    assert {(8, 30), (9, 1), (9, 30), (10, 21), (2, 28), (3, 7), (3, 14), (4, 30), (6, 30)} <= deadlines
    forums = [row for row in nandi.budget_dates if row.on is not None]
    assert len(forums) >= 3
    assert all(row.is_sample for row in forums)


def test_the_sample_projects_cover_every_ward_status_and_department(nandi: Pack) -> None:
    assert len(nandi.projects) >= 60
    assert {code for row in nandi.projects for code in row.wards} == {ward.code for ward in nandi.wards}
    assert {row.status for row in nandi.projects} == set(ProjectStatus)
    assert {row.department_code for row in nandi.projects} == {row.code for row in nandi.departments}
    assert any(not row.wards for row in nandi.projects)
    assert any(len(row.wards) > 1 for row in nandi.projects)


def test_the_sample_budget_covers_every_department_for_one_year(nandi: Pack) -> None:
    assert {row.fiscal_year for row in nandi.budget} == {"2026/27"}
    assert {row.department_code for row in nandi.budget} == {row.code for row in nandi.departments}
    assert {row.spending for row in nandi.budget} == set(Spending)


def test_samples_say_so_in_the_data(nandi: Pack) -> None:
    assert all(row.is_sample and "mfano" in row.source_document for row in nandi.projects)
    assert all(row.is_sample and "mfano" in row.source_document for row in nandi.budget)
    assert all("mfano" in row.contractor for row in nandi.projects if row.contractor)
