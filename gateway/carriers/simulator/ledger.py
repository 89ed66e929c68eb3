"""What the carrier took and what citizens wrote: the truth that tests compare the gateway's records with."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from . import alphabet


def now() -> str:
    """Gives the time as the control API writes it: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_id(prefix: str) -> str:
    """Gives an id in Africa's Talking's shape: the prefix and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


@dataclass(frozen=True)
class Accepted:
    """One SMS taken for one phone; a citizen would have received it."""

    id: str
    phone: str
    text: str
    sender: str
    at: str

    @property
    def segments(self) -> int:
        """How many parts it was sent in."""
        return alphabet.segments(self.text)

    def as_json(self) -> dict[str, Any]:
        """Gives the entry as the control API shows it."""
        entry = asdict(self)
        entry["from"] = entry.pop("sender")
        return entry


class Ledger:
    """Keeps every accepted SMS, every text from a citizen, and how many send requests came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accepted: dict[str, Accepted] = {}
        self._received: list[dict[str, Any]] = []
        self._requests = 0

    def accept(self, phone: str, text: str, sender: str) -> Accepted:
        """Takes one SMS for one phone and gives its entry with a new id."""
        entry = Accepted(new_id("ATXid_"), phone, text, sender, now())
        with self._lock:
            self._accepted[entry.id] = entry
        return entry

    def receive(self, fields: Mapping[str, str]) -> None:
        """Keeps a citizen's text for the inbox poll, which numbers messages where the callback has a UUID."""
        with self._lock:
            self._received.append({**fields, "id": len(self._received) + 1})

    def count_request(self) -> None:
        """Counts one send request, whatever becomes of it."""
        with self._lock:
            self._requests += 1

    def find(self, message_id: str) -> Accepted | None:
        """Gives the accepted SMS with this id, None where there is none."""
        with self._lock:
            return self._accepted.get(message_id)

    def inbox(self, phone: str) -> list[Accepted]:
        """Gives what this phone received, newest last."""
        with self._lock:
            return [entry for entry in self._accepted.values() if entry.phone == phone]

    def received_after(self, last_id: int) -> list[dict[str, Any]]:
        """Gives citizens' texts whose number in the inbox is above `last_id`."""
        with self._lock:
            return [message for message in self._received if message["id"] > last_id]

    def as_json(self) -> dict[str, Any]:
        """Gives the whole ledger as the control API shows it."""
        with self._lock:
            return {"accepted": [entry.as_json() for entry in self._accepted.values()], "requests": self._requests}

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._accepted.clear()
            self._received.clear()
            self._requests = 0
