"""The disk of this host: what is written so that a power cut can't take it back, what one process at a time may touch,
and how much room is left.
"""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path


def write_through(path: Path, words: str) -> None:
    """Puts a whole file in place, 0600 in a 0700 folder, and comes back when it is on the disk. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync(path.parent)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def has_room(folder: Path, min_free: int) -> bool:
    """Whether at least `min_free` bytes are left for us on the disk under `folder`. Raises `OSError`."""
    disk = os.statvfs(folder if folder.exists() else folder.parent)
    return disk.f_bavail * disk.f_frsize >= min_free


def lock(handle: int) -> bool:
    """Takes the lock of an open file or folder unless another process has it; gives whether it did.

    It ends when the handle is closed, at the latest with the process.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
