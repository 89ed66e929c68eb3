"""The clock: what happens by itself, and how often. With Redis away it does its work itself."""

import time
from dataclasses import dataclass

import structlog

from gateway import arrivals, queue, spool
from gateway.settings import Settings
from workers import jobs, stop

TICK = 1.0  # seconds

log = structlog.get_logger()


@dataclass(frozen=True)
class Periodic:
    """A job that runs every `seconds`."""

    job: str
    seconds: int


PERIODIC = (Periodic("sweep", 10),)


def run(settings: Settings) -> None:
    """Rings for each periodic job at its time until told to stop; carries out what this host's web has spooled."""
    rung: dict[str, int] = {}
    kept = spool.of(settings)
    while not stop.is_asked():
        replay(kept)
        for periodic in PERIODIC:
            slot = int(time.time()) // periodic.seconds
            if rung.get(periodic.job) != slot:
                rung[periodic.job] = slot
                ring(periodic, slot)
        time.sleep(TICK)


def ring(periodic: Periodic, slot: int) -> None:
    """Queues a job once per slot, however many clocks run; does it here when Redis is away."""
    if queue.push(queue.HOUSEKEEPING, periodic.job, job_id=f"{periodic.job}-{slot}"):
        return
    try:
        jobs.JOBS[periodic.job]()
    except Exception as error:
        log.error("periodic job failed", job=periodic.job, error=error)


def replay(kept: spool.Spool) -> None:
    """Carries out what was spooled. The spool is this host's, so no job on another host could do it."""
    try:
        done = kept.replay(arrivals.take)
    except OSError as error:
        log.error("spool can't be read", error=error)
        return
    if done:
        log.info("spool carried out", callbacks=done)
