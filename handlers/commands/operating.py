"""What every operator's command stands on: the servers running, the tables up to date, faults in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from gateway import database, embedded_servers
from gateway.errors import GatewayError
from handlers import current

OPERATOR_STATEMENT_MS = 60_000


@contextmanager
def operating() -> Iterator[None]:
    """Has the database connected; a fault with a name becomes one line and exit code 1."""
    settings = current.settings()
    with servers():
        database.migrate(settings.database_url)
        engine = database.connect(settings.database_url, statement_ms=OPERATOR_STATEMENT_MS)
        try:
            yield
        finally:
            engine.dispose()


@contextmanager
def servers() -> Iterator[None]:
    """Has the servers running, whatever state the tables are in; faults as in `operating`."""
    try:
        with embedded_servers.running(current.settings()):
            yield
    except GatewayError as error:
        raise click.ClickException(str(error)) from error
