"""Processes the gateway starts and must not leave behind.

On Linux a child ends when the process that started it dies, however it died, and orphans come to whoever adopts them
(prctl(2)). Elsewhere, and for what still slips through, leftovers are found by what they are: program, folder, mark.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

_PR_SET_PDEATHSIG = 1  # both numbers: linux/prctl.h
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Start:
    """How a child starts: where, as whom (None: as ourselves), and which signal tells it that its parent died."""

    folder: Path
    at_parents_death: signal.Signals = signal.SIGTERM
    user: str | None = None
    environment: Mapping[str, str] | None = None  # None: our own


def spawn(command: Sequence[str], start: Start, output: IO[bytes] | int) -> "subprocess.Popen[bytes]":
    """Starts a child, both of whose outputs go to `output` (an open file, or `subprocess.PIPE`).

    It gets a session of its own, so that a Ctrl-C at the terminal reaches us alone and we choose the order in which
    things end. Call it from the main thread: Linux counts the death of the thread that started the child.
    """
    return subprocess.Popen(
        command,
        cwd=start.folder,
        env=start.environment,
        user=start.user,
        group=start.user,
        extra_groups=None if start.user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: _die_with_parent(start.at_parents_death),
    )


def _die_with_parent(gently: signal.Signals) -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(gently), 0, 0, 0)


def adopt_orphans() -> None:
    """Makes this process the parent of every orphan among its descendants (Linux; elsewhere nothing happens)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(known: Collection[int]) -> None:
    """Takes the exit status of adopted orphans; `known` holds the process ids that somebody else waits for."""
    if _libc is None:
        return
    with suppress(ChildProcessError):  # there is no child at all
        while (dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and dead.si_pid not in known:
            os.waitpid(dead.si_pid, 0)


def end(process: "subprocess.Popen[bytes]", gently: signal.Signals, seconds: float) -> None:
    """Ends a child: `gently` first, by force after `seconds`. Gives control back when it is gone."""
    if process.poll() is None:
        process.send_signal(gently)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_all(processes: Sequence[psutil.Process], gently: signal.Signals, seconds: float) -> None:
    """Ends processes that need not be our children: `gently` first, by force after `seconds`."""
    _signal(processes, gently)
    _wait(processes, seconds)
    _signal([process for process in processes if is_alive(process)], signal.SIGKILL)
    _wait(processes, seconds=5)


def _signal(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def _wait(processes: Sequence[psutil.Process], seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while any(is_alive(process) for process in processes) and time.monotonic() < give_up:
        time.sleep(0.05)


def is_alive(process: psutil.Process) -> bool:
    """Tells whether a process still runs. One that ended and that nobody waits for, as in some containers, does not."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def at_work_in(folder: Path, program: str) -> list[psutil.Process]:
    """Gives the running processes called `program` whose working folder is `folder`, without their children."""
    home = str(folder.resolve())
    found = _all_that(lambda process: process.name() == program and process.cwd() == home)
    pids = {process.pid for process in found}
    return [process for process in found if process.ppid() not in pids]


def marked(name: str, value: str) -> list[psutil.Process]:
    """Gives the running processes, but for this one, that were started with the environment variable `name=value`."""
    return [each for each in _all_that(lambda process: process.environ().get(name) == value) if each.pid != os.getpid()]


def _all_that(fits: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # it ended while we looked, or it is another user's
            if is_alive(process) and fits(process):
                found.append(process)
    return found
