"""The words that make an SMS a command: in English and Kiswahili, as they are often misspelt too.

A keyword is only one at the beginning, and each command looks at what follows: with words it does not know ("Stop the
lorries dumping at the river", "Mradi umekwama") the text stays a complaint, so that none is swallowed. Nobody is opted
out by a sentence: beside STOP stand only words that mean nothing by themselves, or name what is to end. Before it, and
before nothing else, may stand a "please".
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from menus import sms_budget, sms_cases, sms_choices, sms_places
from menus.sms import Command

Spellings = Mapping[str, str]  # language to words, separated by spaces; _ joins two words to one keyword


@dataclass(frozen=True)
class Keyword:
    """A command with its words per language, misspellings included."""

    name: str
    words: Spellings
    answer: Command


@dataclass(frozen=True)
class Match:
    """A keyword that a text begins with, the language of its word, and the words after it as they were written."""

    keyword: Keyword
    language: str
    rest: str


KEYWORDS = (
    Keyword(
        "stop",
        {"en": "stop stopp stoop unsubscribe", "sw": "acha achaa acheni ondoka odoka toka tokaa"},
        sms_choices.stop,
    ),
    Keyword("stop", {"en": "no_more", "sw": "sitaki hatutaki"}, sms_choices.no_more),
    Keyword("start", {"en": "start strat statr subscribe", "sw": "anza ansa anzaa"}, sms_choices.start),
    Keyword(
        "help",
        {"en": "help hepl halp hlp info", "sw": "msaada msada musaada msaaada saidia usaidizi"},
        sms_choices.help_,
    ),
    Keyword(
        "status",
        {"en": "status statas stutus staus satus case my_case my_cases", "sw": "hali hari hale kesi"},
        sms_cases.status,
    ),
    Keyword(
        "project", {"en": "project projects projct projet", "sw": "mradi miradi muradi mradii"}, sms_places.projects
    ),
    Keyword("budget", {"en": "budget buget budjet budgets", "sw": "bajeti bajet bajeeti budgeti"}, sms_budget.budget),
    Keyword("follow", {"en": "follow folow folo", "sw": "fuata fwata fuatilia fuatia"}, sms_places.follow),
    Keyword(
        "unfollow",
        {"en": "unfollow unfolow un_follow stop_following", "sw": "usifuate acha_kufuata acha_kufuatilia acha_fuata"},
        sms_places.unfollow,
    ),
    Keyword("erase", {"en": "erase delete earse erace", "sw": "futa fruta futaa"}, sms_cases.erase),
    Keyword("language", {"en": "language langauge languge lang", "sw": "lugha luga lugaha"}, sms_choices.language),
)

_BY_WORD = {
    word.replace("_", " "): (keyword, language)
    for keyword in KEYWORDS
    for language, words in keyword.words.items()
    for word in words.split()
}
_LONGEST = 2  # words of a keyword
_PLEASE = re.compile(r"\W*(?:(?:please|plz|pls|kindly|tafadhali|naomba)\b\W*)+", re.IGNORECASE)


def match(text: str) -> Match | None:
    """Gives the keyword a text begins with, None where it begins with none."""
    plain = _plain(text)
    please = _PLEASE.match(plain)
    asked = _begins(plain[please.end() :]) if please else None
    return asked if asked and asked.keyword.name == "stop" else _begins(plain)


def _begins(plain: str) -> Match | None:
    for length in range(_LONGEST, 0, -1):
        begins = re.match(rf"\W*(\w+(?:\W+\w+){{{length - 1}}})\b\W*", plain)
        found = _BY_WORD.get(" ".join(re.findall(r"\w+", begins[1].casefold()))) if begins else None
        if begins and found:
            return Match(found[0], found[1], plain[begins.end() :].strip(" \t\r\n.,;:!?\"'"))
    return None


def _plain(text: str) -> str:
    """Gives a text with look-alikes of other widths made plain and invisible characters left out."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")
