"""The engine: what a hop shows. It knows the keys (0 back, 00 home, 98 more), numbers, pages, mistakes and the way.

Pure: it takes a state and what was typed, and gives a `Turn`. It never says CON or END and does nothing itself; what
is to be done comes back as intents.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from menus.county import County
from menus.intents import Intent, SetLanguage
from menus.pages import ROOM, fitted, numbered, pages
from menus.shapes import Ask, End, Jump, Menu, Option, Screen, Shape, State, Talk, Turn
from menus.words import N_, SOURCE_LANGUAGE, translator

BACK, HOME, MORE, SKIP = "0", "00", "98", "1"
HOME_SCREEN = "home"
FIRST_SCREEN = "welcome"  # home of a caller who has not chosen a language yet
RESUME_SCREEN = "resume"
LONGEST_TRAIL = 24  # steps that 0 can undo
PATIENCE = 3  # the mistake from which the line that a person answers is named

NOT_LISTED = N_("Not on the list.")
NEED_WORDS = N_("Please type it.")
TELL_MORE = N_("A little more, please.")
CALL_FOR_HELP = N_("Help: call {line}")

_screens: dict[str, Screen] = {}
_Screen = TypeVar("_Screen", bound=Screen)


def screen(function: _Screen) -> _Screen:
    """Registers a screen under its function's name, by which a state remembers it."""
    if function.__name__ in _screens:
        raise ValueError(f"two screens are called {function.__name__}")
    _screens[function.__name__] = function
    return function


def screens() -> dict[str, Screen]:
    """Gives every registered screen by name."""
    return dict(_screens)


def begin(state: State, county: County) -> Turn:
    """Shows the screen of `state`; one that no longer exists gives home."""
    return _show(_known(state), county)


def step(state: State, typed: str, county: County) -> Turn:
    """Takes what was typed at the screen of `state` and shows what follows."""
    state = _known(state)
    key = _key(typed)
    if key in (BACK, HOME) and not _is_root(state):
        return _show(_home(state) if key == HOME else _back(state), county)
    shape = _shape(state, county)
    if isinstance(shape, End):
        return _show(_home(state), county)
    if key == MORE and state.page + 1 < len(_pages(shape, state, county)):
        return _show(replace(state, page=state.page + 1, mistakes=0), county)
    if isinstance(shape, Menu):
        return _choose(state, shape, typed, county)
    return _answer(state, shape, typed.strip(), county)


def replay(state: State, inputs: Sequence[str], county: County) -> Turn:
    """Takes several inputs at once, as a long dial gives them.

    Stops at the first wrong one, and before anything is submitted: the citizen confirms that on the screen.
    """
    turn = begin(state, county)
    done: tuple[Intent, ...] = ()
    for typed in inputs:
        following = step(turn.state, typed, county)
        if following.is_end or any(not isinstance(intent, SetLanguage) for intent in following.intents):
            break
        turn = following
        done += following.intents
        if turn.state.mistakes:
            break
    return replace(turn, intents=done)


def resumed(state: State) -> State:
    """Gives the state that offers to go on where `state` was cut off."""
    return replace(_entered(state), screen=RESUME_SCREEN, page=0, mistakes=0)


def before_resume(state: State) -> State:
    """Gives the state that an unanswered offer to go on was made for."""
    return _back(state) if state.screen == RESUME_SCREEN and state.trail else state


def is_worth_resuming(state: State) -> bool:
    """Whether something beyond home was answered, on screens that still exist."""
    return _known(state) is state and len(state.trail) >= 2


def _choose(state: State, menu: Menu, typed: str, county: County) -> Turn:
    key = _key(typed)
    if key.isascii() and key.isdigit() and len(key) <= len("0000"):
        chosen = dict(numbered(menu)).get(int(key))
        if chosen:
            return _follow(state, chosen, county)
    elif menu.typed and len(key) >= menu.typed.at_least:
        return _follow(state, Option("", menu.typed.to, {menu.typed.answer: key}), county)
    return _mistaken(state, NOT_LISTED, county)


