"""One USSD session: what was typed, what was asked and answered, and the two forms the carrier posts about it."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .ledger import new_id


@dataclass
class Session:
    """One dial, from the first request to the end notification."""

    phone: str
    network: str
    service_code: str
    id: str = field(default_factory=lambda: new_id("ATUid_"))
    is_open: bool = True
    text: str = ""
    hops: int = 0
    metadata: list[str] = field(default_factory=list)
    last_answer: str = ""
    began: float = field(default_factory=time.monotonic)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    busy: threading.Lock = field(default_factory=threading.Lock)

    def as_json(self) -> dict[str, Any]:
        """Gives the raw record: every request, every answer, every end notification."""
        return {
            "session": self.id,
            "phone": self.phone,
            "open": self.is_open,
            "exchanges": list(self.exchanges),
            "ended": list(self.ended),
        }

    def request_form(self) -> dict[str, str]:
        """Gives the form of the next request, in the order of AT's captured requests."""
        return {
            "phoneNumber": self.phone,
            "serviceCode": self.service_code,
            "text": self.text,
            "sessionId": self.id,
            "networkCode": self.network,
        }

    def end_form(self, status: str, error: str) -> dict[str, str]:
        """Gives the form of the end notification, in the order of AT's captured one; times are in UTC."""
        return {
            "durationInMillis": str(round((time.monotonic() - self.began) * 1000)),
            "phoneNumber": self.phone,
            "errorMessage": error,
            "serviceCode": self.service_code,
            "lastAppResponse": self.last_answer,
            "hopsMetadata": "|".join(self.metadata),
            "hopsCount": str(self.hops),
            "status": status,
            "sessionId": self.id,
            "cost": "0.00",
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            "networkCode": self.network,
            "input": self.text,
        }
