"""Somebody types anything, for hours: no crash, no screen too long, no place without a way home."""

import random
from dataclasses import replace

import pytest

from menus import engine
from menus.county import County
from menus.engine import screens
from menus.pages import ROOM
from menus.words import gsm7, septets
from tests.menus.calls import LANGUAGES, Call, kept, opening
from tests.menus.longest import LongestCounty

HOPS = 10_000
KEYS = ("0", "00", "98", "1", "2", "3")
ODD = ("", " ", "#", "1#", "777", "-1", "*", "1*1", "²", "\x00", "\n", "maji", "K7QM2P4XT", "ZZZ-ZZZ-ZZZ", "😀" * 90)
STORY = "Hakuna maji Namgoi tangu Jumatatu, bomba limepasuka karibu na shule. " * 3


def _somehow(chance: random.Random) -> str:
    """Gives an input: mostly a number of some list, often a key, now and then a story or nonsense."""
    kind = chance.random()
    if kind < 0.55:
        return str(chance.randint(1, 17))
    if kind < 0.8:
        return chance.choice(KEYS)
    return STORY if kind < 0.9 else chance.choice(ODD)


def _another_call(call: Call, county: County, chance: random.Random) -> Call:
    """Dials again: where the last call was, from the start, by a long dial, or after a screen was renamed."""
    another = Call(county, chance.choice((None, *LANGUAGES)))
    way = chance.random()
    if way < 0.3 and not call.turn.is_end:
        another.turn = engine.begin(engine.resumed(engine.before_resume(kept(call.turn.state))), county)
    elif way < 0.5:
        another.turn = engine.replay(opening("en"), [_somehow(chance) for _ in range(6)], county)
        assert not another.turn.is_end
    elif way < 0.6:
        another.turn = engine.begin(replace(call.turn.state, screen="renamed"), county)
    return another


def _county(chance: random.Random) -> County:
    follows = {str(n) for n in range(chance.randint(0, 7))}
    stands = chance.choice(("waiting_department", "waiting_citizen", "resolved"))
    return LongestCounty(chance.random() < 0.5, chance.randint(0, 7), chance.randint(0, 7), stands, follows)


@pytest.mark.parametrize("seed", [1548, 2027])
def test_whatever_is_typed_the_phone_shows_a_screen_that_fits(seed: int) -> None:
    chance = random.Random(seed)
    county = _county(chance)
    call, seen = Call(county, None), set()
    for _ in range(HOPS):
        if call.turn.is_end or chance.random() < 0.02:
            county = _county(chance)
            call = _another_call(call, county, chance)
        else:
            call.type(_somehow(chance))
        seen.add(call.screen)
        assert gsm7(call.text) == call.text
        assert septets(call.text) <= ROOM
    assert seen == set(screens())


@pytest.mark.parametrize("seed", [1548])
def test_from_wherever_one_has_strayed_00_leads_home(seed: int) -> None:
    chance = random.Random(seed)
    call = Call(LongestCounty(projects_listed=5, cases=5))
    for _ in range(2_000):
        call.type(_somehow(chance))
        at = call.turn.state
        if not call.turn.is_end and at.trail:
            assert engine.step(kept(at), "00", call.county).state.screen == "home"
