"""`make run` as a person meets it: real processes, real signals, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from gateway import embedded
from gateway.embedded.processes import is_alive

_ROOT = Path(__file__).parents[2]
_SUPERVISE = [sys.executable, "-m", "workers.supervise"]
# The stamps count as made: the environment that runs the tests is the one to use.
_MAKE = ["make", "run", f"BIN={Path(sys.executable).parent}", "-o.venv/run.stamp", "-o.venv/dev.stamp"]
_KINDS = ("gunicorn", "workers replies", "workers schedule", "carriers.simulator", "postgres -D", "redis-server")
_PATIENCE = 60.0

# A child of the web that makes a session of its own, ignores the polite signal and outlives its parent.
_WANDERER = """
import subprocess, sys
SLEEPS = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"

def when_ready(server):
    subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True)
"""

pytestmark = pytest.mark.slow


def _until(happens: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + _PATIENCE
    while not happens():
        assert time.monotonic() < give_up, f"in vain waited for: {what}"
        time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class House:
    """One VAR_DIR with two free ports, and every process ever started on it."""

    def __init__(self, folder: Path) -> None:
        self.port, simulator_port = _free_ports(2)
        self.var_dir = folder / "var"
        self.told = folder / "terminal"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
        }
        self.environment |= {
            "VAR_DIR": str(self.var_dir),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(simulator_port),
        }
        self.seen: dict[int, psutil.Process] = {}

    def start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with self.told.open("wb") as terminal:
            started = subprocess.Popen(
                command, cwd=_ROOT, env=self.environment, stdout=terminal, stderr=terminal, start_new_session=True
            )
        self.look_at(started.pid)
        _until(lambda: started.poll() is not None or b"Ctrl-C" in self.told.read_bytes(), "the start")
        assert started.poll() is None, self.told.read_text()
        self.look_at(started.pid)
        return started

    def start_in_vain(self) -> tuple[int, str]:
        ended = subprocess.run(
            _SUPERVISE, cwd=_ROOT, env=self.environment, capture_output=True, timeout=_PATIENCE, check=False
        )
        return ended.returncode, ended.stderr.decode()

    def look_at(self, pid: int) -> None:
        for process in (top := psutil.Process(pid), *top.children(recursive=True)):
            self.seen[process.pid] = process

    def living(self, kind: str) -> set[int]:
        found = set()
        for process in self.seen.values():
            with suppress(psutil.Error):
                if is_alive(process) and kind in " ".join(process.cmdline()):
                    found.add(process.pid)
        return found

    def is_ready(self) -> bool:
        with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def is_empty(self) -> bool:
        return not any(is_alive(process) for process in self.seen.values())


def _another(kind: str, house: House, top: int, *, than: set[int]) -> set[int]:
    def is_there() -> bool:
        house.look_at(top)
        return bool(house.living(kind) - than)

    _until(is_there, f"a process of {kind} other than {than}")
    return house.living(kind) - than


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    made = House(folder)
    yield made
    for process in made.seen.values():
        with suppress(psutil.Error):
            process.kill()


def test_whatever_dies_comes_back_and_sigterm_to_make_ends_all_even_what_left_its_session(
    house: House, folder: Path
) -> None:
    (folder / "gunicorn.py").write_text(_WANDERER)
    house.environment["GUNICORN_CMD_ARGS"] = f"--config {folder / 'gunicorn.py'}"
    make = house.start(_MAKE)
    for kind in _KINDS:
        before = _another(kind, house, make.pid, than=set())
        for pid in before:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _another(kind, house, make.pid, than=before)
    _until(house.is_ready, "the web to be ready again")
    assert house.living("SIG_IGN")

    make.terminate()
    make.wait(_PATIENCE)
    _until(house.is_empty, "the end of every process")
    with socket.create_server(("127.0.0.1", house.port)):
        pass  # the port is free again


def test_a_start_takes_over_from_one_that_was_killed_and_remembers_what_it_knew(house: House) -> None:
    killed = house.start(_SUPERVISE)
    with psycopg.connect(embedded.postgres_url(house.var_dir)) as connection:
        connection.execute("CREATE TABLE promise AS SELECT 1 AS kept")
    killed.kill()
    killed.wait()
    make = house.start(_MAKE)
    assert house.is_ready()
    with psycopg.connect(embedded.postgres_url(house.var_dir)) as connection:
        assert connection.execute("SELECT kept FROM promise").fetchall() == [(1,)]

    status, complaint = house.start_in_vain()
    assert status == 1
    assert complaint.count("\n") == 1
    assert complaint.startswith(f"VAR_DIR: {house.var_dir} is in use by make run")

    os.killpg(make.pid, signal.SIGINT)  # what Ctrl-C does at a terminal
    make.wait(_PATIENCE)
    _until(house.is_empty, "the end of every process")


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_a_port_that_is_taken_ends_the_start_with_one_line_that_names_it(house: House, name: str) -> None:
    with socket.create_server(("127.0.0.1", int(house.environment[name]))):
        status, complaint = house.start_in_vain()
    assert status == 1
    assert complaint.count("\n") == 1
    assert complaint.startswith(f"{name}: {house.environment[name]} ")
    assert not (house.var_dir / "postgres").exists()
