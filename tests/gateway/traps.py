"""Functions that nobody here queues: each leaves a file behind when it is run after all."""

import os
from pathlib import Path

SPRUNG = "SPRUNG"  # the variable that names the file


def spring(*_: object) -> None:
    Path(os.environ[SPRUNG]).touch()


class Pickled:
    """Runs a command as soon as it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {os.environ[SPRUNG]}",)
