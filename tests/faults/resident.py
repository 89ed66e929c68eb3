"""One process of the house: it can be killed, frozen, thawed, stopped politely, and asked how it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from gateway.embedded import processes

ROOT = Path(__file__).parents[2]
GRACE = 90.0  # seconds in which a polite stop must be over


@dataclass(frozen=True)
class Resident:
    """A running command of ours, and the file its output goes to."""

    name: str
    process: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        """The process's number."""
        return self.process.pid

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def wait(self, seconds: float = GRACE) -> int:
        """Waits for its end and gives the exit status, negative for a signal. Raises `subprocess.TimeoutExpired`."""
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = GRACE) -> int:
        """Asks it to end and gives the exit status. Raises `subprocess.TimeoutExpired`."""
        if self.is_alive():
            self.process.terminate()
        return self.wait(seconds)

    def freeze(self) -> None:
        """Holds it where it is."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        self.process.send_signal(signal.SIGCONT)

    def children(self) -> list[psutil.Process]:
        """Gives its children: gunicorn's workers."""
        return psutil.Process(self.pid).children() if self.is_alive() else []

    def clear_away(self) -> None:
        """Ends it and its children, whatever state they are in."""
        left = self.children()
        if self.is_alive():
            self.thaw()
            processes.end(self.process, signal.SIGTERM, 5)
        processes.end_all(left, signal.SIGKILL, 5)


def move_in(name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Resident:
    """Starts a Python command in the root of the project; its output is added to `log`."""
    start = processes.Start(ROOT, environment={**_shell(), **environment})
    with log.open("ab") as output:
        return Resident(name, processes.spawn([sys.executable, *command], start, output))


def _shell() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
