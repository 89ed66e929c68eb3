"""How much of a citizen's time a complaint takes: every screen that asks for something, counted."""

from collections.abc import Sequence

import pytest

from menus.county import County
from menus.engine import MORE
from menus.intents import OpenTicket
from menus.play_county import SampleCounty
from tests.menus.calls import LANGUAGES, Call

KAPSABET = "772"
NEW = ("3", "3")  # Emgwen, Kapsabet
KNOWN = ("1",)
WORDS = "No water at Namgoi since Monday"
HIDE, SEND = "2", "1"


def _sent(county: County, inputs: Sequence[str], language: str | None) -> int:
    """Plays a call that must end with a case; gives how many screens asked for input. 98 asks for none."""
    call = Call(county, language)
    for typed in inputs:
        assert not call.turn.is_end
        call.type(typed)
    assert call.turn.is_end
    assert [type(intent) for intent in call.intents][-1:] == [OpenTicket]
    return sum(typed != MORE for typed in inputs)


@pytest.mark.parametrize("choice", ["1", "2"])
def test_a_new_callers_complaint_takes_seven_screens(choice: str) -> None:
    assert _sent(SampleCounty(), (choice, "1", "1", *NEW, WORDS, SEND), None) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_known_callers_complaint_takes_five_screens(language: str) -> None:
    assert _sent(SampleCounty(KAPSABET), ("1", "1", *KNOWN, WORDS, SEND), language) == 5


def test_turning_pages_is_not_asked_for() -> None:
    assert _sent(SampleCounty(KAPSABET), ("1", MORE, "5", *KNOWN, WORDS, SEND), "en") == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sensitive_matter_takes_one_screen_more(language: str) -> None:
    assert _sent(SampleCounty(KAPSABET), ("1", "6", *KNOWN, WORDS, HIDE, SEND), language) == 6
    assert _sent(SampleCounty(), ("1", "1", "6", *NEW, WORDS, HIDE, SEND), None) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_emergency_is_sent_with_its_words(language: str) -> None:
    assert _sent(SampleCounty(KAPSABET), ("1", "4", *KNOWN, "Fire at the market"), language) == 4
    assert _sent(SampleCounty(), ("1", "1", "4", *NEW, "Fire at the market"), None) == 6


def test_a_problem_with_a_project_takes_its_ward_from_the_project() -> None:
    call = Call(SampleCounty(KAPSABET))
    call.type("3", "1", "1", "1", "5", "The stalls have no roof", SEND)
    assert call.intents == [OpenTicket("markets", "The stalls have no roof", ward=KAPSABET, project="S117")]


def test_a_question_about_the_budget_needs_no_place() -> None:
    call = Call(SampleCounty())
    call.type("4", "4", "How much is for roads?", SEND)
    assert call.intents == [OpenTicket("budget_question", "How much is for roads?")]
