"""The first screen of a new caller."""

from dataclasses import replace

from menus import engine
from tests.menus.calls import opening
from tests.menus.longest import LongestCounty


def test_home_of_a_caller_without_a_language_is_the_choice_of_one() -> None:
    county = LongestCounty()
    state = replace(opening(language=None), page=1)
    turn = engine.step(state, "00", county)
    assert turn.state.screen == "welcome"
    assert turn.state.language is None
