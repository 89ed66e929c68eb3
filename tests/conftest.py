"""What every test may ask for: a real PostgreSQL, a real Redis, settings that point at them; and no way out."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from redis import Redis
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session

from gateway.settings import Settings, from_environment
from models import Base
from tests import grounds, servers
from tests.servers import Servers

# What the county pack puts there, once for a whole test process; everything else a test may leave behind.
_PACK = {"county", "subcounty", "ward", "place", "department", "category", "holiday", "budget_date"}
_at_the_end = pytest.StashKey[ExitStack]()
_servers = pytest.StashKey[Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Shuts the way out, forgets the shell's settings, and starts the servers where tests run in parallel."""
    sys.addaudithook(_refuse_the_network)
    servers.forget_the_shell()
    config.stash[_at_the_end] = ExitStack()
    if hasattr(config, "workerinput"):
        config.stash[_servers] = Servers(Path(config.workerinput["servers"]))
    elif getattr(config.option, "numprocesses", None):
        _shared(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a parallel process where the servers are."""
    node.workerinput["servers"] = str(_shared(node.config).folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the servers, however the run ended."""
    config.stash[_at_the_end].close()


def _shared(config: pytest.Config) -> Servers:
    if _servers not in config.stash:
        config.stash[_servers] = config.stash[_at_the_end].enter_context(servers.running())
    return config.stash[_servers]


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and name not in ("localhost", "::1", "0.0.0.0", "::") and not name.startswith("127."):  # noqa: S104
        raise PermissionError(f"a test wanted to speak to {name}; only this machine is allowed")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> int:
    """The number of this test process, 0 where there is only one."""
    name = getattr(request.config, "workerinput", {"workerid": "gw0"})["workerid"]
    return int(re.sub(r"\D", "", name))


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, worker: int) -> str:
    """The address of this test process's own database, with all tables and no rows."""
    return _shared(request.config).database(worker)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test process's database."""
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test, whatever is committed within."""
    with engine.connect() as made:
        outer = made.begin()
        yield made
        outer.rollback()


@pytest.fixture
def db(connection: Connection) -> Iterator[Session]:
    """A session none of whose work outlives the test; a commit in it ends a savepoint only."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def clean_database(engine: Engine) -> Iterator[Engine]:
    """The engine, for tests that really commit: afterwards every table but the county pack's is emptied."""
    yield engine
    with engine.begin() as made:
        made.execute(
            sqlalchemy.text("SET LOCAL session_replication_role = replica")
        )  # neither keys nor triggers object
        for table in Base.metadata.sorted_tables:
            if table.name not in _PACK:
                made.execute(table.delete())  # a hundred times quicker than TRUNCATE on tables as small as these


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder for embedded servers.

    Not `tmp_path`: root's PostgreSQL runs as another user, and each pytest that begins shuts others out of it.
    """
    with tempfile.TemporaryDirectory(prefix="gateway-test-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture
def redis_url(request: pytest.FixtureRequest, worker: int) -> str:
    """The address of this test process's own, empty part of Redis."""
    url = _shared(request.config).redis(worker)
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """The settings of a development machine, pointing at the tests' servers."""
    return from_environment({"DATABASE_URL": database_url, "REDIS_URL": redis_url, "VAR_DIR": str(tmp_path / "var")})


@pytest.fixture(scope="session")
def county(engine: Engine) -> Engine:
    """The engine on a database that knows Nandi: loaded once for a whole test process, samples left out."""
    grounds.load_county(engine)
    return engine


@pytest.fixture
def ground(county: Engine, clean_database: Engine, settings: Settings) -> Iterator[Engine]:
    """Nandi and nothing else, with the gateway connected to it as workers are; for tests that really commit."""
    with grounds.connected(settings, statement_ms=20_000) as connected:
        yield connected
