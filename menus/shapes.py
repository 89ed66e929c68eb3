"""The shapes of a dialogue: what a screen may return, what is remembered between hops, what a hop gives back.

A screen is a function from `Talk` to `Menu`, `Ask` or `End`. A link is the function itself, so that a misspelt screen
is a lint error. State is plain values, because it lives as JSON between two hops.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from menus.county import County, Labels, in_language
from menus.intents import Intent
from menus.words import Say, translator

Answers = Mapping[str, str]


class Jump(Enum):
    """Where an option may lead besides a screen."""

    HOME = "home"
    BACK = "back"


@dataclass(frozen=True)
class Talk:
    """What a screen knows: the language, what was answered so far, the look-ups, and this dialogue's reference."""

    language: str
    answers: Answers
    county: County
    reference: str

    @property
    def say(self) -> Say:
        """The translator of this dialogue's language."""
        return translator(self.language)

    def label(self, labels: Labels) -> str:
        """Picks a label of the county's in this language, English where it has none."""
        return in_language(labels, self.language)


@dataclass(frozen=True)
class Option:
    """One line of a menu: where it leads, what it answers, what it does on the way."""

    label: str
    to: "Screen | Jump"
    answers: Answers = field(default_factory=dict)
    intent: Intent | None = None


@dataclass(frozen=True)
class Typed:
    """What a menu does with words that are no number: keep them under a name and go on."""

    answer: str
    to: "Screen"
    at_least: int


@dataclass(frozen=True)
class Menu:
    """A question with numbered options. The title stands on every page, the text on as many as it needs.

    The text stands above the options, or below them where nobody should have to turn pages to find them. None among
    the options keeps a number free, so that the others keep theirs.
    """

    title: str
    options: tuple[Option | None, ...] = ()
    text: str = ""
    text_is_below: bool = False
    is_sample: bool = False
    typed: Typed | None = None


@dataclass(frozen=True)
class Ask:
    """A question answered in the citizen's own words. Shorter than `at_least` is asked once more, then taken.

    With `skip`, the number 1 goes on without words: the label says so.
    """

    title: str
    answer: str
    to: "Screen"
    at_least: int = 1
    skip: str = ""


@dataclass(frozen=True)
class End:
    """The last screen, and what is to be done with all that was said."""

    text: str
    intent: Intent | None = None


Shape = Menu | Ask | End
Screen = Callable[[Talk], Shape]


@dataclass(frozen=True)
class State:
    """What is remembered between two hops. `trail` is the way here: screen names and pages, oldest first."""

    screen: str
    reference: str  # as it is printed: K7Q-M2P-4XD
    submission: str  # one dialogue, one case
    language: str | None = None  # None until the caller chose
    answers: Answers = field(default_factory=dict)
    trail: tuple[tuple[str, int], ...] = ()
    page: int = 0
    mistakes: int = 0
    begun: str = ""  # words too short to be taken at once; what is typed next is joined to them


@dataclass(frozen=True)
class Turn:
    """What one hop gives: the screen's text, whether it ends, the state to keep, and what is to be done, in order."""

    text: str
    is_end: bool
    state: State
    intents: tuple[Intent, ...] = ()
