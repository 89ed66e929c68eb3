"""A sender: takes what is due on one lane and asks the carrier, one SMS or one campaign's batch at a time.

Two commits stand before the socket, one after it; the points S1 to S6 are where a test may kill it in between.
"""

import os
import socket
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

import structlog

from gateway import database, disk
from gateway.carriers import Carrier, LaneOrder
from gateway.crash import crash
from gateway.outbox import beginning, bulk, lineage, outbox, pace
from gateway.outbox.outbox import Claim
from gateway.outbox.pace import LONGEST_WAIT
from gateway.outbox.settling import Answers
from gateway.sending import answers, sweeping
from gateway.settings import Settings
from models import LaneName
from workers import stop

MOST_BATCHES = 12  # then the worker listens to Redis again, and tells it that it lives; what is left rings again
SIDE_BY_SIDE = 2  # requests for bulk: while one waits for the carrier, the next is written down
ASK_AGAIN = 0.05  # seconds between two questions whether bulk may go
LONGEST_REST = 1.0  # seconds for a campaign's own rate
LONGEST_AWAY = 60.0  # seconds for which answers are kept for a database that is away; a lease may end meanwhile
TAKE_AGAIN = 1.0  # seconds between two tries to write them down

log = structlog.get_logger()


def _owner() -> str:
    return f"{socket.gethostname()[:40]}/{os.getpid()}"


@dataclass(frozen=True)
class Sender:
    """One lane's sender in this process."""

    lane: LaneName
    carrier: Carrier
    settings: Settings
    owner: str = field(default_factory=_owner)

    def send_due(self) -> None:
        """Sends what is due, a request at a time or, in bulk, a few side by side; rings again when there is more."""
        if self.lane is not LaneName.BULK:
            self._send_batches()
            return
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            for sent in [threads.submit(self._send_batches) for _ in range(SIDE_BY_SIDE)]:
                sent.result()

    def _send_batches(self) -> None:
        for _ in range(MOST_BATCHES):
            if stop.is_asked() or not self._send_batch():
                return
        with database.transaction() as db:
            sweeping.nudge_due(db)

    def _send_batch(self) -> bool:
        """Sends what is claimed at a time; gives whether there may be more to do."""
        if not self._may_send():
            return False
        with database.transaction() as db:
            if self.lane is LaneName.BULK:
                claims = bulk.claim(db, self.owner, self.settings.limits)
            else:
                claims = outbox.claim(db, self.owner)
            crash("S1")
        crash("S2")
        requests = _requests(claims)
        for position, request in enumerate(requests):
            if stop.is_asked() or not self._send(request):
                with database.transaction() as db:
                    outbox.release(db, list(chain.from_iterable(requests[position:])))
                return False
        return bool(claims) or self._waits_for_a_campaign()

    def _waits_for_a_campaign(self) -> bool:
        """Waits for a campaign that its own rate holds up; gives whether there was one."""
        if self.lane is not LaneName.BULK:
            return False
        with database.transaction() as db:
            wait = bulk.wait(db)
        if wait is not None:
            time.sleep(min(wait, LONGEST_REST))
        return wait is not None

    def _may_send(self) -> bool:
        """Whether this host's disk and memory allow it; the answers of the carrier must not be lost."""
        has_room = disk.has_room(self.settings.var_dir, self.settings.limits.disk_min_free)
        return has_room and lineage.agrees(self.settings, datetime.now(UTC))

    def _send(self, request: list[Claim]) -> bool:
        """Sends one text to those who get it; gives whether the lane goes on."""
        if not self._wait_for_turn(sum(claimed.segments for claimed in request)):
            return False
        refused = self.carrier.refused([claimed.phone for claimed in request])  # nothing is looked up once it began
        with database.transaction() as db:
            if not lineage.still_agrees(db, self.settings):
                return False
            begun = beginning.begin(db, request, self.lane, self.settings.limits)
            seen = lineage.seen(db)
        if begun.claims and seen:
            lineage.note(self.settings, seen)  # before the socket: a database that forgets it is known by that
            return self._ask_carrier(begun.claims, refused)
        return begun.has_room

    def _ask_carrier(self, begun: list[Claim], refused: Collection[str]) -> bool:
        crash("S3")
        results = self.carrier.send(begun[0].body, [claimed.phone for claimed in begun], refused)
        crash("S5")
        self._take([(claimed, results[claimed.phone]) for claimed in begun])
        crash("S6")
        return all(result.lane is LaneOrder.GO_ON for result in results.values())

    def _take(self, said: Answers) -> None:
        """Writes the answers down, also where the database is away for a moment: else they would all be in doubt.

        Safe to repeat where a commit was cut off: what was settled by it is not settled again.
        """
        give_up = time.monotonic() + LONGEST_AWAY
        while True:
            try:
                with database.transaction() as db:
                    answers.take(db, self.lane, said, database.now(db))
                return
            except Exception as error:
                if not database.is_away(error) or stop.is_asked() or time.monotonic() > give_up:
                    raise
                log.warning("answers not yet written down", answers=len(said), error=type(error).__name__)
                time.sleep(TAKE_AGAIN)

    def _wait_for_turn(self, segments: int) -> bool:
        """Waits until the carrier's pace allows so many segments; gives whether it came to that in time."""
        give_up = time.monotonic() + LONGEST_WAIT.total_seconds()
        while not stop.is_asked() and time.monotonic() < give_up:
            with database.transaction() as db:
                wait = pace.book(db, self.lane, segments, self.settings.limits.send_rate)
            if wait is not None:
                time.sleep(wait)
                return not stop.is_asked()
            time.sleep(ASK_AGAIN)
        return False


def _requests(claims: list[Claim]) -> list[list[Claim]]:
    """Puts what was claimed into requests: a campaign's batch is one, of everything else each has its own."""
    if claims and claims[0].campaign_id is not None:
        return [claims]
    return [[claimed] for claimed in claims]
