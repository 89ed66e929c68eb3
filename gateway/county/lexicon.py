"""Finding what a text is about by the words the county's pack gives each category; a tie is asked about.

A word of five letters or more also stands for its forms (`hospitali`, `hospitalini`) and for itself misspelt a little;
an everyday word is no misspelling. `-nibaka` stands for every longer word that ends so, since Kiswahili verbs change in
front. A word within a longer phrase that is known counts for the phrase alone: "maji moto" is hot water and no fire.
What only says where something lies ("near the market") doesn't count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county.everyday import is_everyday
from gateway.county.tokens import words_of
from models import Category, Kind

LONG = 5  # letters, from which on a word has forms
ALIKE, LONG_ENOUGH_TO_MISSPELL = 88, 6
ENDING = "-"  # what a word begins with in the pack that stands for all that end so
BEGINNING = 3  # letters that a grave word misspelt has in common with itself
_VOWELS = re.compile("[aeiou]+")
_LANDMARK = re.compile(
    r"\b(near|next to|behind|opposite|beside|outside|karibu na|nyuma ya|mbele ya|kando ya)\s+(the\s+|our\s+)?\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lexicon:
    """The words of the categories by what they begin with, and which categories are grave, or thanks."""

    codes: Sequence[str]  # of categories, the most needed first
    words: Mapping[str, Sequence[tuple[str, Sequence[str]]]]  # of each first word all that begins with it, and whose
    sensitive: frozenset[str]
    urgent: frozenset[str]
    thanks: frozenset[str]
    single: frozenset[str]  # every word that stands alone in any category: it is no form of another one
    long: Sequence[str]  # what may be misspelt


@dataclass(frozen=True)
class _Forms:
    """The words of a pack that a word of a text may stand for; those it is but like are none of a grave category."""

    sure: frozenset[str]
    alike: frozenset[str]

    def have(self, word: str, *, is_grave: bool) -> bool:
        return word in self.sure or (word in self.alike and not is_grave)


@dataclass(frozen=True)
class _Hit:
    """Where in a text a word or a phrase of a category stands."""

    code: str
    start: int
    end: int

    def is_within(self, other: "_Hit") -> bool:
        return other.start <= self.start and self.end <= other.end and self.end - self.start < other.end - other.start


def lexicon(db: Session) -> Lexicon:
    """Reads the words of the categories that stand today."""
    found = db.scalars(select(Category).where(Category.retired_at.is_(None)).order_by(Category.position)).all()
    own = [(category.code, _parts(word)) for category in found for word in category.words]
    words: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for code, parts in own:
        words.setdefault(parts[0], []).append((code, parts))
    every = {part for _, parts in own for part in parts if not part.startswith(ENDING)}
    return Lexicon(
        codes=[category.code for category in found],
        words=words,
        sensitive=frozenset(category.code for category in found if category.sensitive),
        urgent=frozenset(category.code for category in found if category.urgent),
        thanks=frozenset(category.code for category in found if category.kind is Kind.COMPLIMENT),
        single=frozenset(parts[0] for _, parts in own if len(parts) == 1),
        long=sorted(part for part in every if len(part) >= LONG_ENOUGH_TO_MISSPELL),
    )


def categories_in(text: str, known: Lexicon) -> tuple[str, ...]:
    """Gives the categories a text may be about: one when it is sure, several to choose from, none at all.

    A sensitive one goes before the others, so that no more people than need be read it; of several the most needed, and
    nobody is asked on a phone that others may read. Then an urgent one, so that nobody in danger is asked first. Thanks
    go last, since most people end with them.
    """
    hit = _scores(text, known)
    for codes in (known.sensitive, known.urgent, frozenset(hit) - known.thanks):
        if codes & hit.keys():
            hit = {code: score for code, score in hit.items() if code in codes}
            break
    likeliest = tuple(code for code, score in hit.items() if score == max(hit.values()))
    return likeliest[:1] if known.sensitive & hit.keys() else likeliest


def is_urgent(text: str, known: Lexicon) -> bool:
    """Whether a text holds an urgent word, whatever else it is about."""
    return bool(known.urgent & _scores(text, known).keys())


def _scores(text: str, known: Lexicon) -> dict[str, int]:
    """Counts how many words of the text are a category's, in the order of the categories; the others are left out."""
    hits = list(_hits(words_of(_LANDMARK.sub(" ", text)), known))
    phrases = [hit for hit in hits if hit.end - hit.start > 1]
    covered: dict[str, set[int]] = {}
    for hit in hits:
        if not any(hit.is_within(phrase) for phrase in phrases):
            covered.setdefault(hit.code, set()).update(range(hit.start, hit.end))
    return {code: len(covered[code]) for code in known.codes if code in covered}


def _hits(said: Sequence[str], known: Lexicon) -> Iterator[_Hit]:
    grave = known.sensitive | known.urgent
    forms = {word: _forms(word, known) for word in said}
    for start, first in enumerate(said):
        for begun in (forms[first].sure | forms[first].alike) & known.words.keys():
            for code, parts in known.words[begun]:
                heard = said[start : start + len(parts)]
                is_heard = len(heard) == len(parts) and all(
                    forms[word].have(part, is_grave=code in grave) for word, part in zip(heard, parts, strict=True)
                )
                if is_heard:
                    yield _Hit(code, start, start + len(parts))


def _forms(said: str, known: Lexicon) -> _Forms:
    """Gives what a word of a text may stand for: a known one for itself alone, an everyday one for none it is like.

    Kiswahili verbs differ by a letter: who has used money (`wametumia`) isn't hurt (`wameumia`), who was told something
    (`nimeambiwa`) wasn't raided (`nimevamiwa`). So a grave word is one misspelt only where it begins as it should, is
    as long and has the same consonants.
    """
    if said in known.single:
        return _Forms(frozenset({said}), frozenset())
    begins = {said[:length] for length in range(LONG, len(said))}
    ends = {f"{ENDING}{said[start:]}" for start in range(1, len(said))}
    near = process.extract(said, known.long, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
    alike = frozenset(() if is_everyday(said) else (word for word, _, _ in near))
    return _Forms(frozenset({said, *begins, *ends, *(word for word in alike if _is_surely(said, word))}), alike)


def _is_surely(said: str, word: str) -> bool:
    begins = len(said) == len(word) and said[:BEGINNING] == word[:BEGINNING]
    return begins and _VOWELS.sub("", said) == _VOWELS.sub("", word)


def _parts(word: str) -> list[str]:
    """Gives the words of a word or phrase of the pack; one that is an ending keeps its hyphen."""
    return [
        f"{ENDING}{part}" if token.startswith(ENDING) and place == 0 else part
        for token in word.split()
        for place, part in enumerate(words_of(token))
    ]
