"""Every screen, every page, every language: within 160 septets, nothing cut that one chooses by, never a dead end."""

from itertools import chain

import pytest

from menus import engine
from menus.county import County
from menus.pages import LONGEST_QUESTION, ROOM, fitted, numbered
from menus.shapes import Ask, End, Menu, Shape, State, Turn
from menus.words import gsm7, septets
from tests.menus.calls import LANGUAGES, Call, kept
from tests.menus.crawl import COUNTIES, shape_of, states

WRONG = ("777", "888", "999")
anywhere = pytest.mark.parametrize("name", COUNTIES)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def _at(state: State, county: County) -> Call:
    call = Call(county, state.language)
    call.turn = engine.begin(kept(state), county)
    return call


def _fits(text: str) -> bool:
    return gsm7(text) == text and septets(text) <= ROOM == 160 - len("CON ") == 160 - len("END ")


def test_every_screen_is_reached() -> None:
    reached = {state.screen for name in COUNTIES for state in states(name, "en")}
    assert reached == set(engine.screens())


def test_free_text_is_asked_only_for_a_case_and_for_what_staff_ask_of_one() -> None:
    every = [(state, county) for name, county in COUNTIES.items() for state in states(name, "en")]
    asking = {state.screen for state, county in every if isinstance(shape_of(state, county), Ask)}
    assert asking == {"complaint_words", "case_still_wrong", "case_answer"}


@anywhere
@in_every_language
def test_every_page_fits_also_under_every_mistake(name: str, language: str) -> None:
    county = COUNTIES[name]
    for state in states(name, language):
        call = _at(state, county)
        wrong = _wrong(shape_of(state, county))
        for page in [call.turn] if call.turn.is_end else _turns(call):
            assert _fits(page.text), page.text
            shown = page
            for typed in () if page.is_end else wrong:
                shown = engine.step(shown.state, typed, county)
                assert _fits(shown.text), shown.text
                assert shown.text.split("\n", 1)[1] == page.text


def _wrong(shape: Shape) -> tuple[str, ...]:
    """Gives what no screen of this shape takes; where one letter is enough, only nothing is wrong."""
    if not isinstance(shape, Ask):
        return WRONG
    return ("", "x", "") if shape.at_least > 1 else ("", "", "")


def _turns(call: Call) -> list[Turn]:
    turns = [call.turn]
    while f"{engine.MORE} " in call.text.splitlines()[-1]:
        call.type(engine.MORE)
        turns.append(call.turn)
    return turns


@anywhere
@in_every_language
def test_no_title_no_option_and_no_farewell_is_cut(name: str, language: str) -> None:
    county = COUNTIES[name]
    for state in states(name, language):
        shape, call = shape_of(state, county), _at(state, county)
        if isinstance(shape, End):
            assert call.text == gsm7(shape.text)
            continue
        lines = [page.splitlines() for page in call.leaf_through()]
        assert {page[0] for page in lines} == {lines[0][0]}
        assert call.text.startswith(gsm7(shape.title))
        if isinstance(shape, Ask):
            assert fitted(shape.title, LONGEST_QUESTION) == gsm7(shape.title)
        if isinstance(shape, Menu):
            options = [gsm7(f"{number} {option.label}") for number, option in numbered(shape)]
            assert [line for line in chain.from_iterable(lines) if line in options] == options


@anywhere
@in_every_language
def test_what_is_sent_is_read_back_on_one_screen_with_the_number_that_sends_it(name: str, language: str) -> None:
    checks = [state for state in states(name, language) if state.screen == "complaint_check"]
    assert checks
    for state in checks:
        lines = _at(state, COUNTIES[name]).text.splitlines()
        assert [line.partition(" ")[0] for line in lines[-3:]] == ["1", "2", "0"]
        assert len(lines) == len(("title", "about", "words", "send", "change", "keys"))


@anywhere
@in_every_language
def test_from_every_screen_something_leads_on(name: str, language: str) -> None:
    county = COUNTIES[name]
    for state in states(name, language):
        turn = engine.begin(state, county)
        if not turn.is_end:
            following = engine.step(turn.state, engine.BACK if state.trail else "1", county)
            assert following.state.mistakes == 0
            assert following.state.screen != state.screen or following.state.answers != state.answers
