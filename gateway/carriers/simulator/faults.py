"""The faults a test can ask for: which request goes wrong, how, how often, and how slow everything is.

Modes for one recipient: `recipient` answers with a code of AT's table, `missing_recipient` leaves the row out,
`duplicate_recipient` repeats it. Modes for a whole request that takes the SMS nevertheless: `accept_then_hang`,
`accept_then_close`, `drip` (byte by byte), `html` (201 with a page), `truncated`, `charset` (a content type with more
to it), `old_shape` (2016, without codes). Modes that take nothing: `http` (any status), `invalid_sender`,
`empty_recipients`, `hang`, `close`, `redirect` (307).

Settings are frozen and exchanged as a whole; only the countdown of each rule changes.
"""

import random
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

RECIPIENT_MODES = frozenset({"recipient", "missing_recipient", "duplicate_recipient"})
ACCEPTING_MODES = frozenset(
    {"accept_then_hang", "accept_then_close", "drip", "html", "truncated", "charset", "old_shape"}
)
REFUSING_MODES = frozenset({"http", "invalid_sender", "empty_recipients", "hang", "close", "redirect"})


@dataclass(frozen=True)
class Rule:
    """One fault.

    `times` counts requests (recipients, for the recipient modes), None for ever; `share` is the chance that a request
    is hit; `phone` narrows it to requests for that phone. `code` belongs to mode `recipient`, `status` to `http`
    (with `retry_after` as the header) and, as a text, to `recipient`; `location` to `redirect`. `accepts` says whether
    the SMS is taken although the answer tells otherwise; None leaves that to the mode.
    """

    mode: str
    times: int | None = None
    share: float = 1.0
    phone: str | None = None
    milliseconds: int | None = None
    code: int | None = None
    status: int | str | None = None
    retry_after: str | None = None
    location: str = "http://127.0.0.1:9/version1/messaging"  # port 9 discards; a client must not go there at all
    accepts: bool | None = None

    def __post_init__(self) -> None:
        if self.mode not in RECIPIENT_MODES | ACCEPTING_MODES | REFUSING_MODES:
            raise ValueError(f"no such mode: {self.mode!r}")

    @property
    def takes_the_message(self) -> bool:
        """Whether the SMS is sent in spite of the fault."""
        return self.mode in ACCEPTING_MODES if self.accepts is None else self.accepts


@dataclass(frozen=True)
class Reports:
    """How delivery reports come. Times in milliseconds between two reports of one message."""

    enabled: bool = True
    delay_ms: int = 200
    duplicate: bool = False
    shuffle: bool = False
    lose_share: float = 0.0
    before_answer: bool = False
    final: str = "Success"
    failureReason: str = "DeliveryFailure"  # noqa: N815 (the carrier's own spelling)


@dataclass(frozen=True)
class Ussd:
    """How USSD behaves: what becomes of a long dial's digits, repeated requests, and the network's clocks.

    AT's ceiling is 10 s (documentation); sessions end after 180 s, and after 30 s (Safaricom, Equitel) or 60 s
    (Airtel) without input (help centre), which `idle_ms` replaces.
    """

    long_dial: str = "prefill"
    duplicate: int = 0
    ceiling_ms: int = 10_000
    idle_ms: int | None = None
    session_ms: int = 180_000

    def __post_init__(self) -> None:
        if self.long_dial not in ("prefill", "strip"):
            raise ValueError(f"long_dial: prefill or strip, not {self.long_dial!r}")


@dataclass(frozen=True)
class Settings:
    """Everything that is not as it should be."""

    rules: tuple[Rule, ...] = ()
    latency_ms: int = 0
    reports: Reports = field(default_factory=Reports)
    ussd: Ussd = field(default_factory=Ussd)
    seed: int | None = None


def from_json(wanted: Mapping[str, Any]) -> Settings:
    """Reads the body of PUT /control/faults; what it leaves out is as it is without faults.

    Raises `ValueError` or `TypeError` for a name or a value that means nothing here.
    """
    parts = dict(wanted)
    rules = tuple(Rule(**rule) for rule in parts.pop("rules", ()))
    reports = Reports(**parts.pop("reports", {}))
    ussd = Ussd(**parts.pop("ussd", {}))
    return Settings(rules=rules, reports=reports, ussd=ussd, **parts)


class Faults:
    """Decides, request by request, which rule strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.released = threading.Event()
        self.settings = Settings()
        self.put(self.settings)

    def put(self, settings: Settings) -> None:
        """Exchanges all faults; requests that hang under the old ones are let go."""
        with self._lock:
            self.released.set()
            self.released = threading.Event()
            self.settings = settings
            self._left = [rule.times for rule in settings.rules]
            self._chance = random.Random(settings.seed)  # noqa: S311 (repeatable on purpose)

    def for_request(self, phones: Collection[str]) -> Rule | None:
        """Gives the first rule that strikes a whole request for these phones, and counts it down."""
        return self._strike(ACCEPTING_MODES | REFUSING_MODES, phones)

    def for_recipient(self, phone: str) -> Rule | None:
        """Gives the first rule that strikes one recipient of a request, and counts it down."""
        return self._strike(RECIPIENT_MODES, (phone,))

    def happens(self, share: float) -> bool:
        """Draws once: true in `share` of all cases."""
        with self._lock:
            return share > 0 and self._chance.random() < share

    def shuffled(self, statuses: Collection[str]) -> list[str]:
        """Gives the statuses in a random order."""
        with self._lock:
            return self._chance.sample(list(statuses), len(statuses))

    def as_json(self) -> dict[str, Any]:
        """Gives the settings as the control API shows them, `times` being what is left."""
        with self._lock:
            shown = asdict(self.settings)
            shown["rules"] = [{**rule, "times": left} for rule, left in zip(shown["rules"], self._left, strict=True)]
            return shown

    def _strike(self, modes: Collection[str], phones: Collection[str]) -> Rule | None:
        with self._lock:
            for index, rule in enumerate(self.settings.rules):
                is_due = self._left[index] != 0 and rule.phone in (None, *phones)
                if rule.mode in modes and is_due and self._chance.random() < rule.share:
                    left = self._left[index]
                    self._left[index] = None if left is None else left - 1
                    return rule
        return None
