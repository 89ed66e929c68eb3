"""`make run`: everything the gateway needs, as children of one process that ends them all when it ends.

It starts what has no URL set, brings the tables and the county up to date, starts web, workers and the stand-in
carrier, says where they are, and starts again whatever dies. It ends them from the outside in: web and workers first,
the carrier, then Redis and PostgreSQL.
"""

import selectors
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import IO, cast

import psutil

from gateway import database, embedded_servers
from gateway.embedded import folders, lock, processes
from gateway.embedded.postgres import Postgres
from gateway.embedded.redis import Redis
from gateway.errors import GatewayError
from gateway.imports import pack, pack_loading
from gateway.operations import spool
from gateway.settings import Settings, from_environment
from workers import first_sign_in, lineup
from workers.children import Child, Watch

_STRAYS_GRACE = 5.0  # seconds for what our children left behind
_ASK_AGAIN = 0.25  # seconds between two questions whether the web is ready
_SLOW_START = 30.0  # seconds after which we say what we wait for


def main() -> int:
    """Runs until it is told to end. Gives 0 then, and 1 after one line where it can't start."""
    try:
        settings = from_environment()
        spool.of(settings).refuse_unwritable()
        with lock.hold(settings.var_dir, embedded_servers.KEEPER):
            Supervisor(settings).run()
    except GatewayError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def prepare(settings: Settings) -> list[str]:
    """Brings tables, county pack and accounts up to date, before anything uses them.

    Gives the lines that tell how to sign in.
    """
    database.migrate(settings.database_url)
    engine = database.connect(settings.database_url, statement_ms=60_000)
    with database.transaction() as db:
        pack_loading.load(db, pack.read(settings.county), datetime.now(UTC))
    lines = first_sign_in.lines(settings)
    engine.dispose()
    return lines


def say(name: str, line: str) -> None:
    """Prints a line under the name it comes from. A terminal that went away is no reason to leave children behind."""
    with suppress(OSError):
        print(f"{name:12} {line}", flush=True)


@dataclass
class Supervisor:
    """One run: what is kept alive, and whether it is told to end."""

    settings: Settings
    outputs: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    servers: list[Postgres | Redis] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)
    is_ending: bool = False
    is_hastened: bool = False

    def run(self) -> None:
        """Starts all, keeps it alive until a signal comes, ends it. Raises `GatewayError` where it can't start."""
        self._take_signals()
        processes.adopt_orphans()
        try:
            sign_in = self._start()
            self._wait_until_ready()
            self._announce(sign_in)
            while True:
                self._turn()
        except KeyboardInterrupt:
            say("run", "ending; once more for at once")
        finally:
            self.is_ending = True
            self._end()

    def _take_signals(self) -> None:
        wanted = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means to outlive the terminal
            wanted.append(signal.SIGHUP)
        for number in wanted:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.is_hastened = self.is_ending
        if not self.is_ending:
            self.is_ending = True
            raise KeyboardInterrupt

    def _start(self) -> list[str]:
        var_dir = self.settings.var_dir
        processes.end_all(processes.marked(lineup.MARK, str(var_dir)), signal.SIGTERM, _STRAYS_GRACE)
        lineup.refuse_taken_ports(self.settings)
        shutil.rmtree(var_dir / "metrics", ignore_errors=True)  # counters of processes that are no more
        folders.make_private(var_dir / "metrics")
        for server in embedded_servers.servers(self.settings):
            self.servers.append(server)
            self.watches[server.name] = Watch(server, say, started_at=time.monotonic())
            embedded_servers.start(server)
        sign_in = prepare(self.settings)
        for child in lineup.children(self.settings, self.outputs):
            self.watches[child.name] = Watch(child, say)
            self.watches[child.name].start(time.monotonic())
        return sign_in

    def _turn(self) -> None:
        """Listens for a moment, then does what is due."""
        self._listen()
        for watch in self.watches.values():
            watch.tend(time.monotonic())
        processes.reap_orphans(self._pids(self.watches))

    def _listen(self) -> None:
        for key, _ in self.outputs.select(timeout=0.2):
            child, output = cast(tuple[Child, IO[bytes]], key.data)
            for line in child.read(output):
                self.watches[child.name].hear(line)

    def _wait_until_ready(self) -> None:
        asked_at = time.monotonic()
        complains_at = asked_at + _SLOW_START
        while (cause := lineup.why_not_ready(self.settings)) is not None:
            if time.monotonic() > complains_at:
                complains_at = float("inf")
                say("run", f"not ready after {_SLOW_START:.0f} s: {cause}")
            asked_at = time.monotonic()
            while time.monotonic() < asked_at + _ASK_AGAIN:
                self._turn()

    def _announce(self, sign_in: Iterable[str]) -> None:
        for name, address in lineup.addresses(self.settings).items():
            say(name, address)
        for line in sign_in:
            say("sign in", line)
        say("run", f"Ctrl-C ends it; what it remembers stays in {self.settings.var_dir}")

    def _end(self) -> None:
        outer = {lineup.CARRIER, *(server.name for server in self.servers)}
        self._end_children([name for name in self.watches if name not in outer])
        self._end_strays(outer)
        self._end_children([name for name in self.watches if name == lineup.CARRIER])
        for server in reversed(self.servers):
            server.stop()
        self._end_strays(())

    def _end_children(self, names: Iterable[str]) -> None:
        running = [p for name in names if (p := self.watches[name].kept.process) and p.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        give_up = time.monotonic() + lineup.GRACE + _STRAYS_GRACE
        while any(p.poll() is None for p in running) and time.monotonic() < give_up and not self.is_hastened:
            self._listen()
        for process in running:
            process.kill()
            process.wait()

    def _end_strays(self, still_needed: Iterable[str]) -> None:
        """Ends the descendants that are nobody's any more, those in sessions of their own too; the needed ones stay."""
        needed = self._pids(name for name in still_needed if name in self.watches)
        strays = [child for child in psutil.Process().children() if child.pid not in needed]
        everyone = [each for stray in strays for each in (stray, *stray.children(recursive=True))]
        processes.end_all(everyone, signal.SIGTERM, 0.0 if self.is_hastened else _STRAYS_GRACE)

    def _pids(self, names: Iterable[str]) -> set[int]:
        found = [self.watches[name].kept.process for name in names]
        return {process.pid for process in found if process}


if __name__ == "__main__":
    sys.exit(main())
