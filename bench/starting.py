"""How long `make run` takes until the web is ready and every worker listens: the first time, when it makes its data,
and later. Beside it: a bare Flask application in the same gunicorn, which needs nothing to be there.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import webs
from bench.table import Row
from gateway.queue import QUEUES
from gateway.settings import Settings, from_environment
from tests.faults.house import House, free_ports, until
from tests.faults.resident import Resident, move_in
from workers import lineup

_LONGEST = 120.0  # seconds


@dataclass(frozen=True)
class Run:
    """A whole gateway as `make run` starts it."""

    resident: Resident
    settings: Settings
    took: float = 0.0  # seconds until all was ready

    def processes(self) -> Mapping[str, Sequence[psutil.Process]]:
        """Gives its processes by what they are; the web and PostgreSQL are several."""
        found = {"run": [psutil.Process(self.resident.pid)]}
        for child in psutil.Process(self.resident.pid).children():
            found[_name(child.cmdline())] = [child, *child.children(recursive=True)]
        return found


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--starts", type=int, default=2, help="beside the first")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    house.refresh()
    began = time.monotonic()
    with webs.bare_one(house):
        bare = time.monotonic() - began
    times = []
    with a_folder() as folder:
        for _ in range(1 + asked.starts):
            with running(folder) as run:
                times.append(run.took)
    return [
        Row("make run, the first start, until all is ready", "s", times[0], bare),
        Row("make run, a later start", "s", min(times[1:], default=times[0]), bare),
    ]


@contextmanager
def a_folder() -> Iterator[Path]:
    """Keeps a folder for a run while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Run]:
    """Runs what `make run` runs, with its data in `folder`, while the block runs."""
    port, carrier = map(str, free_ports(2))
    told = {"VAR_DIR": str(folder / "var"), "PORT": port, "SIMULATOR_PORT": carrier, **more}
    began = time.monotonic()
    resident = move_in("run", ["-m", "workers.supervise"], told, folder / "run.log")
    try:
        started = Run(resident, from_environment(told))
        until(lambda: _is_whole(started), "all to be ready", _LONGEST)
        yield Run(resident, started.settings, time.monotonic() - began)
    finally:
        resident.stop()


def _is_whole(run: Run) -> bool:
    if not run.resident.is_alive():
        raise SystemExit("make run ended by itself")
    if lineup.why_not_ready(run.settings) is not None:
        return False
    found = run.processes()
    # A worker that listens has a socket to the doorbell.
    return {"web", "schedule", "carrier", *QUEUES} <= set(found) and all(
        process.net_connections("unix") for name in QUEUES for process in found[name]
    )


def _name(words: Sequence[str]) -> str:
    if "gunicorn" in words:
        return "web"
    if "gateway.carriers.simulator" in words:
        return "carrier"
    return words[-1] if "workers" in words else Path((words or ["?"])[0].split()[0]).name
