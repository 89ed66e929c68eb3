"""The whole house on free ports: PostgreSQL, Redis, the stand-in carrier, and on demand web, workers and the clock.

Every part is a real process that can be killed, frozen or started again. One house serves many checks, one after the
other: `refresh` makes it as if nothing had happened. All of it ends when the block ends.
"""

import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil
from redis import Redis as RedisClient
from sqlalchemy import Engine, create_engine, text

from gateway import database
from gateway.embedded import postgres, processes, redis
from gateway.embedded.postgres import Postgres
from gateway.embedded.redis import Redis
from gateway.settings import Settings, from_environment
from models import Base
from tests import grounds
from tests.carriers.standins import Simulator
from tests.faults import footprints
from tests.faults.resident import Resident, move_in

SECRET = "a-secret-that-only-the-fault-suite-knows"  # in the hooks' paths; the auditor looks for it in every log
API_KEY = "a-key-that-only-the-fault-suite-knows"
PASSWORD = "a-password-that-only-the-fault-suite-knows"
PATIENCE = 60.0
_PACK = {"county", "subcounty", "ward", "place", "department", "category", "holiday", "budget_date"}


class House:
    """One VAR_DIR, its servers and every process started on it. Made by `standing`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "log"
        self.logs.mkdir(mode=0o755)
        self.port, self.carrier_port = free_ports(2)
        self.postgres = Postgres(folder / "postgres", log=self.logs / "postgres.log")
        self.redis = Redis(folder / "redis", PASSWORD, log=self.logs / "redis.log")
        self.simulator = Simulator(f"http://127.0.0.1:{self.carrier_port}")
        self._residents: list[Resident] = []
        self._carrier: Resident | None = None

    @property
    def var_dir(self) -> Path:
        """What the house's processes call VAR_DIR."""
        return self.folder / "var"

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every process of the house is told."""
        return {
            "GATEWAY_ENV": "test",
            "DATABASE_URL": postgres.url(self.folder / "postgres", "gateway"),
            "REDIS_URL": redis.url(self.folder / "redis", PASSWORD),
            "VAR_DIR": str(self.var_dir),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(self.carrier_port),
            "SECRET_KEY": SECRET[::-1],
            "WEBHOOK_SECRET": SECRET,
            "AT_API_KEY": API_KEY,
            "SEND_RATE": "1000",
            "DAILY_SEGMENTS": "1000000",
            "DAILY_SHILLINGS": "1000000",
            "DISK_MIN_FREE_MB": "1",
            "SPOOL_MIN_FREE_MB": "1",
        }

    @cached_property
    def settings(self) -> Settings:
        """The same, as the gateway reads it."""
        return from_environment(self.environment)

    @cached_property
    def engine(self) -> Engine:
        """Looks into the database from outside; every statement is a transaction of its own."""
        return create_engine(self.settings.database_url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def web(self, **changes: str) -> Resident:
        """Starts gunicorn with two workers and comes back when it answers."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--log-level", "warning"]
        # Loaded once for both workers, so that a killed one is back at once.
        size = [
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "8",
            "--graceful-timeout",
            "30",
            "--preload",
        ]
        # The script, not `-m`: gunicorn starts its successor with the same words.
        web = self._start("web", [str(Path(sys.executable).with_name("gunicorn")), "wsgi:app", *bind, *size], changes)
        until(lambda: self._web_answers() or not web.is_alive(), "the web")
        return web

    def _has_successor(self, old: psutil.Process) -> bool:
        """Asks the web for a successor until there is one: a web that was one itself a moment ago hears nothing."""
        if len(self._web_masters()) == 1:
            old.send_signal(signal.SIGUSR2)
            time.sleep(1)
        return len(self._web_masters()) == 2

    def replace_web(self) -> None:
        """Has the web start its successor on the same socket; once that has workers, the old one ends."""
        (old,) = self._web_masters()
        until(lambda: self._has_successor(old), "a successor with workers")
        processes.end_all([old], signal.SIGTERM, PATIENCE)

    def _web_masters(self) -> list[psutil.Process]:
        ours = processes.marked("VAR_DIR", str(self.var_dir))
        return [each for each in ours if _is_web_master(each)]

    def worker(self, queue: str, **changes: str) -> Resident:
        """Starts one worker for `queue`; `schedule` is the clock. Comes back at once."""
        return self._start(queue, ["-m", "workers", queue], changes)

    def worker_askew(self, queue: str, clock: str, seconds: float) -> Resident:
        """Starts one worker by way of a script that sets its clock wrong by so many seconds."""
        return self._start(queue, ["-c", clock, str(seconds), queue], {})

    def carrier(self) -> Resident:
        """Starts the stand-in carrier and comes back when it answers."""
        command = ["-m", "gateway.carriers.simulator", "--port", str(self.carrier_port), "--time-scale", "60"]
        hooks = f"http://127.0.0.1:{self.port}/hooks/{SECRET}"
        account = {"SIMULATOR_HOOKS": hooks, "SIMULATOR_API_KEY": API_KEY}
        self._carrier = move_in("carrier", command, account, self.logs / "carrier.log")
        until(lambda: _listens(self.carrier_port), "the carrier")
        return self._carrier

    def faults(self, *rules: Mapping[str, Any], **settings: Any) -> None:
        """Tells the carrier what to do wrong. Without a word on `reports` it sends none: it would repeat them for ever
        to a web that a check does not need.
        """
        self.simulator.faults(*rules, **{"reports": {"enabled": False}, **settings})

    def refresh(self) -> None:
        """Ends what a check started and forgets all it left behind; servers it broke are started again."""
        self.clear()
        for server in (self.postgres, self.redis):
            if not server.answers():
                server.start()
        if self._carrier is None or not self._carrier.is_alive():
            self.carrier()
        self.simulator.ask("POST", "reset")
        self.faults()
        with RedisClient.from_url(self.settings.redis_url) as client:
            client.flushdb()
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables if table.name not in _PACK)
        with self.engine.connect() as connection:
            connection.execute(text("SET session_replication_role = replica"))  # the audit log objects to this else
            connection.execute(text(f"TRUNCATE {names}, {footprints.TABLE} RESTART IDENTITY CASCADE"))
            connection.execute(text("RESET session_replication_role"))
        shutil.rmtree(self.var_dir, ignore_errors=True)
        for log in self.logs.glob("*.log"):
            os.truncate(log, 0)

    def clear(self) -> None:
        """Ends every process a check started."""
        while self._residents:
            self._residents.pop().clear_away()
        # A successor of the web is nobody's child.
        processes.end_all(processes.marked("VAR_DIR", str(self.var_dir)), signal.SIGKILL, 5)

    def furnish(self) -> None:
        """Starts the servers and the carrier for the first time, with Nandi in the database."""
        self.redis.start()
        self.postgres.start()
        self.postgres.make_database("gateway")
        database.migrate(self.settings.database_url)
        grounds.load_county(self.engine.execution_options(isolation_level="READ COMMITTED"))
        footprints.follow(self.engine)
        self.carrier()

    def close(self) -> None:
        """Ends everything."""
        self.clear()
        if self._carrier:
            self._carrier.clear_away()
        self.engine.dispose()
        self.postgres.stop()
        self.redis.stop()

    def _start(self, name: str, command: list[str], changes: dict[str, str]) -> Resident:
        resident = move_in(name, command, {**self.environment, **changes}, self.logs / f"{name}.log")
        self._residents.append(resident)
        return resident

    def _web_answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def standing() -> Iterator[House]:
    """Keeps a house while the block runs, then removes all trace of it."""
    with ExitStack() as at_the_end:
        # Not pytest's folder: root's PostgreSQL runs as another user, who must be able to walk to its data.
        folder = Path(tempfile.mkdtemp(prefix="gateway-faults-"))
        at_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
        house = House(folder)
        at_the_end.callback(house.close)
        house.furnish()
        yield house


def until(happens: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Waits until `happens` is true and gives how many seconds that took. Raises `TimeoutError` after `seconds`."""
    began = time.monotonic()
    while not happens():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"in vain waited for: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def free_ports(count: int) -> list[int]:
    """Gives ports of this machine that nobody listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def _is_web_master(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # it ended while we looked
        return any("gunicorn" in word for word in process.cmdline()) and bool(process.children())
    return False


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
