"""Redis is a doorbell: many promises ring once, nobody waits for it, and it can't make a worker run anything else."""

import json
import pickle
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import Engine

from gateway import database, queue
from gateway.outbox import outbox
from gateway.outbox.outbox import Promise
from gateway.settings import Settings
from tests.gateway import traps
from tests.gateway.promises import now
from tests.grounds import PHONE
from workers import jobs
from workers.__main__ import Listener

SPRING = f"{traps.__name__}.spring"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def sprung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that exists once a trap was run."""
    path = tmp_path / "sprung"
    monkeypatch.setenv(traps.SPRUNG, str(path))
    return path


def work_off(redis: Redis) -> None:
    """Works off the housekeeping queue as a worker process does, and puts the signals' handlers back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        Listener([queue.HOUSEKEEPING], connection=redis, serializer=JSONSerializer).work(
            burst=True, logging_level="CRITICAL"
        )
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def write(redis: Redis, function: str, *arguments: str, on_success: Callback | None = None) -> Job:
    """Queues a job as anybody could who can write to Redis."""
    job = Job.create(
        function, args=arguments, connection=redis, serializer=JSONSerializer, on_success=on_success, timeout=10
    )
    Queue(queue.HOUSEKEEPING, connection=redis, serializer=JSONSerializer).enqueue_job(job)
    return job


def test_the_trap_is_one(sprung: Path) -> None:
    traps.spring()
    assert sprung.exists()
    sprung.unlink()
    pickle.loads(pickle.dumps(traps.Pickled()))  # noqa: S301
    assert sprung.exists()


@pytest.mark.parametrize("function", [SPRING, "os.system", "builtins.exec", "subprocess.call"])
def test_a_job_that_nobody_here_queued_is_not_run(redis: Redis, sprung: Path, function: str) -> None:
    write(redis, function, f"touch {sprung}")
    work_off(redis)
    assert not sprung.exists()
    assert redis.llen(f"rq:queue:{queue.HOUSEKEEPING}") == 0


def test_a_callback_that_nobody_here_named_is_not_run(redis: Redis, sprung: Path, ground: Engine) -> None:
    write(redis, queue.JOBS["sweep"], on_success=Callback(SPRING))
    work_off(redis)
    assert not sprung.exists()


def test_a_pickled_payload_is_not_unpickled(redis: Redis, sprung: Path) -> None:
    job = write(redis, queue.JOBS["sweep"])
    redis.hset(job.key, "data", zlib.compress(pickle.dumps((queue.JOBS["sweep"], None, (traps.Pickled(),), {}))))
    work_off(redis)
    assert not sprung.exists()


def test_a_method_of_a_smuggled_object_is_not_called(redis: Redis, sprung: Path) -> None:
    job = write(redis, queue.JOBS["sweep"])
    redis.hset(job.key, "data", zlib.compress(json.dumps(("format", "{}", ["x"], {})).encode()))
    work_off(redis)
    assert Job.fetch(job.id, connection=redis, serializer=JSONSerializer).is_failed


def test_a_listed_job_is_run(redis: Redis, ground: Engine) -> None:
    assert queue.push(queue.HOUSEKEEPING, "sweep")
    work_off(redis)
    assert not list(redis.scan_iter("rq:failed:*"))
    assert redis.llen(f"rq:queue:{queue.HOUSEKEEPING}") == 0


def promise_many(count: int) -> None:
    with database.transaction() as db:
        for number in range(count):
            outbox.promise(db, Promise(f"reply:event:{number}", "reply", PHONE, "Hello"), now())


def test_hundreds_of_promises_are_one_nudge(redis: Redis, ground: Engine) -> None:
    promise_many(300)
    assert redis.llen("rq:queue:replies") == 1
    assert redis.llen("rq:queue:bulk") == 0


def test_a_bell_that_still_waits_to_be_heard_is_not_rung_again(redis: Redis, ground: Engine) -> None:
    for _ in range(3):
        assert queue.push(queue.HOUSEKEEPING, "sweep")
        assert queue.push(queue.HOUSEKEEPING, "handle_incoming")
    assert redis.llen(f"rq:queue:{queue.HOUSEKEEPING}") == 2


def test_once_heard_it_rings_again_before_its_work_is_done(
    redis: Redis, ground: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def ring_once_more() -> None:
        if not runs:
            queue.push(queue.HOUSEKEEPING, "sweep")
        runs.append("done")

    monkeypatch.setattr(jobs, "sweep", ring_once_more)
    queue.push(queue.HOUSEKEEPING, "sweep")
    work_off(redis)
    assert runs == ["done", "done"]


def test_a_ring_that_was_lost_with_its_worker_is_not_waited_for(redis: Redis, ground: Engine) -> None:
    queue.push(queue.HOUSEKEEPING, "sweep")
    assert 0 < redis.pttl("bell:housekeeping:workers.jobs.sweep") <= queue.WAITS


def test_a_promise_that_was_not_kept_rings_for_nobody(redis: Redis, ground: Engine) -> None:
    def fail() -> None:
        with database.transaction() as db:
            queue.nudge(db, "replies")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert redis.llen("rq:queue:replies") == 0


def test_without_redis_a_promise_is_kept_all_the_same(ground: Engine, settings: Settings) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    promise_many(1)
    assert not queue.is_there()
    assert not queue.push(queue.HOUSEKEEPING, "sweep")
    queue.connect(settings.redis_url)
    assert queue.is_there()


def test_clocks_that_ring_at_once_do_no_harm(redis: Redis, ground: Engine) -> None:
    for _ in range(3):
        queue.push(queue.HOUSEKEEPING, "sweep")
    work_off(redis)
    assert redis.llen(f"rq:queue:{queue.HOUSEKEEPING}") == 0
