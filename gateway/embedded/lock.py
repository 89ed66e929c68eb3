"""One VAR_DIR, one keeper: whoever runs embedded servers on it holds its lock, which ends with the process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway import disk
from gateway.errors import GatewayError

_NAME = "lock"


class VarDirTaken(GatewayError):
    """Another process runs on this VAR_DIR; the text says which."""


@contextmanager
def hold(var_dir: Path, purpose: str) -> Iterator[None]:
    """Holds the lock of `var_dir` while the block runs; `purpose` is what others are told: "make run".

    Raises `VarDirTaken` at once where another process holds it.
    """
    with (var_dir / _NAME).open("a+") as file:
        if not disk.lock(file.fileno()):
            raise VarDirTaken(f"VAR_DIR: {var_dir} is in use by {holder(var_dir)}")
        file.truncate(0)
        file.write(f"{purpose} (process {os.getpid()})")
        file.flush()
        yield


def holder(var_dir: Path) -> str:
    """Gives who holds, or held last, the lock of `var_dir`, as `hold` wrote it."""
    return (var_dir / _NAME).read_text() or "another process"
