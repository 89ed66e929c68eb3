"""A call that was cut off is taken up again; a long dial goes far, but never sends anything."""

import pytest

from menus import engine
from menus.intents import SetLanguage
from menus.play_cases import SAMPLE_CASES
from menus.play_county import SampleCounty
from menus.shapes import State, Turn
from tests.menus.calls import Call, opening


@pytest.fixture
def county() -> SampleCounty:
    """The county of somebody in Kapsabet who has two cases."""
    return SampleCounty("772", list(SAMPLE_CASES))


def _dial(county: SampleCounty, *inputs: str, language: str | None = "en") -> Turn:
    return engine.replay(opening(language), inputs, county)


def _cut_off_after(county: SampleCounty, *inputs: str, language: str | None = "en") -> State:
    call = Call(county, language)
    call.type(*inputs)
    return call.turn.state


@pytest.mark.parametrize("inputs", [(), ("1",), ("9",), ("4",), ("1", "0"), ("3", "1", "00")])
def test_a_call_cut_off_before_anything_was_answered_starts_again(
    county: SampleCounty, inputs: tuple[str, ...]
) -> None:
    assert not engine.is_worth_resuming(_cut_off_after(county, *inputs))


@pytest.mark.parametrize("inputs", [(), ("1",), ("1", "4")])
def test_choosing_a_language_alone_is_nothing_to_go_on_with(county: SampleCounty, inputs: tuple[str, ...]) -> None:
    assert not engine.is_worth_resuming(_cut_off_after(county, *inputs, language=None))


def test_a_call_cut_off_on_a_screen_that_was_renamed_is_not_offered(county: SampleCounty) -> None:
    state = State("gone", "K7Q-M2P-4XT", "x", "en", trail=(("home", 0), ("budget", 0), ("gone", 0)))
    assert not engine.is_worth_resuming(state)


def test_going_on_keeps_the_screen_the_page_the_answers_and_the_way_back(county: SampleCounty) -> None:
    call = Call(county)
    there = call.type("3", "1", "1", "98")
    before = call.turn.state
    assert call.redial().splitlines()[1:3] == ["1 Continue", "2 Start again"]
    assert call.type("1") == there
    assert call.turn.state == before


def test_words_begun_before_the_line_dropped_are_not_lost(county: SampleCounty) -> None:
    call = Call(county)
    call.type("1", "1", "1", "maji")
    call.redial()
    assert "maji Namgoi" in call.type("1", "Namgoi")


def test_starting_again_forgets_what_was_answered(county: SampleCounty) -> None:
    call = Call(county)
    call.type("1", "1", "1")
    call.redial()
    call.type("2")
    assert (call.screen, call.turn.state.answers) == ("home", {})


def test_an_offer_that_was_cut_off_too_is_made_again_for_the_same_place(county: SampleCounty) -> None:
    call = Call(county)
    there = call.type("1", "1", "1")
    call.redial()
    call.turn = engine.begin(engine.before_resume(call.turn.state), county)
    assert call.text == there
    call.redial()
    assert call.type("1") == there


def test_a_long_dial_goes_as_far_as_its_inputs(county: SampleCounty) -> None:
    assert _dial(county, "3", "1", "1").state.screen == "project"


def test_a_long_dial_of_a_new_phone_chooses_the_language_too(county: SampleCounty) -> None:
    turn = _dial(county, "2", "4", language=None)
    assert (turn.state.screen, turn.intents) == ("budget", (SetLanguage("sw"),))


def test_a_long_dial_stops_at_its_first_mistake(county: SampleCounty) -> None:
    turn = _dial(county, "3", "9", "1", "1")
    assert turn.state.screen == "projects_where"
    assert turn.text.startswith("Not on the list.\n")


def test_a_long_dial_stops_before_a_complaint_is_sent(county: SampleCounty) -> None:
    turn = _dial(county, "1", "1", "1", "No water since Monday", "1", "1")
    assert (turn.state.screen, turn.is_end, turn.intents) == ("complaint_check", False, ())


def test_even_an_emergency_is_not_sent_by_a_long_dial(county: SampleCounty) -> None:
    turn = _dial(county, "1", "4", "1", "Fire at the market")
    assert (turn.state.screen, turn.is_end, turn.intents) == ("complaint_words", False, ())


def test_a_long_dial_follows_no_project(county: SampleCounty) -> None:
    turn = _dial(county, "3", "1", "1", "2")
    assert (turn.state.screen, turn.intents) == ("project", ())
