"""Figures, told by stories whose numbers are counted by hand: what staff say and what citizens say stand apart."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from gateway.county.period import Period, read
from gateway.desk import figures, small_cells
from gateway.desk.figures import By, Counts
from gateway.tickets import casework, contests, moves
from models import Category, Role, Staff, Status, Ticket
from tests.gateway.desks import case, deed, hire
from tests.grounds import NOW, OTHER, THIRD

pytestmark = pytest.mark.usefixtures("county")

ZONE = ZoneInfo("Africa/Nairobi")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), ZONE)
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def asha(db: Session) -> Staff:
    return hire(db, "asha")


def resolve(db: Session, staff: Staff, ticket: Ticket, at: datetime = NOW + HOUR) -> Ticket:
    casework.move(db, deed(ticket, staff, at), Status.RESOLVED, "It is mended.")
    return ticket


def counts(db: Session, now: datetime = LATER) -> Counts:
    db.flush()
    return figures.total(figures.by(db, By.CATEGORY, NOVEMBER, now))


def test_silence_is_counted_on_its_own_and_never_as_satisfied(db: Session, asha: Staff) -> None:
    contests.say_fixed(db, resolve(db, asha, case(db)), NOW + 2 * HOUR)
    contests.say_not_fixed(db, resolve(db, asha, case(db, phone=OTHER)), "", NOW + 2 * HOUR)
    for phone in (OTHER, THIRD):
        resolve(db, asha, case(db, phone=phone))  # and nothing is heard
    case(db, phone=THIRD)  # nobody looked at it
    found = counts(db)
    assert (found.opened, found.resolved) == (5, 4)
    assert (found.confirmed, found.contested, found.silent) == (1, 1, 2)
    assert figures.rate(found.resolved, found.opened) == 80
    assert figures.rate(found.confirmed, found.resolved) == 25
    assert found.still_open == 2  # the contested one is open again


def test_what_the_clock_closed_in_silence_stays_silent(db: Session, asha: Staff) -> None:
    ticket = resolve(db, asha, case(db))
    moves.put(db, ticket, Status.CLOSED, None, NOW + timedelta(days=15))
    found = counts(db, NOW + timedelta(days=16))
    assert (found.resolved, found.confirmed, found.silent) == (1, 0, 1)


def test_who_contested_once_and_was_content_later_is_counted_for_both(db: Session, asha: Staff) -> None:
    ticket = resolve(db, asha, case(db))
    contests.say_not_fixed(db, ticket, "", NOW + 2 * HOUR)
    resolve(db, hire(db, "kip"), ticket, NOW + 3 * HOUR)
    contests.say_fixed(db, ticket, NOW + 4 * HOUR)
    found = counts(db)
    assert (found.resolved, found.confirmed, found.contested, found.ever_contested) == (1, 1, 0, 1)


def test_a_yes_that_was_taken_back_is_no_yes(db: Session, asha: Staff) -> None:
    contests.say_fixed(db, resolve(db, asha, case(db, phone=OTHER)), NOW + 2 * HOUR)
    ticket = resolve(db, asha, case(db))
    contests.say_fixed(db, ticket, NOW + 2 * HOUR)
    contests.say_not_fixed(db, ticket, "", NOW + 3 * HOUR)
    found = counts(db)
    assert (found.opened, found.resolved, found.still_open) == (2, 2, 1)
    assert (found.confirmed, found.contested, found.silent, found.ever_contested) == (1, 1, 0, 1)
    assert (figures.rate(found.resolved, found.opened), figures.rate(found.confirmed, found.resolved)) == (100, 50)


def test_resolving_again_what_was_contested_does_not_make_it_good(db: Session, asha: Staff) -> None:
    ticket = resolve(db, asha, case(db))
    contests.say_not_fixed(db, ticket, "", NOW + 2 * HOUR)
    resolve(db, hire(db, "kip"), ticket, NOW + 3 * HOUR)
    found = counts(db)
    assert (found.confirmed, found.contested, found.silent, found.ever_contested) == (0, 0, 1, 1)


def test_what_was_merged_is_counted_once(db: Session, asha: Staff) -> None:
    first = resolve(db, asha, case(db))
    case(db, phone=OTHER, merged_into_id=first.id)
    found = counts(db)
    assert (found.opened, found.resolved) == (1, 1)


def test_a_rejected_case_is_answered_and_not_resolved(db: Session, asha: Staff) -> None:
    casework.move(db, deed(case(db), asha, NOW + HOUR), Status.REJECTED, "This is not the county's.")
    found = counts(db, NOW + timedelta(days=60))
    assert (found.resolved, found.silent, found.still_open) == (0, 0, 0)
    assert (found.answers_judged, found.answers_in_time, found.resolutions_judged) == (1, 1, 0)


def test_clocks_are_judged_once_they_ran_out_or_were_met(db: Session, asha: Staff) -> None:
    in_time, late, never = case(db), case(db, phone=OTHER), case(db, phone=THIRD)
    assert (in_time.category.answer_hours, in_time.category.resolve_hours) == (18, 90)
    casework.answer(db, deed(in_time, asha, NOW + HOUR), "We look.")
    casework.answer(db, deed(late, asha, NOW + timedelta(days=4)), "We look.")
    soon = counts(db, NOW + timedelta(days=1))
    assert (soon.answers_judged, soon.answers_in_time) == (2, 1)  # the third may still be in time
    much_later = counts(db, NOW + timedelta(days=60))
    assert (much_later.answers_judged, much_later.answers_in_time) == (3, 1)
    assert (much_later.resolutions_judged, much_later.resolutions_in_time, much_later.overdue) == (3, 0, 3)
    assert never.answered_at is None


def test_a_clock_that_waits_for_the_citizen_is_not_late(db: Session, asha: Staff) -> None:
    casework.move(db, deed(case(db), asha, NOW + HOUR), Status.WAITING_CITIZEN, "Where is it?")
    found = counts(db, NOW + timedelta(days=60))
    assert (found.answers_judged, found.resolutions_judged, found.overdue) == (0, 0, 0)


def test_the_time_to_the_first_answer_is_the_median_of_hours_of_work(db: Session, asha: Staff) -> None:
    assert figures.hours_to_answer(db, NOVEMBER) is None
    for phone, hours in ((OTHER, 1), (THIRD, 2), ("+254700000009", 24)):  # the last one a day later: nine hours of work
        casework.answer(db, deed(case(db, phone=phone), asha, NOW + hours * HOUR), "We look.")
    db.flush()
    assert figures.hours_to_answer(db, NOVEMBER) == 2.0


def test_opening_a_case_again_does_not_change_when_it_was_first_answered(db: Session, asha: Staff) -> None:
    ticket = resolve(db, asha, case(db), NOW + HOUR)
    contests.say_not_fixed(db, ticket, "", NOW + timedelta(days=20))
    db.flush()
    assert figures.hours_to_answer(db, NOVEMBER) == 1.0


@pytest.mark.parametrize(
    ("told_apart", "expected"),
    [
        (By.CATEGORY, [("water", 2), ("roads", 1)]),
        (By.DEPARTMENT, [("lands", 2), ("works", 1)]),
        (By.WARD, [("772", 1), ("757", 1), ("", 1)]),
        (By.MONTH, [("2026-10", 1), ("2026-11", 2)]),
    ],
)
def test_figures_are_told_apart_as_asked(db: Session, told_apart: By, expected: list[tuple[str, int]]) -> None:
    case(db)
    case(db, ward="757", at=datetime(2026, 10, 31, 21, 30, tzinfo=NOW.tzinfo))  # in Nairobi it is November
    case(db, "roads", ward=None, at=datetime(2026, 10, 31, 20, 30, tzinfo=NOW.tzinfo))
    period = Period(date(2026, 10, 1), date(2026, 11, 30), ZONE)
    lines = [(line.code, line.counts.opened) for line in figures.by(db, told_apart, period, LATER)]
    assert sorted(lines) == sorted(expected)
    if told_apart is By.MONTH:
        assert lines == expected


def test_a_period_takes_both_its_days_and_nothing_else(db: Session) -> None:
    for at in ("2026-11-01T00:00+03:00", "2026-11-30T23:59+03:00", "2026-10-31T23:59+03:00", "2026-12-01T00:00+03:00"):
        case(db, at=datetime.fromisoformat(at))
    assert counts(db).opened == 2


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({}, date(2026, 10, 25), date(2026, 11, 23)),
        ({"from": "2026-11-01", "to": "2026-11-07"}, date(2026, 11, 1), date(2026, 11, 7)),
        ({"from": "2026-11-09", "to": "2026-11-07"}, date(2026, 11, 7), date(2026, 11, 7)),
        ({"from": "2001-01-01", "to": "2026-11-23"}, date(2025, 11, 23), date(2026, 11, 23)),
        ({"from": "yesterday", "to": "0001-01-01"}, date(2026, 10, 25), date(2026, 11, 23)),
    ],
)
def test_whatever_an_address_says_the_period_is_bounded(given: dict[str, str], first: date, last: date) -> None:
    period = read(given, ZONE, NOW)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, None), (0, 9, 0), (9, 9, 100), (1, 1000, 1), (999, 1000, 99), (1, 3, 33)]
)
def test_only_all_is_a_hundred_per_cent_and_only_none_is_zero(part: int, whole: int, share: int | None) -> None:
    assert figures.rate(part, whole) == share


def test_figures_of_sample_clocks_say_so_until_the_county_sets_its_own(db: Session) -> None:
    assert figures.are_sample(db)
    db.execute(update(Category).values(clocks_are_sample=False))
    assert not figures.are_sample(db)


def test_cells_below_five_are_not_shown(db: Session) -> None:
    for category, ward, times in (("water", "756", 6), ("roads", "756", 4), ("water", "757", 5), ("roads", "757", 1)):
        for _ in range(times):
            case(db, category, ward=ward)
    grid = small_cells.grid(db, NOVEMBER)
    assert grid.shown == {("756", "water"): 6, ("757", "water"): 5}
    assert (list(grid.wards), list(grid.categories)) == (["757", "756"], ["water"])


def test_a_cell_that_the_sum_of_its_row_would_give_away_has_company() -> None:
    counts = {("a", "x"): 9, ("a", "y"): 8, ("a", "z"): 2, ("b", "x"): 1, ("b", "y"): 1, ("b", "z"): 1}
    assert small_cells.showable(counts, ["a", "b", "c"], ["x", "y", "z"]) == {("a", "x"): 9}
    everything = {(ward, category): 7 for ward in "ab" for category in "xy"}
    assert small_cells.showable(everything, ["a", "b"], ["x", "y"]) == everything


@pytest.mark.parametrize("asks", [Status.WAITING_CITIZEN, Status.WAITING_DEPARTMENT])
@pytest.mark.parametrize("is_contested", [False, True])
def test_a_question_is_not_the_first_answer(db: Session, asha: Staff, asks: Status, is_contested: bool) -> None:
    ticket = case(db)
    casework.move(db, deed(ticket, asha, NOW + HOUR), asks, "Which tap?")
    casework.move(db, deed(ticket, asha, NOW + 2 * HOUR), Status.OPEN)
    assert figures.hours_to_answer(db, NOVEMBER) is None
    resolve(db, asha, ticket, NOW + 4 * HOUR)
    if is_contested:
        contests.say_not_fixed(db, ticket, "", NOW + 5 * HOUR)
    assert figures.hours_to_answer(db, NOVEMBER) == 4.0


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_rejection_that_says_why_is_an_answer(db: Session, asha: Staff, is_reopened: bool) -> None:
    ticket, boss = case(db), hire(db, "boss", Role.SUPERVISOR)
    casework.move(db, deed(ticket, asha, NOW + 3 * HOUR), Status.REJECTED, "That well is private.")
    if is_reopened:
        casework.move(db, deed(ticket, boss, NOW + 4 * HOUR), Status.REOPENED)
    assert figures.hours_to_answer(db, NOVEMBER) == 3.0
