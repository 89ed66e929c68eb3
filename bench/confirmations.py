"""How long a citizen waits for the confirmation of a case: from the last key they press to the carrier, nothing else
going on. The whole way is real: the web, the doorbell, the worker, the stand-in carrier.
"""

import argparse
import time
from datetime import UTC, datetime
from statistics import median

from bench import webs
from bench.listening import until_listening
from bench.table import Row
from tests.faults import callers
from tests.faults.house import House, until

TO_A_CASE = ("1", "1", "1", "3", "1", "Hakuna maji tangu Jumatatu", "1")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--cases", type=int, default=40)


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    house.refresh()
    sent: dict[str, datetime] = {}
    with webs.ours(house):
        house.worker("replies", SEND_RATE="20")
        until_listening(house)
        for number in range(asked.cases):
            phone = f"+2547{number:08d}"
            sent[phone] = report(house, phone)
            time.sleep(0.3)
        until(lambda: len(_taken(house)) >= asked.cases, "every confirmation to be taken")
    waits = sorted((at - sent[phone]).total_seconds() for phone, at in _taken(house).items())
    usual, slow = median(waits), waits[int(0.95 * (len(waits) - 1))]
    name = "a confirmation, from the last key to the carrier, idle"
    return [Row(f"{name}, p50", "s", usual), Row(f"{name}, p95", "s", slow, goal=1.0)]


def report(house: House, phone: str) -> datetime:
    """Reports a problem and gives when its last key was pressed."""
    pressed = datetime.now(UTC)
    for done in range(len(TO_A_CASE) + 1):
        pressed = datetime.now(UTC)
        answer = callers.hop(house, f"ATUid_{phone}", phone, "*".join(TO_A_CASE[:done]))
        if not answer.is_screen:
            raise SystemExit(f"no screen but {answer.status}")
    return pressed


def _taken(house: House) -> dict[str, datetime]:
    ledger = house.simulator.ledger()["accepted"]
    return {entry["phone"]: datetime.fromisoformat(entry["at"]) for entry in ledger}
