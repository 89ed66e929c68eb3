"""The unit of work: one request or one job, one transaction.

Doors open transactions, rules never commit. What must happen after the commit (a nudge to a worker) is left in
`db.info` and goes out when the commit has succeeded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from gateway import queue
from gateway.errors import NotMigrated

MIGRATIONS = Path(__file__).parent.parent / "models" / "migrations"
MIGRATION_LOCK = 1548  # one process migrates at a time
LONGEST_LOCK = "3s"  # that a migration waits for a table: every caller waits behind it
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code, its documentation's appendix A
ASIDE = "before_restore"  # the schema where the tables wait until restored ones are whole
RESTED = 1.0  # seconds after which a connection is tried before it is used: a test before each use costs a round trip

_make_session: sessionmaker[Session] = sessionmaker()


def connect(url: str, *, statement_ms: int = 2000, pool_size: int = 10) -> Engine:
    """Makes the engine for this process; nothing is opened before the first transaction.

    `statement_ms` bounds one statement; a lock is waited for half as long. A dead connection is noticed within seconds:
    one that has rested is tried first, and one that breaks under a statement takes all others of the pool with it.
    """
    engine = create_engine(
        _with_driver(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=1,
        hide_parameters=True,  # no phone number and no citizen's word in an error's text
        connect_args={
            "connect_timeout": 2,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 5000,
            "options": f"-c statement_timeout={statement_ms} -c lock_timeout={statement_ms // 2} -c timezone=UTC",
        },
    )
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", partial(_try_rested, engine))
    _make_session.configure(bind=engine)
    return engine


def _rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _try_rested(engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _handed_out: object) -> None:
    """Tries a connection that has rested for a while, before it is handed out; a dead one is replaced by a new one."""
    if monotonic() - record.info.get("rests_since", inf) < RESTED:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def transaction() -> Iterator[Session]:
    """Opens a session in one transaction: commits at the end, rolls back on an exception, then rings the doorbells."""
    with _make_session() as db:
        with db.begin():
            yield db
        queue.push_all(db.info.pop(queue.WAITING, {}))


def now(db: Session) -> datetime:
    """Gives when this transaction began, by the database's clock: the one that every host shares.

    What decides whether and when an SMS goes is counted by it, since a host's own clock may be wrong or set back.
    """
    return db.scalars(select(func.now())).one()


def answers() -> bool:
    """Whether the database answers anything at all."""
    try:
        with transaction() as db:
            return db.scalar(select(1)) == 1
    except SQLAlchemyError:
        return False


def allow(db: Session, *, seconds: float, megabytes: int | None = None) -> None:
    """Allows each statement of the rest of this transaction more time, and more memory to sort and join in.

    For what reads many rows: a connection's own bounds are those of a page, which shows a few.
    """
    bounds = {"statement_timeout": f"{seconds * 1000:.0f}ms"}
    if megabytes:
        bounds["work_mem"] = f"{megabytes}MB"
    db.execute(select(*(func.set_config(name, value, True) for name, value in bounds.items())))


def is_away(error: BaseException) -> bool:
    """Whether the database, not what was asked of it, is at fault: away, slow, full, read-only or without tables."""
    return isinstance(error, OperationalError | InterfaceError | InternalError | ProgrammingError | NoConnectionFree)


def has_broken(error: BaseException) -> bool:
    """Whether the connection broke under a statement, or under the commit: then nobody knows whether it was done."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def migrate(url: str) -> None:
    """Brings the database to the newest schema. Safe when several processes start at once.

    Raises `NotMigrated`, with nothing changed, where something holds a table for longer than callers should wait
    behind it, and where a restore was cut off, so that its tables still stand aside.
    """
    engine = create_engine(_with_driver(url), connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection, connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_LOCK}'"))
            _refuse_what_is_half(connection)
            _upgrade(connection)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise NotMigrated("the tables are in use, by a backup perhaps: nothing was changed, try again") from error
        raise
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_what_is_half(connection: Connection) -> None:
    """Refuses to make new, empty tables where a restore was cut off: the county's own would stand aside unseen."""
    known = connection.execute(text("SELECT to_regclass('public.alembic_version') IS NOT NULL")).scalar_one()
    aside = connection.execute(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": ASIDE}).scalar_one()
    if aside and not known:
        raise NotMigrated("a restore was cut off: run `restore` again, it puts the tables back first")
