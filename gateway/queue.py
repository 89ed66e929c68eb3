"""The only door to RQ. Redis is a doorbell: what is to be done stands in the database, a job only says "look".

A door that finds Redis away goes on at once; workers look by themselves every few seconds. Who rings while the same
bell still waits to be heard adds nothing: whoever hears it looks after that.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

JOBS = {
    "send_messages": "workers.jobs.send_messages",
    "sweep": "workers.jobs.sweep",
    "handle_incoming": "workers.jobs.handle_incoming",
    "tend_tickets": "workers.jobs.tend_tickets",
    "tend_campaigns": "workers.jobs.tend_campaigns",
}
LANES = ("replies", "bulk")
HOUSEKEEPING = "housekeeping"
QUEUES = (*LANES, HOUSEKEEPING)
WAITS = 2_000  # milliseconds for which a ring counts as waiting: it may have been lost with its worker
WAITING = "nudges"  # where a transaction keeps what to push after its commit

log = structlog.get_logger()
_doorbell: Redis | None = None


class KnownJob(Job):
    """A job that runs only what JOBS lists: a raw write to Redis must not be able to run anything else."""

    @property
    def func(self) -> Any:
        """Gives the job's function; raises `PermissionError` for one that is not listed."""
        if self.func_name not in JOBS.values() or self.instance is not None:
            raise PermissionError("a job that nobody here queued")
        return super().func

    def perform(self) -> Any:
        """Does the job. From here on the bell rings anew, since what is kept from now on may be overlooked."""
        with suppress(RedisError):
            self.connection.delete(_bell(self.origin, self.func_name, self.args))
        return super().perform()

    success_callback = failure_callback = stopped_callback = property(lambda _job: None)


def connect(url: str) -> None:
    """Remembers where Redis is; nothing is opened before the first push. Fails within 0.2 s, without a second try."""
    global _doorbell
    _doorbell = Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))


def nudge(db: Session, lane: str) -> None:
    """Rings for the senders of a lane once this transaction has committed; many nudges are one ring."""
    _leave(db, lane, "send_messages", lane)


def nudge_handling(db: Session) -> None:
    """Rings for those who handle incoming SMS, once this transaction has committed."""
    _leave(db, HOUSEKEEPING, "handle_incoming")


def nudge_tending(db: Session) -> None:
    """Rings for those who tend campaigns, once this transaction has committed."""
    _leave(db, HOUSEKEEPING, "tend_campaigns")


def _leave(db: Session, *ring: str) -> None:
    db.info.setdefault(WAITING, {})[ring] = None


def push_all(waiting: Iterable[tuple[str, ...]]) -> None:
    """Queues what a committed transaction left waiting. Redis away is one log line, never an error."""
    for name, job, *arguments in waiting:
        push(name, job, *arguments)


def push(queue_name: str, job: str, *arguments: str) -> bool:
    """Queues one job of JOBS with plain arguments, unless the same one waits there; gives whether Redis took it."""
    if _doorbell is None:
        return False
    try:
        if not _doorbell.set(_bell(queue_name, JOBS[job], arguments), 1, nx=True, px=WAITS):
            return True
        Queue(queue_name, connection=_doorbell, job_class=KnownJob, serializer=JSONSerializer).enqueue_call(
            JOBS[job], args=arguments, result_ttl=0, failure_ttl=0
        )
    except (RedisError, OSError) as error:
        log.warning("doorbell away", queue=queue_name, error=type(error).__name__)
        return False
    return True


def _bell(queue_name: str, function: str | None, arguments: Sequence[str]) -> str:
    return ":".join(("bell", queue_name, function or "", *arguments))


def is_there() -> bool:
    """Whether Redis answers, asked for at most 0.2 s."""
    try:
        return _doorbell is not None and bool(_doorbell.ping())
    except (RedisError, OSError):
        return False
