"""What the checks set going: promises to many phones, time that passes for leases, and the wait until all is quiet."""

import itertools
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from gateway import database, queue
from gateway.outbox import outbox
from gateway.outbox.outbox import Promise
from tests import grounds
from tests.faults.house import House, until
from tests.faults.resident import Resident
from workers import jobs

_numbers = itertools.count(1)
_OPEN = "state IN ('queued', 'claimed', 'sending')"
_BATCH = 200
RING = 0.5  # seconds


@contextmanager
def doors(house: House) -> Iterator[None]:
    """Connects this process to the house as one of its doors is, while the block runs."""
    with grounds.connected(house.settings):
        yield


def phone(number: int) -> str:
    """Gives the number-th sample phone."""
    return f"+2547{number:08d}"


def promise(house: House, count: int, *, lives: timedelta | None = None) -> list[str]:
    """Promises `count` different SMS, each to a phone of its own, and gives their keys."""
    keys: list[str] = []
    with doors(house):
        while len(keys) < count:
            with database.transaction() as db:
                for _ in range(min(_BATCH, count - len(keys))):
                    number = next(_numbers)
                    keys.append(f"reply:event:{number}")
                    body = f"Reply {number}: your case is being looked at."
                    wanted = Promise(keys[-1], "reply", phone(number), body)
                    outbox.promise(db, wanted, datetime.now(UTC), lives=lives)
    return keys


def let_leases_end(house: House) -> None:
    """Makes every lease run out now, as a minute of waiting would."""
    write(house, "UPDATE message SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")


def let_waits_end(house: House) -> None:
    """Makes everything that waits to be tried again due now, and every pause of a lane over."""
    write(house, "UPDATE message SET not_before = now() - interval '1 second' WHERE not_before IS NOT NULL")
    write(house, "UPDATE lane SET until = now() - interval '1 second' WHERE until IS NOT NULL")


def sweep(house: House) -> None:
    """Sweeps once, as the clock has it done."""
    with doors(house):
        jobs.sweep()


def waiting(house: House) -> int:
    """Gives how many SMS are not settled."""
    with house.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM message WHERE {_OPEN}")) or 0)  # noqa: S608


def drained(house: House, seconds: float = 120.0) -> float:
    """Waits until every SMS is settled and gives how many seconds that took."""
    return until(lambda: not waiting(house), "an empty outbox", seconds)


@contextmanager
def ringing(house: House) -> Iterator[None]:
    """Rings for the replies while the block runs, far oftener than the clock does: no worker waits to look itself."""
    over = threading.Event()

    def ring() -> None:
        while not over.wait(RING):
            queue.push("replies", "send_messages", "replies")

    with doors(house):
        thread = threading.Thread(target=ring)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def state_of(house: House, keys: list[str]) -> list[str]:
    """Gives where each promise stands, in the order of `keys`."""
    with house.engine.connect() as connection:
        rows = connection.execute(text("SELECT dedupe_key, state FROM message")).all()
    found = {row.dedupe_key: row.state for row in rows}
    return [found[key] for key in keys]


def finish(house: House, workers: int = 1, seconds: float = 120.0) -> None:
    """Lets leases and waits end, and has what is left sent by workers whom nothing befalls."""
    let_leases_end(house)
    sweep(house)
    let_waits_end(house)
    sent_by: list[Resident] = [house.worker("replies") for _ in range(workers)]
    drained(house, seconds)
    for worker in sent_by:
        worker.stop()


def seeded(name: str) -> random.Random:
    """Gives chance that falls the same way at every run."""
    return random.Random(name)


def write(house: House, statement: str) -> None:
    """Changes the database behind the gateway's back."""
    with house.engine.connect() as connection:
        connection.execute(text(statement))
