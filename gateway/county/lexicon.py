"""Finding what a text is about by the words the county's pack gives each category; a tie is asked about.

A word of five letters or more also stands for its forms (`hospitali`, `hospitalini`) and for itself misspelt a little.
What only says where something lies ("near the market") doesn't count.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county.tokens import words_of
from models import Category, Kind

LONG = 5  # letters, from which on a word has forms
ALIKE, LONG_ENOUGH_TO_MISSPELL = 88, 6
_LANDMARK = re.compile(
    r"\b(near|next to|behind|opposite|beside|outside|karibu na|nyuma ya|mbele ya|kando ya)\s+(the\s+|our\s+)?\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lexicon:
    """The words of each category, most needed category first, and which of them are grave, or thanks."""

    words: Mapping[str, Sequence[Sequence[str]]]
    sensitive: frozenset[str]
    urgent: frozenset[str]
    thanks: frozenset[str]
    single: frozenset[str]  # every word that stands alone in any category: it is no form of another one


def lexicon(db: Session) -> Lexicon:
    """Reads the words of the categories that stand today."""
    found = db.scalars(select(Category).where(Category.retired_at.is_(None)).order_by(Category.position)).all()
    words = {category.code: [words_of(word) for word in category.words] for category in found if category.words}
    return Lexicon(
        words=words,
        sensitive=frozenset(category.code for category in found if category.sensitive),
        urgent=frozenset(category.code for category in found if category.urgent),
        thanks=frozenset(category.code for category in found if category.kind is Kind.COMPLIMENT),
        single=frozenset(word[0] for known in words.values() for word in known if len(word) == 1),
    )


def categories_in(text: str, known: Lexicon) -> tuple[str, ...]:
    """Gives the categories a text may be about: one when it is sure, several to choose from, none at all.

    A sensitive one goes before the others, so that no more people than need be read it; of several the most needed, and
    nobody is asked on a phone that others may read. Then an urgent one, so that nobody in danger is asked first. Thanks
    go last, since most people end with them.
    """
    said = words_of(_LANDMARK.sub(" ", text))
    scores = {code: _score(words, said, known) for code, words in known.words.items()}
    hit = {code: score for code, score in scores.items() if score}
    for codes in (known.sensitive, known.urgent, frozenset(hit) - known.thanks):
        if codes & hit.keys():
            hit = {code: score for code, score in hit.items() if code in codes}
            break
    likeliest = tuple(code for code, score in hit.items() if score == max(hit.values()))
    return likeliest[:1] if known.sensitive & hit.keys() else likeliest


def _score(words: Sequence[Sequence[str]], said: Sequence[str], known: Lexicon) -> int:
    """Counts how many words of the text are a category's."""
    covered: set[int] = set()
    for word in words:
        for start in range(len(said) - len(word) + 1):
            if all(_is_form(said[start + n], part, known) for n, part in enumerate(word)):
                covered.update(range(start, start + len(word)))
    return len(covered)


def _is_form(said: str, word: str, known: Lexicon) -> bool:
    if said == word or said in known.single:
        return said == word
    if len(word) >= LONG and said.startswith(word):
        return True
    return len(word) >= LONG_ENOUGH_TO_MISSPELL and fuzz.ratio(said, word) >= ALIKE
