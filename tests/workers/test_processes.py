"""Worker processes as they are started: Redis is a doorbell only, and a signal is an orderly end."""

import json
import os
import signal
import subprocess
import sys
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, text

from gateway import queue
from gateway.settings import Settings
from models import State
from tests.carriers.standins import Simulator, eventually
from tests.gateway.promises import promise, state
from workers import __main__ as main
from workers import stop

NO_REDIS = "redis://127.0.0.1:1/0"

pytestmark = [pytest.mark.usefixtures("ground"), pytest.mark.timeout(90)]


@contextmanager
def worker(environment: Mapping[str, str], name: str = "replies") -> Iterator["subprocess.Popen[str]"]:
    """Runs a worker process, for replies unless told otherwise, while the block runs."""
    command = [sys.executable, "-m", "workers", name]
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def unrung() -> Iterator[None]:
    """Keeps this process from ringing by itself."""
    doorbell, queue._doorbell = queue._doorbell, None
    yield
    queue._doorbell = doorbell


@pytest.fixture
def unexpirable(ground: Engine) -> Iterator[None]:
    """Has the database refuse that an SMS expires, so that the sweep fails and is told the whole row."""
    rule = text("ALTER TABLE message ADD CONSTRAINT ck_unexpirable CHECK (state <> 'expired') NOT VALID")
    with ground.begin() as made:
        made.execute(rule)
    yield
    with ground.begin() as made:
        made.execute(text("ALTER TABLE message DROP CONSTRAINT ck_unexpirable"))


def all_of(redis: Redis) -> Iterator[bytes]:
    """Gives whatever is kept in Redis, also as it was before it was packed."""
    for key in redis.scan_iter("*"):
        kept = {b"hash": redis.hgetall, b"stream": redis.xrange}.get(redis.type(key), redis.dump)(key)
        rows = [row for _, row in kept] if isinstance(kept, list) else [kept if isinstance(kept, dict) else {b"": kept}]
        for value in (value for row in rows for value in row.values()):
            yield value
            with suppress(ValueError, zlib.error):
                yield zlib.decompress(value)
            with suppress(ValueError, zlib.error):
                yield zlib.decompress(b64decode(value))


def stopped(process: "subprocess.Popen[str]") -> int:
    process.terminate()
    return process.wait(30)


@pytest.mark.parametrize("redis", ["dead", "empty"])
def test_with_redis_dead_or_emptied_what_was_promised_is_sent(environment: dict[str, str], redis: str) -> None:
    message = promise()
    if redis == "dead":
        environment["REDIS_URL"] = NO_REDIS
    else:
        with Redis.from_url(environment["REDIS_URL"]) as client:
            client.flushdb()
    with worker(environment) as process:
        eventually(lambda: state(message) is State.ACCEPTED, seconds=40)
        assert stopped(process) == 0


def test_the_bell_wakes_a_listening_worker(environment: dict[str, str], settings: Settings) -> None:
    with worker(environment) as process, Redis.from_url(settings.redis_url) as client:
        eventually(lambda: client.scard("rq:workers"), seconds=40)
        message = promise()
        eventually(lambda: state(message) is State.ACCEPTED, seconds=10)
        assert stopped(process) == 0


def test_a_signal_in_the_middle_of_a_send_leaves_nothing_unknown(
    environment: dict[str, str], simulator: Simulator
) -> None:
    simulator.faults(latency_ms=400)
    messages = [promise(f"reply:event:{number}") for number in range(4)]
    with worker(environment | {"REDIS_URL": NO_REDIS}) as process:
        eventually(lambda: state(messages[0]) is State.SENDING, seconds=40)
        assert stopped(process) == 0
    assert [state(message) for message in messages] == [State.ACCEPTED, *[State.QUEUED] * 3]


def test_a_slow_carrier_outlasts_the_jobs_time_and_its_answer_is_still_heard(
    environment: dict[str, str], settings: Settings, simulator: Simulator
) -> None:
    simulator.faults(latency_ms=2500)
    with worker(environment) as process, Redis.from_url(settings.redis_url) as client:
        eventually(lambda: client.scard("rq:workers"), seconds=40)
        bell = Queue("replies", connection=client, job_class=queue.KnownJob, serializer=JSONSerializer)
        with unrung():
            message = promise()
        bell.enqueue_call(queue.JOBS["send_messages"], args=("replies",), timeout=1)
        eventually(lambda: state(message) is State.ACCEPTED, seconds=20)
        assert stopped(process) == 0


@pytest.mark.usefixtures("own_signals")
def test_after_listening_a_signal_only_asks_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "IDLE", 1)
    main._listen("replies", settings.redis_url)
    assert signal.getsignal(signal.SIGTERM) is stop.ask
    assert signal.getsignal(signal.SIGINT) is stop.ask


@pytest.mark.usefixtures("unexpirable")
def test_the_row_on_which_a_job_fails_is_told_neither_in_the_log_nor_in_redis(
    environment: dict[str, str], settings: Settings
) -> None:
    canary, words = "+254700987654", "the canary sings"
    promise(phone=canary, body=words, lives=timedelta(seconds=-1))
    with worker(environment, "housekeeping") as process, Redis.from_url(settings.redis_url) as redis:
        of_old = Queue("housekeeping", connection=redis, job_class=queue.KnownJob, serializer=JSONSerializer)
        queue.push("housekeeping", "sweep")
        of_old.enqueue_call(queue.JOBS["sweep"], failure_ttl=3600)
        eventually(lambda: redis.zcard("rq:failed:housekeeping") == 2, seconds=40)
        kept = b"\n".join(all_of(redis))
        process.terminate()
        _, told = process.communicate(timeout=30)
    lines = [json.loads(line) for line in told.splitlines()]
    failures = [(line["event"], line["job"], line["error"]) for line in lines]
    assert failures == [("job failed", "sweep", "IntegrityError")] * 2
    assert lines[0]["at"][-1].startswith("sweeping.py:")
    assert b"workers.jobs.sweep" in kept
    assert b"IntegrityError" not in kept
    for secret in (canary, words):
        assert secret not in told
        assert secret.encode() not in kept


def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    with worker({"VAR_DIR": str(tmp_path), "PORT": "a lot"}) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told.startswith("PORT: ")
    assert len(told.splitlines()) == 1
