"""Facts in texts that staff write: a name between braces stands for what it names, `{ward}` for a ward.

They are put in by a plain replacer, never by `str.format`: whatever else stands between braces stays as it is.
"""

import re
from collections.abc import Collection, Mapping

_BETWEEN_BRACES = re.compile(r"\{([^{}]*)\}")


def filled(body: str, facts: Mapping[str, str]) -> str:
    """Puts facts where their names stand between braces, once: what a fact brings along is not looked at again."""
    return _BETWEEN_BRACES.sub(lambda found: facts.get(found[1], found[0]), body)


def unknown(body: str, known: Collection[str]) -> str | None:
    """Gives the first name between braces that is none of the known ones, None where all are."""
    found = (match[1] or " " for match in _BETWEEN_BRACES.finditer(body))
    return next((name for name in found if name not in known), None)


def named(body: str) -> frozenset[str]:
    """Gives the names that stand between braces."""
    return frozenset(match[1] for match in _BETWEEN_BRACES.finditer(body))
