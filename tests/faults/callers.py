"""What reaches the hooks: single requests as the carrier makes them, and many at once while something is broken."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode
from zlib import crc32

from tests.faults.house import SECRET, House

PATIENCE = 10.0  # seconds: as long as the carrier waits for a screen


@dataclass(frozen=True)
class Answer:
    """What a hook answered; status 0 where no whole answer came."""

    status: int
    body: str
    seconds: float

    @property
    def is_screen(self) -> bool:
        """Whether a phone could show it."""
        return self.status == 200 and self.body.startswith(("CON ", "END "))


def post(house: House, hook: str, form: Mapping[str, str], *, port: int | None = None) -> Answer:
    """Posts one callback and gives the answer; never raises for the network."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port or house.port, timeout=PATIENCE)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    try:
        connection.request("POST", f"/hooks/{SECRET}/{hook}", urlencode(form), headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(), time.monotonic() - began)
    except (OSError, HTTPException):
        return Answer(0, "", time.monotonic() - began)
    finally:
        connection.close()


def hop(house: House, session: str, phone: str, typed: str, *, port: int | None = None) -> Answer:
    """Sends one USSD request with all that was typed so far."""
    form = {"sessionId": session, "phoneNumber": phone, "text": typed, "serviceCode": "*1548#", "networkCode": "63902"}
    return post(house, "ussd", form, port=port)


def dial(house: House, word: str) -> Answer:
    """Dials in a session, and from a phone, of its own: one phone alone would soon be told to wait."""
    return hop(house, f"ATUid_{word}", f"+2547{crc32(word.encode()) % 100_000_000:08d}", "")


def report(house: House, carrier_id: str, phone: str, status: str = "Success") -> Answer:
    """Sends one delivery report."""
    return post(house, "delivery", {"id": carrier_id, "phoneNumber": phone, "status": status, "networkCode": "63902"})


def sms(house: House, carrier_id: str, phone: str, words: str) -> Answer:
    """Sends a citizen's SMS."""
    form = {"linkId": "", "text": words, "to": "1548", "id": carrier_id, "date": "2026-11-23T09:00:00Z", "from": phone}
    return post(house, "sms", form)


def readiness(house: House) -> tuple[int, list[str]]:
    """Asks the web whether it is ready: gives the status, 0 without an answer, and the causes it names."""
    connection = HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        causes: list[str] = json.load(answer)["causes"]
        return answer.status, causes
    except (OSError, HTTPException, ValueError):
        return 0, []
    finally:
        connection.close()


@dataclass
class Traffic:
    """Answers that came while several callers called without a pause."""

    answers: list[tuple[str, Answer]] = field(default_factory=list)  # what was asked about, what came

    def slowest(self) -> float:
        """Gives the longest wait in seconds."""
        return max((answer.seconds for _, answer in self.answers), default=0.0)

    def percentile(self, share: float) -> float:
        """Gives the wait in seconds that `share` of all answers stayed within."""
        waits = sorted(answer.seconds for _, answer in self.answers)
        return waits[min(len(waits) - 1, int(len(waits) * share))] if waits else 0.0

    def told_kept(self) -> set[str]:
        """Gives what was acknowledged with exactly 200."""
        return {what for what, answer in self.answers if answer.status == 200}


Call = Callable[[str], Answer]


@contextmanager
def calling(call: Call, name: str, *, callers: int = 2, pause: float = 0.05) -> Iterator[Traffic]:
    """Lets callers call on and on while the block runs; each call gets a word of its own, made from `name`."""
    traffic, over = Traffic(), threading.Event()

    def go_on(caller: int) -> None:
        number = 0
        while not over.is_set():
            word = f"{name}-{caller}-{number}"
            traffic.answers.append((word, call(word)))
            number += 1
            over.wait(pause)

    threads = [threading.Thread(target=go_on, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        over.set()
        for thread in threads:
            thread.join()
