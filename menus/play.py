"""A handset in the terminal: `python -m menus.play [LANGUAGE]` speaks with a small sample county.

Type what one types on a phone. `redial` lets the line drop and dials again, Ctrl-D hangs up. Without a LANGUAGE it is
the first call of a new phone; with one (en, sw) the caller is known. Nothing is sent or kept anywhere.
"""

import sys
import textwrap
from collections.abc import Iterator

from menus import engine, home
from menus.intents import SetLanguage
from menus.play_cases import ASKING_CASE, SAMPLE_CASES
from menus.play_county import SampleCounty
from menus.shapes import State, Turn
from menus.words import LANGUAGES, languages, septets

WIDTH = 40  # characters of a small phone's line
REDIAL = "redial"
HELP = "Type what the screen asks for. redial: the line drops and you dial again. Ctrl-D: hang up."
# Valid ones, as the gateway would draw them: a case opened here can be looked up here.
REFERENCES = ("K7Q-M2P-4XT", "G32-3GT-244", "KZ9-JPN-HPQ", "ENE-X2J-9GQ")


class Handset:
    """One phone: it knows its county, its language, and the dialogue that is open."""

    def __init__(self, language: str | None) -> None:
        self.language = language
        self.county = SampleCounty("772", [*SAMPLE_CASES, ASKING_CASE]) if language else SampleCounty()
        self._calls = 0
        self._state: State | None = None

    def dial(self) -> Turn:
        """Opens a dialogue, or offers to go on where the last one was cut off."""
        cut_off = engine.before_resume(self._state) if self._state else None
        if cut_off and engine.is_worth_resuming(cut_off):
            return self._kept(engine.begin(engine.resumed(cut_off), self.county))
        reference = REFERENCES[self._calls % len(REFERENCES)]
        self._calls += 1
        opening = home.opening(reference=reference, submission=str(self._calls), language=self.language)
        return self._kept(engine.begin(opening, self.county))

    def type(self, typed: str) -> Turn:
        """Answers the open dialogue's screen; where none is open, dials."""
        if self._state is None or typed.strip() == REDIAL:
            return self.dial()
        return self._kept(engine.step(self._state, typed, self.county))

    def _kept(self, turn: Turn) -> Turn:
        for intent in turn.intents:
            self.county.perform(intent, turn.state.reference)
            if isinstance(intent, SetLanguage):
                self.language = intent.language
        self._state = None if turn.is_end else turn.state
        return turn


def framed(turn: Turn) -> str:
    """Draws a screen with the number of septets it takes of 160, the carrier's prefix included."""
    lines = [part for line in turn.text.split("\n") for part in textwrap.wrap(line, WIDTH) or [""]]
    count = f" {septets(turn.text) + len('CON ')}/160 "
    body = [f"| {line:<{WIDTH}} |" for line in lines]
    bottom = f"+{count:->{WIDTH}}--+"
    return "\n".join([f"+{'-' * (WIDTH + 2)}+", *body, bottom])


def _typed() -> Iterator[str]:
    """Gives one line after the other until Ctrl-D."""
    while True:
        try:
            yield input("> ")
        except (EOFError, KeyboardInterrupt):
            return


def _language(arguments: list[str]) -> str | None:
    """Reads the language asked for; English where its catalogue isn't compiled yet. Raises `SystemExit` for none."""
    if not arguments:
        return None
    language = arguments[0]
    if len(arguments) > 1 or language not in LANGUAGES:
        raise SystemExit(f"usage: python -m menus.play [{' | '.join(LANGUAGES)}]")
    if language not in languages():
        print(
            f"{LANGUAGES[language]} has no compiled catalogue yet: `make run` compiles the complete ones. In English:"
        )
        return "en"
    return language


def main(arguments: list[str]) -> None:
    """Dials, then shows a screen for each line typed, until Ctrl-D."""
    handset = Handset(_language(arguments))
    print(HELP)
    turn = handset.dial()
    print(framed(turn))
    for typed in _typed():
        turn = handset.type(typed)
        print(framed(turn))
        if turn.is_end:
            print("The call has ended. Enter dials again.")
    print("\nHung up.")


if __name__ == "__main__":
    main(sys.argv[1:])
