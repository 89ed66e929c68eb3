"""What the county sends or says by itself: one segment, one screen, and no word too much on a shared phone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from menus import answers, farewells, notices
from menus.pages import ROOM
from menus.words import gsm7, segments, septets
from tests.menus.calls import LANGUAGES, REFERENCE
from tests.menus.longest import LONGEST_CALL, LONGEST_WARD, both

YEAR = [date(2026, 1, 10) + timedelta(days=30 * month) for month in range(12)]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def _confirmed(language: str, *about: str, day: date = YEAR[0]) -> str:
    return notices.confirmation(language, REFERENCE, day, about=about, is_sample=True, code="*1548#")


@in_every_language
@pytest.mark.parametrize("length", range(1, 17))
def test_a_confirmation_costs_one_segment_whatever_it_is_about(language: str, length: int) -> None:
    for day in YEAR:
        sms = _confirmed(language, both("Water", length)["en"], LONGEST_WARD, day=day)
        assert segments(sms) == 1
        assert gsm7(sms) == sms


@in_every_language
def test_a_confirmation_that_says_whom_to_call_costs_one_segment_too(language: str) -> None:
    about, call = (both("Fire")[language], LONGEST_WARD), "c" * LONGEST_CALL
    for day in YEAR:
        sms = notices.confirmation_and_call(language, REFERENCE, day, about=about, is_sample=True, call=call)
        assert segments(sms) == 1
        assert sms.startswith(call)
        assert all(said in sms for said in (REFERENCE, *about))


@in_every_language
def test_the_question_where_to_one_in_danger_costs_one_segment(language: str) -> None:
    sms = notices.which_ward(language, REFERENCE, [], "c" * LONGEST_CALL)
    assert segments(sms) == 1
    assert sms.startswith("c" * LONGEST_CALL)
    assert REFERENCE in sms


@in_every_language
def test_a_confirmation_names_the_case_what_it_is_about_and_how_to_follow_it(language: str) -> None:
    sms = _confirmed(language, "Afya", "Ol'lessos")
    for said in (REFERENCE, "Afya", "Ol'lessos", "10 Jan", "*1548#"):
        assert said in sms


@in_every_language
def test_the_confirmation_of_a_sensitive_case_names_neither_matter_nor_place(language: str) -> None:
    said = _confirmed(language, "Ufisadi", "Kosirai").replace(", Ufisadi, Kosirai", "")
    assert _confirmed(language) == f"{said} {notices.in_danger(language)}"
    assert REFERENCE in _confirmed(language)


@in_every_language
def test_the_confirmation_of_every_sensitive_case_says_whom_to_call_in_danger_in_one_segment(language: str) -> None:
    for day in YEAR:
        sms = _confirmed(language, day=day)
        assert "999" in sms
        assert segments(sms) == 1


@pytest.mark.parametrize("name", ["Maji’safi", "Kapng’etuny – east"])
def test_a_label_from_outside_the_alphabet_doesnt_make_it_dearer(name: str) -> None:
    assert segments(_confirmed("en", name)) == 1


@pytest.mark.parametrize("language", [None, *LANGUAGES])
@pytest.mark.parametrize("farewell", [farewells.start_again, farewells.too_often])
def test_a_session_that_cant_go_on_ends_politely_on_one_screen(
    farewell: Callable[[str | None], str], language: str | None
) -> None:
    said = farewell(language)
    assert septets(said) <= ROOM
    assert not said.endswith("..")
    assert len(said.splitlines()) == (1 if language else len(LANGUAGES))


def test_being_out_of_order_is_said_in_every_language_with_the_line_to_call() -> None:
    said = farewells.out_of_order("1548").splitlines()
    assert len(said) == len(LANGUAGES)
    assert all("1548" in line for line in said)
    assert septets("\n".join(said)) <= ROOM
    assert not said[-1].endswith("..")


def test_no_promise_of_an_answer_reads_as_an_order_to_give_one() -> None:
    about, case = answers.About(REFERENCE, due=YEAR[0]), ("Afya", "Kabiyet")
    promises = (
        notices.confirmation("sw", REFERENCE, YEAR[0], about=case, code="*1548#"),
        notices.confirmation_and_call("sw", REFERENCE, YEAR[0], about=case, is_sample=True, call="Piga 999."),
        answers.reopened("sw", about),
    )
    for promise in promises:
        assert "tutakujibu" in promise.lower()
        assert "Jibu " not in promise
