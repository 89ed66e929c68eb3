"""`python -m tests.faults.claimant NAME`: claims messages until none is left, and prints the id of each.

It waits for a line on its input first, so that many begin at once.
"""

import sys

from gateway import database
from gateway.outbox import outbox
from gateway.settings import from_environment


def main(owner: str) -> None:
    """Claims as a worker does, a few in each transaction."""
    database.connect(from_environment().database_url, statement_ms=20_000, pool_size=1).connect().close()
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        with database.transaction() as db:
            claims = outbox.claim(db, owner)
        if not claims:
            return
        print(*(claimed.message_id for claimed in claims), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
