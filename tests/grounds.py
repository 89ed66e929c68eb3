"""The ground that tests of rules, doors and workers stand on: the gateway connected to the tests' own servers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway import database, queue
from gateway.imports import pack, pack_loading
from gateway.settings import Settings
from models import Base

NANDI = Path(__file__).parents[1] / "county" / "nandi"
PHONE, OTHER, THIRD = "+254700000001", "+254700000002", "+254110000003"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday at noon in Nairobi
FOR_EVER = timedelta(days=36500)  # what is promised at NOW and sent by the database's clock must not be stale by then


def load_county(engine: Engine) -> None:
    """Loads Nandi without its sample projects, budget and replies: those tables are emptied between tests."""
    nandi = replace(pack.read(NANDI), projects=(), budget=(), replies=())
    with Session(engine) as db, db.begin():
        pack_loading.load(db, nandi, NOW)


def only_nandi(db: Session) -> Session:
    """Gives a session that sees Nandi's pack, samples and all, and nothing else."""
    for table in reversed(Base.metadata.sorted_tables):
        db.execute(table.delete())
    pack_loading.load(db, pack.read(NANDI), NOW)
    return db


@contextmanager
def connected(settings: Settings, *, pool_size: int = 10, statement_ms: int = 2000) -> Iterator[Engine]:
    """Connects the gateway as a process of its own does, as the web unless told otherwise, while the block runs."""
    engine = database.connect(settings.database_url, pool_size=pool_size, statement_ms=statement_ms)
    queue.connect(settings.redis_url)
    try:
        yield engine
    finally:
        engine.dispose()
