"""A sender: takes what is due on one lane and asks the carrier, one SMS at a time.

Two commits stand before the socket, one after it; the points S1 to S6 are where a test may kill it in between.
"""

import os
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway import consent, database, delivery_reports, disk, lanes, lineage, outbox, pace, spending
from gateway.carriers import Carrier, LaneOrder
from gateway.crash import crash
from gateway.outbox import Claim
from gateway.settings import Settings
from models import LaneName
from workers import stop

MOST_BATCHES = 12  # then the worker listens to Redis again, and tells it that it lives; what is left rings again
ASK_AGAIN = 0.05  # seconds between two questions whether bulk may go
LONGEST_WAIT = 20.0  # seconds for one's turn: well within a lease


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
        """Sends what is due, a few messages at a time, and rings again when there is more."""
        for _ in range(MOST_BATCHES):
            if stop.is_asked() or not self._send_batch():
                return
        with database.transaction() as db:
            outbox.nudge_due(db)

    def _send_batch(self) -> bool:
        """Sends a batch; gives whether there may be more to do."""
        if not self._may_send():
            return False
        with database.transaction() as db:
            claims = outbox.claim(db, self.lane, self.owner)
            crash("S1")
        crash("S2")
        for position, claimed in enumerate(claims):
            if stop.is_asked() or not self._send_one(claimed):
                with database.transaction() as db:
                    outbox.release(db, claims[position:])
                return False
        return bool(claims)

    def _may_send(self) -> bool:
        """Whether this host's disk and memory allow it; the answers of the carrier must not be lost."""
        has_room = disk.has_room(self.settings.var_dir, self.settings.limits.disk_min_free)
        return has_room and lineage.agrees(self.settings, datetime.now(UTC))

    def _send_one(self, claimed: Claim) -> bool:
        """Sends one message; gives whether the lane goes on."""
        if not self._wait_for_turn(claimed):
            return False
        with database.transaction() as db:
            now = database.now(db)
            if not spending.reserve(db, claimed.segments, self.settings.limits, now):
                return False
            is_started = outbox.start(db, claimed)
            if not is_started:
                spending.give_back(db, claimed.segments, now)
                outbox.release(db, [claimed])
        return self._ask_carrier(claimed) if is_started else True

    def _ask_carrier(self, claimed: Claim) -> bool:
        crash("S3")
        result = self.carrier.send(claimed.body, [claimed.phone])[claimed.phone]
        crash("S5")
        with database.transaction() as db:
            now = database.now(db)
            outbox.settle(db, claimed, result, now)
            lanes.obey(db, self.lane, result, now)
            if result.opts_out:
                consent.opt_out(db, claimed.phone, now)
            if result.carrier_id:
                delivery_reports.apply(db, result.carrier_id, now)
        crash("S6")
        return result.lane is LaneOrder.GO_ON

    def _wait_for_turn(self, claimed: Claim) -> bool:
        """Waits until the carrier's pace allows this message; gives whether it came to that in time."""
        give_up = time.monotonic() + LONGEST_WAIT
        while not stop.is_asked() and time.monotonic() < give_up:
            with database.transaction() as db:
                wait = pace.book(db, self.lane, claimed.segments, self.settings.limits.send_rate)
            if wait is not None:
                time.sleep(min(wait, LONGEST_WAIT))
                return not stop.is_asked()
            time.sleep(ASK_AGAIN)
        return False
