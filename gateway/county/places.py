"""Finding the ward in a citizen's words: known names and spellings, misspelt a little, never guessed when in doubt.

A place of the pack goes before a ward's name or spelling, and either half of a double name is a name too. A place that
may mean several wards, or lies elsewhere as well, makes the answer a question. An everyday word is no misspelt name,
neither alone nor beside another ("kabisa", "sana leo").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county.everyday import is_everyday
from gateway.county.tokens import words_of
from models import Place, Subcounty, Ward

LONGEST_NAME = 5  # words
ALIKE, ALIKE_IN_DOUBT = 80, 85  # of 100 (rapidfuzz's ratio)
NEARLY = 72  # enough to ask about
SHORT, TOO_SHORT = 6, 4  # letters; in six one wrong letter makes another word, four are taken as they stand only
NO_NAMES = frozenset({"ward", "wadi", "ya"})

Wards = frozenset[str]


@dataclass(frozen=True)
class Gazetteer:
    """Every name of the county by its letters, with the codes of the wards it may mean."""

    names: Mapping[str, Wards]
    halves: Mapping[str, Wards]  # what a name without a sure ward might still mean


def gazetteer(db: Session) -> Gazetteer:
    """Reads the names of the county that stand today."""
    wards = db.scalars(select(Ward).where(Ward.retired_at.is_(None))).all()
    halves: dict[str, Wards] = {}
    names: dict[str, Wards] = {}
    for subcounty in db.scalars(select(Subcounty).where(Subcounty.retired_at.is_(None))):
        inside = frozenset(ward.code for ward in wards if ward.subcounty_code == subcounty.code)
        name = subcounty.name
        names |= {_key(spoken): inside for spoken in (name, f"{name} sub-county", f"kaunti ndogo {name}")}
    for ward in wards:
        for half in re.split(r"[/\-]", ward.name):
            halves[_key(half)] = halves.get(_key(half), frozenset()) | {ward.code}
    for ward in wards:
        names |= {_key(name): frozenset({ward.code}) for name in (ward.name, *ward.spellings)}
    names = halves | names
    for place in db.scalars(select(Place).where(Place.retired_at.is_(None))):
        names[_key(place.name)] = frozenset(place.ward_codes)
    return Gazetteer(names, halves)


def wards_in(text: str, known: Gazetteer) -> tuple[str, ...]:
    """Gives the codes of the wards a text may mean: one when it is sure, several to choose from, none at all.

    A name that lies outside the county too brings the empty code, which makes any ward beside it unsure.
    """
    hits = list(_hits([word for word in words_of(text) if word not in NO_NAMES], known))
    if not hits:
        return ()
    common = frozenset.intersection(*hits)
    return tuple(sorted(common or frozenset[str]().union(*hits)))


def wards_nearly_in(name: str, known: Gazetteer) -> tuple[str, ...]:
    """Gives the codes of the wards whose names a name is like, though not enough to be taken for one."""
    if any(is_everyday(word) for word in words_of(name)):
        return ()
    meant = _alike(_key(name), known, NEARLY) or frozenset()
    return tuple(sorted(meant - {""}))


def _hits(words: Sequence[str], known: Gazetteer) -> Iterator[Wards]:
    """Gives what each name in the text may mean: names as they stand first, the longest first, then misspelt ones."""
    left = list(words)
    for length in range(LONGEST_NAME, 0, -1):
        for start in range(len(left) - length + 1):
            name = "".join(left[start : start + length])
            if all(left[start : start + length]) and name in known.names:
                yield _meaning(name, known)
                left[start : start + length] = [""] * length
    for length in (2, 1):
        for start in range(len(left) - length + 1):
            name = "".join(left[start : start + length])
            least = ALIKE_IN_DOUBT if length == 2 or len(name) <= SHORT else ALIKE
            may_be_misspelt = not any(not word or is_everyday(word) for word in left[start : start + length])
            meant = _alike(name, known, least) if may_be_misspelt else None
            if meant:
                yield meant
                left[start : start + length] = [""] * length


def _alike(name: str, known: Gazetteer, least: float) -> Wards | None:
    """Gives what a misspelt name may mean: all that the names nearest to it do.

    Whoever misspells a name begins it rightly; words that begin otherwise are words ("walidai", "marathon").
    """
    near = process.extract(name, known.names.keys(), scorer=fuzz.ratio, score_cutoff=least, limit=5)
    likely = [(spelling, score) for spelling, score, _ in near if _first_sound(spelling) == _first_sound(name)]
    nearest = [(spelling, score) for spelling, score in likely if len(spelling) > TOO_SHORT]
    best = [spelling for spelling, score in nearest if score == nearest[0][1]]
    return frozenset().union(*(_meaning(spelling, known) for spelling in best)) if best else None


def _first_sound(name: str) -> str:
    """Gives the letter a name begins with; "Capsabet" begins as "Kapsabet" does."""
    return "k" if name[:1] == "c" and name[:2] != "ch" else name[:1]


def _meaning(name: str, known: Gazetteer) -> Wards:
    """Gives the wards of a name. One that lies elsewhere too has the empty code beside the ward it may be half of."""
    return known.names[name] or known.halves.get(name, frozenset()) | {""}


def _key(name: str) -> str:
    return "".join(words_of(name))
