"""A reply that picks one of the choices a question lists: by its number, or by a name as it stands on the list, whole
or one part of it. Please and thanks may stand around it.
"""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from gateway.county.tokens import words_of
from gateway.tickets.open_questions import CATEGORY
from menus.sms import BESIDE
from models import Category, OpenQuestion, Ward

_POLITE = (
    "no number namba nambari ni it is its jibu about ile hiyo asante sana thanks thank you asanteni ahsante tafadhali "
    "please kindly samahani sorry ok"
)
_AROUND = frozenset(_POLITE.split()) | BESIDE
_AND = "na"  # "kumi na moja" is eleven
_UNITS = "moja mbili tatu nne tano sita saba nane tisa kumi"
_ENGLISH = "one two three four five six seven eight nine ten"
_NUMBERS = {word: n for words in (_UNITS, _ENGLISH) for n, word in enumerate(words.split(), start=1)}
_DIGITS = re.compile(r"[0-9]{1,3}")
_PARTS = re.compile(r"[/,&\-]|\bna\b|\band\b")


def number_in(words: str) -> int | None:
    """Gives the number that a reply is, in digits or as a word; None where it says something else."""
    said = [word for word in words_of(words) if word not in _AROUND - {_AND}]
    if len(said) == 3 and said[:2] == ["kumi", _AND] and said[2] in _NUMBERS:
        return 10 + _NUMBERS[said[2]]
    said = [word for word in said if word != _AND]
    if len(said) != 1:
        return None
    return int(said[0]) if _DIGITS.fullmatch(said[0]) else _NUMBERS.get(said[0])


def named_in(db: Session, question: OpenQuestion, words: str) -> str | None:
    """Gives the code of the one choice that a reply names; None where it names none, or more than one."""
    said = _bare(words)
    names = {code: _names(db, question, code) for code in question.choices}
    for kind in (0, 1):  # a whole name goes before a part of another: "Barabara kuu" is not "Barabara"
        found = [code for code in names if said and said in {_bare(name) for name in names[code][kind]}]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _names(db: Session, question: OpenQuestion, code: str) -> tuple[Sequence[str], Sequence[str]]:
    """Gives the whole names of a choice, and the parts of them."""
    if question.asks == CATEGORY:
        labels = list(db.get_one(Category, code).label.values())
        return labels, [code, *(part for label in labels for part in _PARTS.split(label.lower()))]
    name = db.get_one(Ward, code).name
    return [name], _PARTS.split(name.lower())


def _bare(words: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(words) if word not in _AROUND)
