"""Worker processes as they are started: Redis is a doorbell only, and a signal is an orderly end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

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
def worker(environment: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Runs a worker process for replies while the block runs."""
    command = [sys.executable, "-m", "workers", "replies"]
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


def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    with worker({"VAR_DIR": str(tmp_path), "PORT": "a lot"}) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told.startswith("PORT: ")
    assert len(told.splitlines()) == 1
