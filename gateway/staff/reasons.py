"""Reasons: why somebody did what must be answered for, in their own words, as the audit log keeps them."""

import re

from gateway.errors import Refused

SHORTEST, LONGEST = 5, 200
_MOBILE = re.compile(r"(?:\+?\s?254|\b0)[\s-]?[17](?:[\s-]?\d){8}")


def checked(typed: str) -> str:
    """Gives a reason on one line; raises `Refused` for none worth keeping, and for one that holds a phone number."""
    reason = " ".join(typed.replace("\0", "").split())
    if len(reason) < SHORTEST:
        raise Refused("Say why, in a few words: it is recorded.")
    if len(reason) > LONGEST:
        raise Refused("Say it in %(most)s characters at most.", most=LONGEST)
    if _MOBILE.search(reason):
        raise Refused("Leave the phone number out of the reason: the audit log must not hold any.")
    return reason
