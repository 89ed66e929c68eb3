"""`python -m tests.faults.tender CHUNK`: tends campaigns, CHUNK phones at a time, and dies as often as it is told.

For each line on its input, such as `C3:2`, a child of its own tends until nothing is left to do, or until it is killed
there; the number of the signal that ended it is printed, 0 for none.
"""

import os
import sys
from dataclasses import replace

from gateway import crash, database, logs, queue
from gateway.campaigns import expanding
from gateway.settings import Settings, from_environment
from workers import campaigning


def main(chunk: int) -> None:
    """Reads lines until there are no more."""
    logs.configure()
    expanding.CHUNK = chunk
    found = from_environment()
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _tend(replace(found, fault=line.strip() or None))
        print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)


def _tend(settings: Settings) -> None:
    """Tends as a worker does that has just started, and ends this process."""
    try:
        database.connect(settings.database_url, statement_ms=20_000, pool_size=1)
        queue.connect(settings.redis_url)
        crash.arm(settings)
        while not campaigning.tend(is_real=False):
            pass
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
