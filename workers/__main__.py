"""`python -m workers QUEUE`: one worker process for one queue; `python -m workers schedule` is the clock.

A worker listens to Redis and, whenever that is silent or away, looks at the table itself: Redis is a doorbell only.
"""

import signal
import sys
import time
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DeserializationError, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from gateway import catalogues, crash, database, logs, queue, settings
from gateway.errors import BadSetting
from gateway.operations import spool
from models import LaneName
from workers import jobs, schedule, stop

IDLE = 15  # seconds of silence after which a sender looks at the table itself
AWAY = 3.0  # seconds between two looks while Redis is away
STATEMENT_MS = 20_000

log = structlog.get_logger()


class NoAlarm(BaseDeathPenalty):
    """Lets a job take its time: RQ's alarm could strike between the carrier's answer and our writing it down.

    Each step of a job has a limit of its own, 35 s for a send and 20 s for a statement.
    """

    def setup_death_penalty(self) -> None:
        """Sets nothing."""

    def cancel_death_penalty(self) -> None:
        """Has nothing to take back."""


class Listener(SimpleWorker):
    """RQ's worker, leaving its loop when Redis goes away instead of waiting there for its return."""

    job_class = queue.KnownJob
    death_penalty_class = NoAlarm

    def heartbeat(self, *arguments: Any, **named: Any) -> None:
        """Ends the loop when Redis does not answer."""
        try:
            super().heartbeat(*arguments, **named)
        except (RedisAway, RedisSlow) as error:
            raise StopRequested from error

    def dequeue_job_and_maintain_ttl(self, *arguments: Any, **named: Any) -> Any:
        """Waits for a job, unless a stop was asked for before RQ took over the signals."""
        if stop.is_asked():
            raise StopRequested
        return super().dequeue_job_and_maintain_ttl(*arguments, **named)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remembers the stop for the work at hand, too."""
        stop.ask(signum, frame)
        super().request_stop(signum, frame)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Logs that a job failed, by type and place: RQ would log all the database said, a citizen's row with it."""
        log.error("job failed", job=_name(job), error=exc_info[1])

    def handle_job_failure(
        self, job: Job, queue: Queue, started_job_registry: Any = None, exc_string: str = "", execution: Any = None
    ) -> None:
        """Has RQ do what follows from a failure, but without the words of the error: it would keep them in Redis."""
        del exc_string
        super().handle_job_failure(job, queue, started_job_registry, exc_string="", execution=execution)


def main(name: str) -> int:
    """Runs the worker or the clock of this name until a signal; gives the exit code."""
    logs.configure()
    try:
        found = settings.from_environment()
        if name == "schedule":
            spool.of(found).refuse_unwritable()
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    catalogues.compile_complete()
    database.connect(found.database_url, statement_ms=STATEMENT_MS, pool_size=3)
    queue.connect(found.redis_url)
    crash.arm(found)
    _take_signals()
    if name == "schedule":
        schedule.run(found)
    else:
        _work(name, found.redis_url)
    return 0


def _name(job: Job) -> str:
    """Gives what a job is called; what somebody else wrote to Redis may have no name that can be read."""
    try:
        return str(job.func_name).rpartition("workers.jobs.")[2]
    except DeserializationError:
        return "unreadable"


def _take_signals() -> None:
    signal.signal(signal.SIGTERM, stop.ask)
    signal.signal(signal.SIGINT, stop.ask)


def _work(name: str, redis_url: str) -> None:
    while not stop.is_asked():
        started = time.monotonic()
        if name in queue.LANES:
            _drain(LaneName(name))
        _listen(name, redis_url)
        if time.monotonic() - started < AWAY and not stop.is_asked():
            time.sleep(AWAY)


def _listen(name: str, redis_url: str) -> None:
    """Works off the queue until it has been silent for a while, Redis is away or a signal came."""
    retry = Retry(ConstantBackoff(0.2), 2)
    connection = Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=IDLE + 10, retry=retry)
    try:
        worker = Listener([name], connection=connection, serializer=JSONSerializer, log_job_description=False)
        worker.work(logging_level="WARNING", max_idle_time=IDLE)
    except StopRequested:
        log.info("stopped between two rounds", queue=name)  # RQ raises out of its own clearing-up then
    except RedisError as error:
        log.warning("doorbell away", queue=name, error=type(error).__name__)
    finally:
        connection.close()
        _take_signals()  # RQ leaves its own behind, and they would break into the middle of a send


def _drain(lane: LaneName) -> None:
    try:
        jobs.send_messages(lane)
    except Exception as error:
        log.error("drain failed", lane=lane, error=error)


if __name__ == "__main__":
    known = (*queue.QUEUES, "schedule")
    if len(sys.argv) != 2 or sys.argv[1] not in known:
        sys.exit(f"usage: python -m workers {'|'.join(known)}")
    sys.exit(main(sys.argv[1]))
