"""The port every carrier adapter fills: what a send gives back and what a callback says, in our words.

Standard library only. An adapter is one file beside this one; the classes of outcome decide, and nothing else does,
whether a message may ever be sent again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What is known after one request about one recipient."""

    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"  # certainly not sent: try again later, it costs nobody anything
    REJECTED = "rejected"  # certainly not sent, and never will be
    HELD = "held"  # certainly not sent; a person must look (RiskHold)
    UNKNOWN = "unknown"  # may have been sent: never again by itself


class LaneOrder(StrEnum):
    """What one answer means for the whole lane."""

    GO_ON = "go_on"
    PAUSE = "pause"  # heals by itself or by a top-up: low balance, 429
    STOP = "stop"  # a configuration fault: until an operator opens the lane again


@dataclass(frozen=True)
class SendResult:
    """The result for one recipient.

    `carrier_id` is the carrier's id for the message, None where it gave none. `attempts_limit` bounds how often a
    NOT_SENT may be tried in all (None: until the message expires). `retry_after` is in seconds.
    """

    verdict: Verdict
    reason: str  # a short word for the operator, never a citizen's words: "UserInBlacklist", "read timeout"
    carrier_id: str | None = None
    cost: str | None = None
    http_status: int | None = None
    lane: LaneOrder = LaneOrder.GO_ON
    retry_after: float | None = None
    attempts_limit: int | None = None
    opts_out: bool = False


class Carrier(Protocol):
    """What the outbox asks of a carrier."""

    def refused(self, phones: Sequence[str]) -> Collection[str]:
        """Gives those of the phones that are never written to. It may look them up, so ask before a send begins."""
        ...

    def send(
        self, body: str, phones: Sequence[str], refused: Collection[str] | None = None
    ) -> Mapping[str, SendResult]:
        """Sends one text to each phone (E.164) in one request, but to none that is `refused` (None: asks for them).

        Gives a result for every phone asked, whatever happens on the wire: it never raises for a network or carrier
        fault. Raises `ValueError`, before anything is sent, for an empty text, no phones or a number that is not a
        Kenyan mobile in E.164.
        """
        ...


@dataclass(frozen=True)
class Hop:
    """One USSD request: everything the citizen has typed in this session so far, joined by `*`."""

    session_id: str
    phone: str  # E.164
    service_code: str
    text: str
    network_code: str | None = None


@dataclass(frozen=True)
class SessionEnd:
    """The carrier's word on how a USSD session ended. What was typed and shown is left out on purpose."""

    session_id: str
    status: str  # success, incomplete or failed
    hops: int | None
    duration_ms: int | None


@dataclass(frozen=True)
class Incoming:
    """An SMS from a citizen. What the carrier left out is empty; nothing of it is ever refused."""

    carrier_id: str
    phone: str  # E.164 where it is a number, else as the carrier wrote it
    to: str  # the short code it was sent to
    text: str  # unchanged, but for what no database can hold
    sent_at: datetime | None = None  # None where the carrier's date can't be read
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OptedOut:
    """A phone whose owner told the carrier that it wants no bulk messages."""

    phone: str


@dataclass(frozen=True)
class Report:
    """A delivery report."""

    carrier_id: str
    status: str
    phone: str
    reason: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
