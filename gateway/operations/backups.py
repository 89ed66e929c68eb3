"""Backups: the whole database in one file, and back. PostgreSQL's own programs do it.

A restored database has forgotten what was sent since; gateway/outbox/lineage.py keeps the sender stopped.
"""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.database import ASIDE
from gateway.embedded import postgres
from gateway.errors import BackupFailed
from gateway.outbox import lineage
from gateway.settings import Settings, for_a_child

Connection = psycopg.Connection[tuple[object, ...]]


def back_up(settings: Settings, file: Path) -> None:
    """Writes the database to `file` (0600, PostgreSQL's custom format), which is replaced when all is written.

    Raises `BackupFailed`.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        whole = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}")
        _run(settings, "pg_dump", *whole, f"--file={fresh}")
        fresh.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file}: {error.strerror}") from error
    finally:
        fresh.unlink(missing_ok=True)


def restore(settings: Settings, file: Path, *, may_replace: bool) -> None:
    """Puts the contents of a backup in place of the database's, all of them or none.

    From then on this host sends nothing until an operator reconciles. Raises `BackupFailed`, with nothing changed, for
    a file that is no backup, and for a database that holds cases or SMS unless `may_replace`.
    """
    _run(settings, "pg_restore", "--list", str(file), connects=False)
    try:
        with psycopg.connect(_address(settings), autocommit=True) as connection:
            if not _holds_something(connection):
                _put_back(connection)  # what a restore that was cut off left aside
            if not may_replace and _holds_something(connection):
                raise BackupFailed("the database holds cases or SMS; --yes replaces them")
            connection.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")  # of one that was cut off at its very end
            _replace(connection, settings, file)
        with psycopg.connect(_address(settings), autocommit=True) as fresh:  # the other one has rested for long
            fresh.execute(f"DROP SCHEMA {ASIDE} CASCADE")
    except psycopg.Error as error:
        raise BackupFailed(f"the database refused: {type(error).__name__}") from error


def _replace(connection: Connection, settings: Settings, file: Path) -> None:
    """Restores beside the old tables, which are dropped last: cut off at any moment, they are still there.

    The restored ones come in one transaction, so that `public` is empty or whole, never between.
    """
    trusted = lineage.recall(settings)
    lineage.distrust(settings)
    with connection.transaction():
        connection.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        connection.execute("CREATE SCHEMA public")
    try:
        _run(settings, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", str(file))
    except BaseException:
        _put_back(connection)
        if trusted:
            lineage.remember(settings, trusted)
        raise


def _put_back(connection: Connection) -> None:
    if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE]).fetchone():
        with connection.transaction():
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def _holds_something(connection: Connection) -> bool:
    for table in ("ticket", "message", "ussd_session"):
        (known,) = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone() or (False,)
        if known and connection.execute(f"SELECT 1 FROM public.{table} LIMIT 1").fetchone():  # noqa: S608 - our names
            return True
    return False


def _run(settings: Settings, program: str, *arguments: str, connects: bool = True) -> None:
    target = conninfo_to_dict(_address(settings))
    secret = {"PGPASSWORD": str(target.pop("password"))} if "password" in target else {}  # an argument could be read
    where = [f"--dbname={make_conninfo('', **target)}"] if connects else []
    command = [_program(settings, program), *where, *arguments]
    done = subprocess.run(command, env=for_a_child(settings, **secret), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{program}: {(done.stderr.strip().splitlines() or ['failed'])[0]}")


def _program(settings: Settings, name: str) -> str:
    if settings.embeds_database:
        return postgres.program(name)
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not on PATH; install PostgreSQL's client programs, as new as the server")
    return found


def _address(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://")
