"""What the text in a cell means: a sum in shillings, a percentage, a day, one of a few words, a ward, a department.

A cell that can't be read raises `BadCell`, whose text is the reason a person reads beside the row's number.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from gateway.errors import GatewayError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MOST_CHARACTERS = 500
MOST_SHILLINGS = Decimal(10) ** 14  # what the columns hold
_AMOUNT = re.compile(r"(?:kes|kshs?|ksh)?\.? ?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?:/[-=])?", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9/._-]{0,23}")
_YEAR = re.compile(r"(?:FY ?)?(20\d\d) ?[/-] ?(?:20)?(\d\d)", re.IGNORECASE)
_COUNTY_WIDE = ("county", "countywide")


class BadCell(GatewayError):
    """A cell doesn't say what its column needs; caught where the row's number is known."""


def fold(text: str) -> str:
    """Gives the letters and digits of a name in lower case: `Kapng'etuny Ward` and `KAPNGETUNY WARD` are one."""
    return "".join(character for character in text.casefold() if character.isalnum())


@dataclass(frozen=True)
class Cells:
    """One row's cells by column name; an absent column reads as empty."""

    by_column: Mapping[str, str]

    def need(self, column: str, parse: Callable[[str], T]) -> T:
        """Gives the cell's meaning. Raises `BadCell` with the column's name when it is empty or wrong."""
        text = self.by_column.get(column, "")
        if not text:
            raise BadCell(f"{column} is empty")
        try:
            return parse(text)
        except BadCell as fault:
            raise BadCell(f"{column}: {fault}") from fault

    def maybe(self, column: str, parse: Callable[[str], T]) -> T | None:
        """Gives the cell's meaning, or None when it is empty. Raises `BadCell` when it is wrong."""
        return self.need(column, parse) if self.by_column.get(column) else None


@dataclass(frozen=True)
class KnownNames:
    """The wards and departments a cell may name: every folded spelling, with the code it stands for."""

    wards: Mapping[str, str]
    departments: Mapping[str, str]

    def ward(self, text: str) -> str:
        """Gives the code of the ward named, by code or any known spelling, with or without the word "ward"."""
        folded = fold(text)
        code = self.wards.get(folded) or self.wards.get(folded.removesuffix("ward"))
        if code is None:
            raise BadCell(f"no ward is called {text!r}")
        return code

    def place(self, text: str) -> tuple[str, ...]:
        """Gives the codes of the wards named, in order and each once; none for `county`. `;`, `|` and `,` separate."""
        if fold(text) in _COUNTY_WIDE:
            return ()
        parts = [part.strip() for part in re.split(r"[;|,]", text)]
        return tuple(sorted({self.ward(part) for part in parts}))

    def department(self, text: str) -> str:
        """Gives the code of the department named, by code or name."""
        code = self.departments.get(fold(text))
        if code is None:
            raise BadCell(f"no department is called {text!r}")
        return code


def spellings(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Gives each folded spelling with its code, out of pairs of a code and the names it goes by."""
    return {fold(spelling): code for code, known in names for spelling in (code, *known)}


def words(text: str) -> str:
    """Gives the text as it stands, at most 500 characters."""
    if len(text) > MOST_CHARACTERS:
        raise BadCell(f"has {len(text)} characters, at most {MOST_CHARACTERS}")
    return text


def code(text: str) -> str:
    """Gives a code in capitals: at most 24 letters, digits and `/ . _ -`, so that it can be typed on any phone."""
    upper = text.upper()
    if not _CODE.fullmatch(upper):
        raise BadCell(f"{text!r} is not a code: at most 24 letters, digits and / . _ -")
    return upper


def amount(text: str) -> Decimal:
    """Gives Kenya shillings: `1200000`, `1,200,000` and `KES 1,200,000.00` are the same."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise BadCell(f"{text!r} is not a sum in shillings")
    shillings = Decimal(match[1].replace(",", "") + (match[2] or ""))
    if shillings >= MOST_SHILLINGS:
        raise BadCell(f"{text!r} is too large")
    return shillings


def percent(text: str) -> int:
    """Gives a whole percentage from 0 to 100. A bare fraction such as `0.45` is refused: it may mean either."""
    match = _PERCENT.fullmatch(text)
    value = Decimal(match[1]) if match else Decimal(-1)
    if not 0 <= value <= 100:
        raise BadCell(f"{text!r} is not a percentage from 0 to 100")
    if 0 < value < 1 and not text.endswith("%"):
        raise BadCell(f"{text!r} may mean {(value * 100).normalize():f}% or {text}%: write the sign")
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def day(text: str) -> date:
    """Gives a day written as `2026-07-31` or `31/7/2026`, from 1990 to 2099."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no hour and no zone
        except ValueError:
            continue
        if 1990 <= found.year <= 2099:
            return found
    raise BadCell(f"{text!r} is not a day such as 2026-07-31 or 31/7/2026")


def fiscal_year(text: str) -> str:
    """Gives a fiscal year as `2026/27`; `FY 2026-2027` is the same. It runs from 1 July to 30 June."""
    match = _YEAR.fullmatch(text)
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
        raise BadCell(f"{text!r} is not a fiscal year such as 2026/27")
    return f"{match[1]}/{match[2]}"


def flag(text: str) -> bool:
    """Gives yes or no, in English or Kiswahili."""
    folded = fold(text)
    if folded not in ("yes", "ndiyo", "true", "1", "no", "hapana", "false", "0"):
        raise BadCell(f"{text!r} is not yes or no")
    return folded in ("yes", "ndiyo", "true", "1")


def one_of(members: type[E]) -> Callable[[str], E]:
    """Gives the parser for a column that holds one of the enum's words, in whatever case."""

    def member(text: str) -> E:
        for candidate in members:
            if fold(candidate.value) == fold(text):
                return candidate
        raise BadCell(f"{text!r} is not one of {', '.join(members)}")

    return member
