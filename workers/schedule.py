"""The clock: what happens by itself, and how often. With Redis away it does its work itself."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from gateway import queue
from gateway.dialogues import arrivals
from gateway.operations import runs, spool
from gateway.outbox import lineage
from gateway.settings import Settings
from workers import jobs, stop

TICK = 1.0  # seconds
REMEMBER = 10  # seconds between two looks at how much was sent

log = structlog.get_logger()


@dataclass(frozen=True)
class Periodic:
    """A job that runs every `seconds`."""

    job: str
    seconds: int


PERIODIC = tuple(Periodic(job, seconds) for job, seconds in runs.PERIODS.items())


def run(settings: Settings) -> None:
    """Rings for each periodic job at its time until told to stop, and does what belongs to this host alone."""
    rung: dict[str, int] = {}
    while not stop.is_asked():
        replay(spool.of(settings))
        slot = int(time.time()) // REMEMBER
        if rung.get("remember") != slot:
            rung["remember"] = slot
            remember(settings)
        for periodic in PERIODIC:
            slot = int(time.time()) // periodic.seconds
            if rung.get(periodic.job) != slot:
                rung[periodic.job] = slot
                ring(periodic)
        time.sleep(TICK)


def ring(periodic: Periodic) -> None:
    """Queues a job, or does it here when Redis is away. Several clocks may ring at once: no job does a thing twice."""
    if queue.push(queue.HOUSEKEEPING, periodic.job):
        return
    try:
        jobs.JOBS[periodic.job]()
    except Exception as error:
        log.error("periodic job failed", job=periodic.job, error=error)


def replay(kept: spool.Spool) -> None:
    """Carries out what was spooled. The spool is this host's, so no job on another host could do it."""
    try:
        done = kept.replay(_take_late)
    except OSError as error:
        log.error("spool can't be read", error=error)
        return
    if done:
        log.info("spool carried out", callbacks=done)


def _take_late(hook: str, form: Mapping[str, str], came_at: datetime) -> None:
    arrivals.take(hook, form, arrivals.moment(hook, came_at, datetime.now(UTC)))


def remember(settings: Settings) -> None:
    """Has this host remember what was sent, by itself or others, so that it knows a restored database.

    One that remembers nothing, as a host with a web only, has nothing to compare: its first sender will judge.
    """
    try:
        if lineage.recall(settings) is None:
            return
        lineage.agrees(settings, datetime.now(UTC))
    except Exception as error:
        log.warning("lineage not compared", error=error)
