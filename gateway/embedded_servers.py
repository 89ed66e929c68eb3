"""The embedded servers that the settings want: started, used while somebody else keeps them, and stopped."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from gateway.embedded import DATABASE, lock
from gateway.embedded.postgres import Postgres
from gateway.embedded.redis import Redis
from gateway.settings import Settings

KEEPER = "make run"
_PATIENCE = 60.0


def servers(settings: Settings) -> list[Postgres | Redis]:
    """Gives the servers that `settings` want embedded, in the order in which they start; starts none."""
    logs = settings.var_dir / "log"
    wanted: list[Postgres | Redis] = []
    if settings.embeds_database:
        wanted.append(Postgres(settings.var_dir / "postgres", log=logs / "postgres.log"))
    if settings.embeds_redis:
        password = urlsplit(settings.redis_url).password or ""
        wanted.append(Redis(settings.var_dir / "redis", password, log=logs / "redis.log"))
    return wanted


def start(server: Postgres | Redis) -> None:
    """Starts one server, and makes the gateway's database in a new PostgreSQL. Raises `EmbeddedServerFailed`."""
    server.start()
    if isinstance(server, Postgres):
        server.make_database(DATABASE)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Has the embedded servers running while the block runs, for an operator's command.

    Where `make run` keeps them, they are simply used. Otherwise they are started and, at the end, stopped; a second
    command waits for the first. Raises `EmbeddedServerFailed`, or `VarDirTaken` after a minute of waiting.
    """
    wanted = servers(settings)
    with ExitStack() as at_the_end:
        if wanted and _becomes_keeper(settings, wanted, at_the_end):
            for server in wanted:
                at_the_end.callback(server.stop)
                start(server)
        yield


def _becomes_keeper(settings: Settings, wanted: list[Postgres | Redis], at_the_end: ExitStack) -> bool:
    """Waits until the servers are ours to start (True), or until they answer because `make run` keeps them (False)."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            at_the_end.enter_context(lock.hold(settings.var_dir, "a command"))
            return True
        except lock.VarDirTaken:
            if lock.holder(settings.var_dir).startswith(KEEPER) and all(server.answers() for server in wanted):
                return False
            if time.monotonic() > give_up:
                raise
        time.sleep(0.2)
