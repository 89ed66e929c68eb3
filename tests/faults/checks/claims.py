"""R07 and R25: many workers want the same messages, and their clocks don't agree."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from gateway import queue
from tests.faults.auditor import audit, duplicates, states
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained, promise, waiting
from tests.faults.resident import ROOT

Claimant = subprocess.Popen[str]


@check("R07", "many processes claim the same messages")
def r07(house: House, full: bool) -> Finding:
    """Lets processes race for rows, then lets workers be rung for far too often."""
    finding = Finding()
    _race(house, finding, *((8, 20_000) if full else (3, 600)))
    house.refresh()
    _ring_too_often(house, finding, *((4, 500) if full else (2, 30)))
    finding.audited(audit(house))
    return finding


def _race(house: House, finding: Finding, processes: int, count: int) -> None:
    promise(house, count)
    with ExitStack() as at_the_end:
        claimants = [at_the_end.enter_context(_claimant(house, number)) for number in range(processes)]
        for claimant in claimants:
            _read_line(claimant)
        for claimant in claimants:
            _write_line(claimant)
        taken = Counter(word for claimant in claimants for word in claimant.communicate(timeout=300)[0].split())
    finding.equal("claimed", len(taken), count)
    finding.equal("claimed twice", sum(taken.values()) - len(taken), 0)


@contextmanager
def _claimant(house: House, number: int) -> Iterator[Claimant]:
    command = [sys.executable, "-m", "tests.faults.claimant", f"claimant-{number}"]
    environment = {**os.environ, **house.environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as claimant:
        try:
            yield claimant
        finally:
            claimant.kill()


def _read_line(claimant: Claimant) -> None:
    if claimant.stdout is None or claimant.stdout.readline() != "ready\n":
        raise AssertionError("a claimant did not start")


def _write_line(claimant: Claimant) -> None:
    if claimant.stdin is not None:
        claimant.stdin.write("go\n")
        claimant.stdin.flush()


def _ring_too_often(house: House, finding: Finding, workers: int, count: int) -> None:
    promise(house, count)
    with doors(house):
        for _ in range(50):
            queue.push("replies", "send_messages", "replies")
    started = [house.worker("replies") for _ in range(workers)]
    drained(house)
    for worker in started:
        worker.stop()
    finding.equal("taken by the carrier", len(house.simulator.ledger()["accepted"]), count)
    finding.equal("duplicates", duplicates(house), 0)


# A worker whose clock is wrong: the whole process reads a time that is so many seconds off.
ASKEW = """
import runpy, sys, time, time_machine
time_machine.travel(time.time() + float(sys.argv.pop(1)), tick=True).start()
sys.argv[0] = "workers"
runpy.run_module("workers", run_name="__main__", alter_sys=True)
"""
SKEWS = (-timedelta(hours=1), -timedelta(minutes=10), timedelta(minutes=10))


@check("R25", "clocks ten minutes wrong, and one that steps back an hour")
def r25(house: House, full: bool) -> Finding:
    """Has workers with wrong clocks send side by side: none sends twice, none sends what another holds."""
    count = 300 if full else 30
    house.faults(latency_ms=20)
    promise(house, count)
    promise(house, 1, lives=-timedelta(seconds=1))
    askew = [house.worker_askew("replies", ASKEW, skew.total_seconds()) for skew in SKEWS[: None if full else 2]]
    clock = house.worker_askew("housekeeping", ASKEW, 600), house.worker_askew("schedule", ASKEW, 600)
    until(lambda: waiting(house) == 0, "an empty outbox")
    for worker in (*askew, *clock):
        worker.stop()
    finding = Finding()
    finding.equal("states", dict(states(house.engine)), {"accepted": count, "expired": 1})
    finding.equal("taken by the carrier", len(house.simulator.ledger()["accepted"]), count)
    finding.audited(audit(house))
    return finding
