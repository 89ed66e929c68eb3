"""Strangers: requests with a wrong secret, counted by where they come from, in this process's memory.

Each is answered 404, as is everything that isn't there. From a source that goes on and on they are answered without
words, and the connection ends; an operator is told once. Who has the secret is never held up: all of a carrier's
requests come from one or two addresses.
"""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum

AT_ONCE = 20  # requests
ONE_MORE_AFTER = 3.0  # seconds
MOST_SOURCES = 1000  # remembered; then the one that was silent for longest is forgotten


class Standing(Enum):
    """How a source stands after one more request."""

    WITHIN = "within the limit"
    REACHED = "just reached the limit"
    BEYOND = "beyond the limit"


@dataclass
class _Source:
    left: float
    seen_at: float
    is_told: bool = False  # the operator knows; anew once it has been quiet


@dataclass
class Strangers:
    """The sources known to this process. Safe to be used by several threads."""

    _known: OrderedDict[str, _Source] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self._known)

    def knock(self, address: str | None, now: float) -> Standing:
        """Counts one request; `now` is in seconds of the monotonic clock."""
        with self._lock:
            name = source(address)
            known = self._known.setdefault(name, _Source(AT_ONCE, now))
            self._known.move_to_end(name)
            while len(self._known) > MOST_SOURCES:
                self._known.popitem(last=False)
            return _taken(known, now)


def source(address: str | None) -> str:
    """Gives what is counted as one source: an address, of IPv6 the network that one subscriber has."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return f"{read}" if read.version == 4 else f"{ipaddress.ip_network((read, 64), strict=False)}"


def _taken(known: _Source, now: float) -> Standing:
    known.left = min(AT_ONCE, known.left + (now - known.seen_at) / ONE_MORE_AFTER)
    known.seen_at = now
    if known.left == AT_ONCE:
        known.is_told = False
    if known.left >= 1:
        known.left -= 1
        return Standing.WITHIN
    told, known.is_told = known.is_told, True
    return Standing.BEYOND if told else Standing.REACHED
