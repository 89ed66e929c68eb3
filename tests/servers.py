"""The tests' own PostgreSQL and Redis: real, thrown away afterwards, shared by all processes of one test run.

They start before the first test where tests run in parallel, else when the first test asks. Every process gets a
database cloned from one migrated template, and a numbered database of Redis.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway import database
from gateway.embedded import postgres, redis
from gateway.embedded.postgres import Postgres
from gateway.embedded.redis import Redis
from gateway.settings import from_environment

_TEMPLATE = "migrated"
_PASSWORD = "only-for-tests"


@dataclass(frozen=True)
class Servers:
    """Where this run's servers are: all follows from one folder, so that other processes can be told."""

    folder: Path

    @property
    def postgres(self) -> Postgres:
        """The PostgreSQL of this run, to start it, stop it, or make a database in it."""
        return Postgres(self.folder / "postgres", log=self.folder / "log" / "postgres.log", is_throwaway=True)

    def database(self, worker: int) -> str:
        """Makes the database of a test process and gives its address."""
        name = f"worker_{worker}"
        self.postgres.make_database(name, template=_TEMPLATE)
        return postgres.url(self.folder / "postgres", name)

    def redis(self, worker: int) -> str:
        """Gives the address of a test process's part of Redis."""
        return redis.url(self.folder / "redis", _PASSWORD, worker)


@contextmanager
def running() -> Iterator[Servers]:
    """Runs both servers in a new folder while the block runs, then removes all trace of them."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-tests-"))
    servers = Servers(folder)
    tables = servers.postgres
    queue = Redis(folder / "redis", _PASSWORD, log=folder / "log" / "redis.log")
    try:
        queue.start()
        tables.start()
        tables.make_database(_TEMPLATE)
        database.migrate(postgres.url(folder / "postgres", _TEMPLATE))
        yield servers
    finally:
        tables.stop()
        queue.stop()
        shutil.rmtree(folder, ignore_errors=True)


def setting_names(folder: Path) -> set[str]:
    """Gives the name of every setting, as the gateway itself asks for them; `folder` takes the secrets it makes."""
    asked = _Asked({"VAR_DIR": str(folder)})
    from_environment(asked)
    return asked.names


class _Asked(dict[str, str]):
    """An environment that remembers which variables were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def forget_the_shell() -> None:
    """Takes every setting of the gateway, and libpq's own, out of the environment: no test may touch real data."""
    with tempfile.TemporaryDirectory() as folder:
        names = setting_names(Path(folder))
    for name in list(os.environ):
        if name in names or name.startswith("PG"):
            del os.environ[name]
