"""Folders nobody else may look into, and sockets whose path is short enough.

The address of a Unix socket holds 104 bytes on macOS and 108 on Linux; a deeper folder lends its name, as a
hash, to one under /tmp.
"""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from gateway.errors import EmbeddedServerFailed

_LONGEST_SOCKET = 103
_TMP = Path("/tmp")  # noqa: S108 – not TMPDIR: two shells must agree on the address; `make_private` minds squatters


def socket_folder(folder: Path, socket: str) -> Path:
    """Gives the folder for a socket of `folder`'s server: that folder itself, or a short one where it is too deep."""
    if len(os.fsencode(folder / socket)) <= _LONGEST_SOCKET:
        return folder
    return _TMP / f"gateway-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]}"


def drop_socket_folder(folder: Path, socket: str) -> None:
    """Removes the short folder that `socket_folder` gave in place of `folder`, where it did and it is empty."""
    short = socket_folder(folder, socket)
    if short != folder:
        with suppress(OSError):
            short.rmdir()


def make_private(folder: Path, owner: int | None = None) -> None:
    """Makes a folder that only `owner` (a user id; None: we ourselves) may enter, if it isn't there.

    Raises `EmbeddedServerFailed` where somebody else's stands in its place.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = os.geteuid() if owner is None else owner
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (wanted, os.geteuid()):
        raise EmbeddedServerFailed(f"{folder}: is not ours; remove it, or set VAR_DIR to a shorter path")
    if found.st_uid != wanted:
        os.chown(folder, wanted, -1)
    folder.chmod(0o700)


def let_pass(folder: Path) -> None:
    """Lets every user of this machine walk through, but not list, the folders above `folder`."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def let_read(tree: Path) -> None:
    """Lets every user of this machine read and run what the owner may read and run in `tree`."""
    for path in (tree, *tree.rglob("*")):
        mode = path.lstat().st_mode
        may = (mode & 0o500) >> 6
        if not stat.S_ISLNK(mode) and mode & may != may:
            path.chmod(mode | may)
