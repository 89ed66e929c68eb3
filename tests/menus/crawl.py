"""Walks through the whole dialogue: every screen, however it can be reached, in one language and one county."""

from collections.abc import Iterator
from functools import cache

from menus import engine
from menus.county import Budget, County, Project
from menus.intents import SetLanguage
from menus.pages import numbered
from menus.play_county import SampleCounty
from menus.shapes import Ask, Menu, Option, Shape, State, Talk
from tests.menus.calls import REFERENCE, kept, opening
from tests.menus.longest import LONGEST_NAME, LongestCounty

FOUND, NOT_FOUND = "K7QM2P4XT", "ZZZZZZZZZ"
WORDS = ("maji", f"{LONGEST_NAME}. " * 5)


class EmptyCounty(LongestCounty):
    """Knows no project and no budget."""

    def budget(self) -> Budget | None:
        return None


class ForgetfulCounty(LongestCounty):
    """Lists what it then no longer finds, as when an import comes between two hops."""

    def project(self, code: str) -> Project | None:  # noqa: ARG002
        return None

    def programmes(self, department: str) -> Budget | None:  # noqa: ARG002
        return None


COUNTIES: dict[str, County] = {
    "of a caller it knows": LongestCounty(projects_listed=10, cases=10),
    "of a stranger": LongestCounty(ward_known=False, projects_listed=10, cases=0),
    "of a follower": LongestCounty(projects_listed=10, cases=1, follows={str(n) for n in range(10)}),
    "of one who may judge": LongestCounty(projects_listed=1, cases=2, stands="resolved"),
    "of one who is asked": LongestCounty(projects_listed=1, cases=2, stands="waiting_citizen"),
    "with empty lists": EmptyCounty(projects_listed=0, cases=0),
    "that forgets": ForgetfulCounty(projects_listed=2, cases=2),
    "small and real": SampleCounty("772"),
}


def shape_of(state: State, county: County) -> Shape:
    """Gives what the screen of a state is, before it is laid out."""
    return engine.screens()[state.screen](Talk(state.language or "en", state.answers, county, REFERENCE))


@cache
def states(name: str, language: str) -> list[State]:
    """Gives one state for each way a screen of the named county can look, by what was answered before it."""
    county = COUNTIES[name]
    found: dict[object, State] = {}
    waiting = [opening(None), opening(language)]
    while waiting:
        state = waiting.pop()
        answers = state.answers
        is_found = answers.get("reference") != NOT_FOUND
        key = (state.language, state.screen, tuple(sorted(answers)), answers.get("category"), is_found)
        if key not in found:
            found[key] = state
            waiting += _next(state, county, language)
    return [*found.values(), engine.resumed(next(state for state in found.values() if state.trail))]


def _next(state: State, county: County, language: str) -> Iterator[State]:
    for typed in _worth_typing(shape_of(state, county), language):
        turn = engine.step(kept(state), typed, county)
        if not turn.state.mistakes:
            yield turn.state


def _worth_typing(shape: Shape, language: str) -> Iterator[str]:
    """Gives one input for each kind of option; another language would only show the same again."""
    if isinstance(shape, Ask):
        yield WORDS[1]
        if shape.skip:
            yield engine.SKIP
    if isinstance(shape, Menu):
        kinds = {_kind(option): str(number) for number, option in numbered(shape) if _stays(option, language)}
        yield from kinds.values()
        if shape.typed:
            yield from (FOUND, NOT_FOUND)


def _kind(option: Option) -> object:
    return option.to, tuple(name for name, value in option.answers.items() if value), option.answers.get("category")


def _stays(option: Option, language: str) -> bool:
    return not isinstance(option.intent, SetLanguage) or option.intent.language == language
