"""Both webs side by side: the gateway's and the bare one, each in gunicorn as `make run` starts it."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException

from sqlalchemy import text

from bench.load import Stream
from gateway.embedded import folders
from tests.faults.house import SECRET, House, free_ports, until
from tests.faults.resident import Resident, move_in
from workers import lineup

_numbers = itertools.count(1)
_TABLES = """
CREATE TABLE IF NOT EXISTS bare_session (
    id text PRIMARY KEY, phone text NOT NULL, text text, state jsonb, hops integer NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS bare_sms (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, carrier_id text NOT NULL UNIQUE, phone text NOT NULL,
    body text NOT NULL, at timestamptz NOT NULL
);
"""
APART = 200_000  # sessions between the numbers of two streams


@dataclass(frozen=True)
class Web:
    """One of them."""

    name: str
    port: int
    resident: Resident

    def stream(self, kind: str, seconds: float, **more: object) -> Stream:
        """Gives a stream at this web, of phones and sessions that no other has."""
        return Stream(kind, self.port, SECRET, next(_numbers) * APART, seconds, **more)  # type: ignore[arg-type]


@contextmanager
def ours(house: House, **size: int) -> Iterator[Web]:
    """Runs the gateway's web while the block runs, in the size of `make run` or in another one."""
    metrics = house.var_dir / "metrics"
    folders.make_private(metrics)
    told = {**house.environment, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    with _serving(house, "ours", house.port, told, **size) as web:
        yield web


@contextmanager
def bare_one(house: House) -> Iterator[Web]:
    """Runs the bare web on tables of its own in the house's database while the block runs."""
    with house.engine.connect() as connection:
        connection.execute(text(_TABLES))
    url = house.settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    with _serving(house, "bare", free_ports(1)[0], {"BARE_DATABASE_URL": url, "BARE_SECRET": SECRET}) as web:
        yield web


@contextmanager
def both(house: House) -> Iterator[tuple[Web, Web]]:
    """Runs both while the block runs: ours, then the bare one."""
    with ExitStack() as held:
        yield held.enter_context(ours(house)), held.enter_context(bare_one(house))


@contextmanager
def _serving(house: House, name: str, port: int, told: dict[str, str], **size: int) -> Iterator[Web]:
    command = lineup.gunicorn(replace(house.settings, port=port), **size)
    if name == "bare":
        command = ["bench.bare:app" if word == "wsgi:app" else word for word in command]
    resident = move_in(name, command, told, house.logs / f"{name}.log")
    try:
        until(lambda: _answers(port) or not resident.is_alive(), f"the web {name}")
        yield Web(name, port, resident)
    finally:
        resident.clear_away()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
