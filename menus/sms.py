"""An SMS that answers a command: the screens of the menus, laid out for one segment or at most three."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from menus.county import CountyByText
from menus.intents import Intent
from menus.pages import SAMPLE
from menus.shapes import Menu, Talk
from menus.words import N_, Say, gsm7, segments, shorten, translator

MOST_SEGMENTS = 3
LONGEST = MOST_SEGMENTS * 152  # septets; each segment may lose one, where an escape pair would be split
LONGEST_ECHO = 24  # characters of a citizen's own words, said back
_BESIDE = "ward wadi town mjini county kaunti department idara please tafadhali the of and ya na"
BESIDE = frozenset(_BESIDE.split())  # what may stand beside a name and says nothing more


@dataclass(frozen=True)
class Said:
    """A command as it was sent: its words after the keyword, the language to answer in, and what may be looked up.

    `whole` is the SMS with its keyword, to be kept in a case that the command opens.
    """

    rest: str
    language: str
    county: CountyByText
    service_code: str  # what to dial for more: *1548#
    whole: str = ""

    @property
    def say(self) -> Say:
        """The translator of this answer's language."""
        return translator(self.language)

    @property
    def echo(self) -> str:
        """What was said, short enough to be said back."""
        return shorten(self.rest, LONGEST_ECHO)

    @property
    def more(self) -> str:
        """Where there is more to see."""
        return self.say(N_("More: dial {code}, free."), code=self.service_code)

    def told(self, screen: Callable[[Talk], Menu], **answers: str) -> list[str]:
        """Gives what a screen tells: its title and the lines of its text."""
        menu = self._menu(screen, answers)
        return [self._title(menu), *(line for line in menu.text.split("\n") if line)]

    def listed(self, screen: Callable[[Talk], Menu], **answers: str) -> list[str]:
        """Gives what a screen lists: its title and its options, without numbers; a project's with its code."""
        menu = self._menu(screen, answers)
        options = [option for option in menu.options if option]
        return [
            self._title(menu),
            *(f"{option.answers.get('project', '')} {option.label}".strip() for option in options),
        ]

    def _menu(self, screen: Callable[[Talk], Menu], answers: dict[str, str]) -> Menu:
        return screen(Talk(self.language, answers, self.county, reference=""))

    def _title(self, menu: Menu) -> str:
        return f"{menu.title} ({self.say(SAMPLE)})" if menu.is_sample else menu.title


@dataclass(frozen=True)
class Answer:
    """What a command gives: a text to send (none where it is empty), what is to be done, whether it found nothing."""

    text: str
    intent: Intent | None = None
    is_miss: bool = False


Command = Callable[[Said], Answer | None]  # None: these words are no command after all


def words_in(text: str) -> list[str]:
    """Gives the words of a text in small letters, without what stands between them."""
    return re.findall(r"\w+", text.lower())


def says_more(words: Sequence[str], meant: Callable[[str], object]) -> bool:
    """Whether one of these words is no part of the name that `meant` finds in them: "Kapsabet umekwama" tells a story.

    Such a word may be left out without a difference, and alone it means something else.
    """
    whole = meant(" ".join(words))
    return any(
        word not in BESIDE and meant(word) != whole and meant(" ".join([*words[:place], *words[place + 1 :]])) == whole
        for place, word in enumerate(words)
    )


def did_you_mean(said: Said, commands: Sequence[str]) -> Answer:
    """Answers a name that is only nearly one: with the commands that may be meant, and how to report a problem."""
    how = said.say(
        N_("{words}: we don't know it. Did you mean SMS {commands}? A problem? Write it in a sentence."),
        words=said.echo,
        commands=" / ".join(commands),
    )
    return Answer(joined([how]))


def joined(lines: Sequence[str], *, more: str = "") -> str:
    """Joins lines to one SMS in the GSM alphabet. Where they take over three segments, the last give way to `more`."""
    kept = [gsm7(line) for line in lines]
    whole = "\n".join(kept)
    while segments(whole) > MOST_SEGMENTS:
        if len(kept) == 1:
            return shorten(kept[0], LONGEST - len(more) - 1) + f"\n{more}"
        kept.pop()
        whole = "\n".join([*kept, more])
    return whole
