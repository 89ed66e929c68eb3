"""Case references: eight random symbols and a check symbol, read aloud without doubt.

The 31 symbols leave out what is mistaken for another (0 O, 1 I L). 31 is prime and each place has its own weight, so a
wrong symbol and two swapped neighbours are always noticed.
"""

import re
import secrets

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 9
_IN_TEXT = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z0-9]{3}[\s-]?[A-Za-z0-9]{3}[\s-]?[A-Za-z0-9]{3})(?![A-Za-z0-9]))")


def draw() -> str:
    """Draws a new reference: nine symbols without hyphens. 31^8, some 40 bits, can't be guessed one from another."""
    symbols = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH - 1))
    return symbols + _check(symbols)


def printed(reference: str) -> str:
    """Gives a reference as people read it: `K7Q-M2P-4XD`."""
    return f"{reference[:3]}-{reference[3:6]}-{reference[6:]}"


def read(typed: str) -> str | None:
    """Reads a reference as people type it, with or without hyphens, spaces and capitals; None when it is none."""
    symbols = re.sub(r"[\s\-]", "", typed).upper()
    if len(symbols) != LENGTH or not set(symbols) <= set(SYMBOLS):
        return None
    return symbols if _check(symbols[:-1]) == symbols[-1] else None


def quoted(text: str) -> list[str]:
    """Gives every valid reference in a text, in order and each once, however it is spaced."""
    found = (read(match[1]) for match in _IN_TEXT.finditer(text))
    return list(dict.fromkeys(reference for reference in found if reference))


def unquoted(text: str) -> str:
    """Gives a text without the valid references in it."""
    spans = [match.span(1) for match in _IN_TEXT.finditer(text) if read(match[1])]
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _check(symbols: str) -> str:
    weighted = sum(place * SYMBOLS.index(symbol) for place, symbol in enumerate(symbols, start=1))
    return SYMBOLS[weighted % len(SYMBOLS)]
