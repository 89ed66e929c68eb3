"""A call with the dialogue: what is typed, what is shown, what is asked to be done; no server, no database.

Between two hops the state goes through JSON, because that is how the gateway keeps it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from gateway import catalogues
from menus import engine, home
from menus.county import County
from menus.intents import Intent
from menus.shapes import State, Turn

# Compiled here, because tests are multiplied by the complete languages before any fixture runs.
LANGUAGES: Sequence[str] = ("en", *catalogues.compile_complete())
REFERENCE = "K7Q-M2P-4XT"


def opening(language: str | None) -> State:
    """Gives the state a call starts from; without a language it is the first call of a phone."""
    return home.opening(reference=REFERENCE, submission="4a7c9f1e-1c1b-4a5e-9a3f-000000000001", language=language)


def kept(state: State) -> State:
    """Gives a state as it comes back from where it was kept."""
    loaded = json.loads(json.dumps(asdict(state)))
    return State(**{**loaded, "trail": tuple((name, page) for name, page in loaded["trail"])})


@dataclass
class Call:
    """One call: `text` is what the phone shows, `intents` all that was asked to be done so far."""

    county: County
    language: str | None = "en"
    intents: list[Intent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turn: Turn = engine.begin(opening(self.language), self.county)

    def type(self, *inputs: str) -> str:
        """Types one input after the other and gives what the phone shows then."""
        for typed in inputs:
            self.turn = engine.step(kept(self.turn.state), typed, self.county)
            self.intents += self.turn.intents
        return self.text

    def leaf_through(self) -> list[str]:
        """Turns the pages to the last one and gives what each shows."""
        shown = [self.text]
        while f"{engine.MORE} " in self.text.splitlines()[-1]:
            shown.append(self.type(engine.MORE))
        return shown

    def redial(self) -> str:
        """Lets the line drop and dials again; the offer to go on is shown."""
        self.turn = engine.begin(engine.resumed(kept(self.turn.state)), self.county)
        return self.text

    @property
    def text(self) -> str:
        return self.turn.text

    @property
    def screen(self) -> str:
        return self.turn.state.screen
