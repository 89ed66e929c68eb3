"""R01 and R02: workers die in the middle of sending, wherever that hurts, and the carrier answers badly."""

import signal
from collections import Counter
from functools import partial

from redis import Redis

from gateway.outbox.outbox import MOST_CLAIMED
from tests.faults.auditor import audit, duplicates, ever_unknown, states
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import drained, finish, promise, seeded, state_of, sweep, waiting
from tests.faults.resident import Resident

SIDE_BY_SIDE = 5  # workers that start together
# From the last step to the first, so that what an earlier one left queued is not hit by a later one.
POINTS = ("S6", "S5", "S4", "S3", "S2", "S1")
CERTAIN = {"S1": "accepted", "S2": "accepted", "S3": "unknown", "S4": "unknown", "S5": "unknown", "S6": "accepted"}
AMBIGUOUS = (
    {"mode": "accept_then_close", "share": 0.01},
    {"mode": "close", "share": 0.01},
    {"mode": "html", "share": 0.007},
    {"mode": "http", "status": 503, "share": 0.007, "accepts": True},
    {"mode": "missing_recipient", "share": 0.006},
)
CERTAINLY_NOT = ({"mode": "recipient", "code": 500, "share": 0.015}, {"mode": "recipient", "code": 502, "share": 0.015})


@check("R01", "a worker is killed at every step of a send")
def r01(house: House, full: bool) -> Finding:
    """Kills a worker at each step, and wants exactly what that step allows."""
    finding, victims = Finding(), {}
    for point in POINTS:
        victims[point] = _die_at(house, point, 50 if full else 1)
    finish(house)
    for point, keys in sorted(victims.items()):
        outcome = Counter(state_of(house, keys))
        finding.equal(point, dict(outcome), {CERTAIN[point]: len(keys)})
    finding.equal("duplicates", duplicates(house), 0)
    finding.audited(audit(house))
    return finding


def _die_at(house: House, point: str, times: int) -> list[str]:
    """Has a worker die at this point for each of `times` SMS, and gives the promises they were about."""
    keys: list[str] = []
    while len(keys) < times:
        count = min(SIDE_BY_SIDE, times - len(keys))
        workers, theirs = _die_unheard(house, count) if point == "S1" else _die_one_by_one(house, point, count)
        if any(worker.wait() != -signal.SIGKILL for worker in workers):
            raise AssertionError(f"{point}: a worker ended by itself")
        keys += theirs
    return keys


def _die_unheard(house: House, count: int) -> tuple[list[Resident], list[str]]:
    """Has workers die at their first claim, before it is committed: what they claimed stays queued for the next."""
    keys = promise(house, count)
    workers = [house.worker("replies", FAULT="S1:1") for _ in range(count)]
    until(partial(_so_many_died, workers, count), "deaths at S1")
    return workers, keys


def _die_one_by_one(house: House, point: str, count: int) -> tuple[list[Resident], list[str]]:
    """Has one listening worker after the other die of one SMS."""
    keys: list[str] = []
    # At its start a worker looks once and claims nothing, which passes S2.
    workers = _listening(house, count, FAULT=f"{point}:{2 if point == 'S2' else 1}")
    for dead in range(1, count + 1):
        keys += promise(house, 1)
        until(partial(_so_many_died, workers, dead), f"a death at {point}")
    return workers, keys


def _listening(house: House, count: int, **changes: str) -> list[Resident]:
    """Starts workers and comes back when all listen to the bell: each SMS then wakes one of them."""
    with Redis.from_url(house.settings.redis_url) as client:
        before = client.smembers("rq:workers")
        workers = [house.worker("replies", **changes) for _ in range(count)]
        until(lambda: len(client.smembers("rq:workers") - before) == count, "listening workers")
    return workers


def _so_many_died(workers: list[Resident], wanted: int) -> bool:
    return sum(not worker.is_alive() for worker in workers) >= wanted


@check("R02", "a bad day: faulty answers, workers killed all the time")
def r02(house: House, full: bool) -> Finding:
    """Sends many SMS through a carrier with 7 % faults while workers are killed, and accounts for every one."""
    count, kills = (3000, 50) if full else (60, 3)
    house.faults(*AMBIGUOUS, *CERTAINLY_NOT, latency_ms=40, seed=2, reports={"delay_ms": 50})
    house.web()  # for the reports, which resolve what the answers left unknown
    clock = house.worker("schedule"), house.worker("housekeeping")
    promise(house, count)
    killed = _kill_while_sending(house, kills, count)
    if full:
        _wait_for_the_leases(house)
    finish(house)
    for each in clock:
        each.stop()
    sweep(house)
    finding = Finding()
    counted, doubted = states(house.engine), ever_unknown(house.engine)
    finding.at_least("kills", killed, kills)
    finding.equal("messages", counted.total(), count)
    finding.equal("duplicates", duplicates(house), 0)
    finding.equal("silently lost", count - counted.total() + counted["queued"] + counted["expired"], 0)
    finding.equal("stuck", counted["claimed"] + counted["sending"], 0)
    finding.at_most("ever unknown", 100 * doubted / count, 8 if full else 8 + 100 * kills / count, " %")
    finding.at_most("still unknown after the reports", counted["unknown"], doubted)
    finding.audited(audit(house))
    return finding


def _kill_while_sending(house: House, kills: int, count: int) -> int:
    """Kills one of two workers again and again, spread over the whole run; gives how many were killed."""
    chance, killed = seeded("R02"), 0
    workers = [house.worker("replies"), house.worker("replies")]
    for turn in range(kills):
        until_below = count - (turn + 1) * (count - 2 * MOST_CLAIMED) // (kills + 1)
        _while_open(house, until_below)
        victim = chance.randrange(len(workers))
        workers[victim].kill()
        killed += 1
        workers[victim] = house.worker("replies")
    _stop(workers)
    return killed


def _wait_for_the_leases(house: House) -> None:
    """Lets the leases of the killed end in their own time, and what they held be sent."""
    workers = [house.worker("replies") for _ in range(2)]
    drained(house, 300)
    _stop(workers)


def _while_open(house: House, most: int) -> None:
    """Waits until no more than `most` SMS wait, or nothing moves because only killed workers' leases are left."""
    until(lambda: waiting(house) <= most, f"at most {most} open", 180)


def _stop(workers: list[Resident]) -> None:
    for worker in workers:
        worker.stop()