def _answer(state: State, ask: Ask, words: str, county: County) -> Turn:
    if not words:
        return _mistaken(state, NEED_WORDS, county)
    if ask.skip and _key(words) == SKIP:
        return _follow(state, Option("", ask.to, {ask.answer: state.begun}), county)
    if len(words) < ask.at_least and not state.begun:
        return _mistaken(replace(state, begun=words), TELL_MORE, county)
    whole = f"{state.begun} {words}".strip()
    return _follow(state, Option("", ask.to, {ask.answer: whole}), county)


def _follow(state: State, option: Option, county: County) -> Turn:
    if isinstance(option.intent, SetLanguage):
        state = replace(state, language=option.intent.language)
    turn = _show(_led(state, option), county)
    return replace(turn, intents=(option.intent, *turn.intents)) if option.intent else turn


def _led(state: State, option: Option) -> State:
    if option.to is Jump.HOME:
        return _home(state)
    if option.to is Jump.BACK:
        return _back(state)
    answers = {name: value for name, value in {**state.answers, **option.answers}.items() if value}
    entered = _entered(state)
    return replace(entered, screen=option.to.__name__, answers=answers, page=0, mistakes=0, begun="")


def _mistaken(state: State, line: str, county: County) -> Turn:
    mistakes = state.mistakes + 1
    say = translator(state.language or SOURCE_LANGUAGE)
    mistake = say(line) if mistakes < PATIENCE else say(CALL_FOR_HELP, line=county.line)
    turn = _show(replace(state, mistakes=mistakes), county)
    return replace(turn, text=fitted(f"{mistake}\n{turn.text}", ROOM))


def _key(typed: str) -> str:
    return "".join(typed.split()).removesuffix("#")


def _known(state: State) -> State:
    """Starts again at home where a screen was renamed since the state was kept."""
    if state.screen in _screens and all(name in _screens for name, _ in state.trail):
        return state
    return _home(state)


def _is_root(state: State) -> bool:
    return not state.trail and state.page == 0


def _home(state: State) -> State:
    screen_name = HOME_SCREEN if state.language else FIRST_SCREEN
    return replace(state, screen=screen_name, answers={}, trail=(), page=0, mistakes=0, begun="")


def _back(state: State) -> State:
    if state.page > 0:
        return replace(state, page=state.page - 1, mistakes=0)
    name, page = state.trail[-1]
    if name == HOME_SCREEN:
        return _home(state)
    begun = state.begun if state.screen == RESUME_SCREEN else ""
    return replace(state, screen=name, page=page, trail=state.trail[:-1], mistakes=0, begun=begun)


def _entered(state: State) -> State:
    trail = (*state.trail, (state.screen, state.page))
    return replace(state, trail=trail[:1] + trail[1:][-LONGEST_TRAIL:])


def _shape(state: State, county: County) -> Shape:
    talk = Talk(state.language or SOURCE_LANGUAGE, state.answers, county, state.reference)
    return _screens[state.screen](talk)


def _pages(shape: Menu | Ask, state: State, county: County) -> list[str]:
    say = translator(state.language or SOURCE_LANGUAGE)
    possible = (NOT_LISTED,) if isinstance(shape, Menu) else (NEED_WORDS, TELL_MORE)
    mistakes = (*map(say, possible), say(CALL_FOR_HELP, line=county.line))
    return pages(shape, say, is_root=not state.trail, mistakes=mistakes)


def _show(state: State, county: County) -> Turn:
    shape = _shape(state, county)
    if isinstance(shape, End):
        return Turn(fitted(shape.text, ROOM), True, state, (shape.intent,) if shape.intent else ())
    laid = _pages(shape, state, county)
    page = min(state.page, len(laid) - 1)
    return Turn(laid[page], False, replace(state, page=page))
