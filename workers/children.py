"""The processes `make run` keeps alive: each is one command, its output goes to the terminal under its name.

One that dies comes back, sooner at first, later when it keeps dying; then it gets one line per death, not its whole
lament again.
"""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from gateway.embedded import processes
from gateway.errors import GatewayError

ROOT = Path(__file__).parent.parent
_STEADY = 10.0  # seconds after which a child counts as well
_FIRST_WAIT = 0.5  # seconds, doubled at each death
_LONGEST_WAIT = 30.0

Say = Callable[[str, str], None]  # whose name, what


class Kept(Protocol):
    """What can be kept alive."""

    @property
    def name(self) -> str:
        """The word before its lines on the terminal."""
        ...

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """Its process, None before the first start."""
        ...

    def start(self) -> None:
        """Starts it, be it for the first time or again. Raises `GatewayError` where it can't."""
        ...


@dataclass
class Child:
    """One of our own commands; what it writes is read from `outputs`, registered with the child."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    outputs: selectors.BaseSelector
    process: "subprocess.Popen[bytes] | None" = None
    _begun: bytes = b""  # a line whose end hasn't come yet

    def start(self) -> None:
        """Starts the command in the root of the project."""
        start = processes.Start(ROOT, signal.SIGTERM, environment=self.environment)
        self.process = processes.spawn([sys.executable, *self.command], start, subprocess.PIPE)
        if self.process.stdout:
            self.outputs.register(self.process.stdout, selectors.EVENT_READ, (self, self.process.stdout))

    def read(self, output: IO[bytes]) -> list[str]:
        """Gives the whole lines that `output` holds now; at its end closes it."""
        piece = os.read(output.fileno(), 65_536)
        if not piece:
            self.outputs.unregister(output)
            output.close()
        *lines, self._begun = (self._begun + piece).split(b"\n")
        return [line.decode(errors="replace") for line in lines]


@dataclass
class Watch:
    """Looks after one child: notices its death, waits, starts it again."""

    kept: Kept
    say: Say
    started_at: float = 0.0
    again_at: float | None = None
    early_deaths: int = 0
    last_line: str = field(default="", repr=False)

    def start(self, now: float) -> None:
        """Starts the child; `now` in seconds of the monotonic clock."""
        self.again_at = None
        self.started_at = now
        self.kept.start()

    def tend(self, now: float) -> None:
        """Does what is due: counts a death, or starts the child again."""
        if self.again_at is not None:
            if now >= self.again_at:
                self._start_again(now)
        elif self.kept.process is None or self.kept.process.poll() is not None:
            self._mourn(now, f"ended ({_how(self.kept.process)})")
        elif now - self.started_at > _STEADY:
            self.early_deaths = 0

    def hear(self, line: str) -> None:
        """Passes on a line of the child's output, unless it keeps dying of the same."""
        self.last_line = line
        if self.early_deaths < 2:
            self.say(self.kept.name, line)

    def _start_again(self, now: float) -> None:
        try:
            self.start(now)
        except GatewayError as error:
            self._mourn(now, str(error))

    def _mourn(self, now: float, what: str) -> None:
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self.early_deaths)
        why = f": {self.last_line}" if self.early_deaths > 1 and self.last_line else ""
        self.say(self.kept.name, f"{what}, starts again in {wait:g} s{why}")
        self.early_deaths += 1
        self.again_at = now + wait


def _how(process: "subprocess.Popen[bytes] | None") -> str:
    status = process.returncode if process else None
    return f"signal {-status}" if status is not None and status < 0 else f"status {status}"
