"""The clock: what happens by itself, and how often. With Redis away it does its work itself."""

import time
from dataclasses import dataclass

import structlog

from gateway import queue
from workers import jobs, stop

TICK = 1.0  # seconds

log = structlog.get_logger()


@dataclass(frozen=True)
class Periodic:
    """A job that runs every `seconds`."""

    job: str
    seconds: int


PERIODIC = (Periodic("sweep", 10),)


def run() -> None:
    """Rings for each periodic job at its time until told to stop."""
    rung: dict[str, int] = {}
    while not stop.is_asked():
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
