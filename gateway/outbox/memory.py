"""A host's memory of what was sent, outside the database: its token and the newest attempt, in one small file.

Several processes of the host write it, so each looks first, behind a lock: what is known already is never made less.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway import disk

LONGEST_WAIT, LOOK_AGAIN = 2.0, 0.01  # seconds
_NEVER = "none"  # a token no database has


@dataclass(frozen=True)
class Memory:
    """What a host remembers of the database: its token, and the newest attempt that was ever seen in it.

    The attempt's id alone would not do: a database that forgot it gives its number to another one. None where the
    file is of a time when only the id was kept, and where nothing was sent.
    """

    token: str
    newest: int
    started_at: datetime | None = None


NOTHING_TRUSTED = Memory(_NEVER, 0)


def read(file: Path) -> Memory | None:
    """Gives what is remembered; None where nothing was ever, and trust in no database where it can't be read."""
    try:
        kept: Mapping[str, object] = json.loads(file.read_text())
        at = kept.get("started_at")
        return Memory(str(kept["token"]), int(str(kept["newest"])), datetime.fromisoformat(str(at)) if at else None)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return NOTHING_TRUSTED


def put(file: Path, memory: Memory) -> None:
    """Remembers this, whatever was remembered before. Raises `OSError`."""
    with _alone(file):
        _write(file, memory)


def advance(file: Path, memory: Memory, since: str | None) -> None:
    """Remembers what is newer than what is remembered.

    Of another token only where the one in the file is still `since`, which the caller went by. Raises `OSError`.
    """
    with _alone(file):
        kept = read(file)
        if kept is not None and kept.token == memory.token:
            is_news = kept != memory and kept.newest <= memory.newest
        else:
            is_news = (kept.token if kept else None) == since
        if is_news:
            _write(file, memory)


def _write(file: Path, memory: Memory) -> None:
    at = memory.started_at.isoformat() if memory.started_at else None
    disk.write_through(file, json.dumps({"token": memory.token, "newest": memory.newest, "started_at": at}))


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keeps the host's other processes out, but is kept out by them for a moment only: one of them may be frozen.

    Once it thaws it may put its older number back; the next send of any process mends that.
    """
    file.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(file.with_name(f"{file.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        give_up = time.monotonic() + LONGEST_WAIT
        while not disk.lock(handle) and time.monotonic() < give_up:
            time.sleep(LOOK_AGAIN)
        yield
    finally:
        os.close(handle)
