"""The spool: what the carrier told us while the database was away, on disk until the database is back.

One file per callback, whole and on the disk before the carrier is told 200; the oldest goes first. The rules behind are
the same as always and do nothing twice, so a callback that was both spooled and carried out late does no harm.
"""

import errno
import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from gateway import database, disk
from gateway.errors import BadSetting, SpoolClosed
from gateway.settings import Settings

Take = Callable[[str, Mapping[str, str], datetime], None]  # which hook, its fields, when they came

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

log = structlog.get_logger()
_numbers = itertools.count()


@dataclass(frozen=True)
class Spool:
    """One folder on this host's disk, shared by its processes. `min_free` is in bytes."""

    folder: Path
    min_free: int

    def write(self, hook: str, form: Mapping[str, str], now: datetime) -> None:
        """Keeps a callback so that it survives a power cut. Raises `SpoolClosed` where that can't be promised."""
        entry = json.dumps({"hook": hook, "form": dict(form), "at": now.isoformat()})
        self._put(f"{now.timestamp():017.6f}-{os.getpid()}-{next(_numbers)}.json", entry)

    def is_writable(self) -> bool:
        """Tries whether a callback could be kept now."""
        try:
            self._try_out()
            return disk.has_room(self.folder, self.min_free)
        except OSError:
            return False

    def refuse_unwritable(self) -> None:
        """Tries at a start whether callbacks could be kept here. Raises `BadSetting` where the folder can't be written.

        A full disk is no reason: room can be made while citizens who dial are answered.
        """
        try:
            self._try_out()
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise BadSetting(f"VAR_DIR: the spool {self.folder} can't be written: {error.strerror}") from error

    def count(self) -> tuple[int, int]:
        """Gives how many callbacks wait, and how many were set aside for a person to look at."""
        return len(list(self.folder.glob("*.json"))), len(list(self.folder.glob("aside/*.json")))

    def replay(self, take: Take) -> int:
        """Carries out what waits, oldest first, and gives how many were. Stops where the database is away again.

        One that fails for another reason is set aside: it must not hold up the others.
        """
        done = 0
        with self._alone() as is_alone:
            for path in sorted(self.folder.glob("*.json")) if is_alone else ():
                try:
                    _carry_out(path, take)
                except Exception as error:
                    if database.is_away(error):
                        break
                    self._set_aside(path, error)
                else:
                    path.unlink()
                    done += 1
        return done

    def _try_out(self) -> None:
        probe = self.folder / f"probe-{os.getpid()}-{next(_numbers)}"
        disk.write_through(probe, "")
        probe.unlink()

    def _put(self, name: str, words: str) -> None:
        try:
            if not disk.has_room(self.folder, self.min_free):
                raise SpoolClosed("the disk is nearly full")
            disk.write_through(self.folder / name, words)
        except OSError as error:
            raise SpoolClosed(f"{self.folder}: {error.strerror}") from error

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Tells whether no other process replays this folder now; the lock ends with its process."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            yield disk.lock(handle)
        finally:
            os.close(handle)

    def _set_aside(self, path: Path, error: Exception) -> None:
        (self.folder / "aside").mkdir(mode=0o700, exist_ok=True)
        path.rename(self.folder / "aside" / path.name)
        log.error("spooled callback set aside", entry=path.name, error=error)


def of(settings: Settings) -> Spool:
    """Gives this host's spool; opens nothing yet."""
    return Spool(settings.var_dir / "spool.d", settings.limits.spool_min_free)


def _carry_out(path: Path, take: Take) -> None:
    entry = json.loads(path.read_text())
    take(entry["hook"], entry["form"], datetime.fromisoformat(entry["at"]))
