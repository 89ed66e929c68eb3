"""The jobs: each finds its rows, calls a rule, ends. None carries more than a word; the table says what is due."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from gateway import database, delivery_reports, lanes, outbox, sending, sessions, settings, tallies
from gateway.carriers import Carrier, LaneOrder
from gateway.outbox import Claim
from models import LaneName
from workers import stop

MOST_BATCHES = 12  # a job ends before its time-out; what is left rings again

log = structlog.get_logger()
_carrier: Carrier | None = None


def send_messages(lane: str) -> None:
    """Sends what is due on a lane, a few messages at a time, and rings again when there is more."""
    name = LaneName(lane)
    for _ in range(MOST_BATCHES):
        if stop.is_asked() or not _send_batch(name):
            return
    with database.transaction() as db:
        outbox.nudge_due(db)


def _send_batch(lane: LaneName) -> bool:
    with database.transaction() as db:
        claims = outbox.claim(db, lane, _owner())
    for position, claimed in enumerate(claims):
        if stop.is_asked() or not _send_one(lane, claimed):
            with database.transaction() as db:
                outbox.release(db, claims[position:])
            return False
    return bool(claims)


def _send_one(lane: LaneName, claimed: Claim) -> bool:
    """Sends one message; gives whether the lane goes on. Two commits stand before the socket, one after it."""
    with database.transaction() as db:
        started = outbox.start(db, claimed)
    if not started:
        return True
    result = _the_carrier().send(claimed.body, [claimed.phone])[claimed.phone]
    now = datetime.now(UTC)
    with database.transaction() as db:
        outbox.settle(db, claimed, result, now)
        lanes.obey(db, lane, result, now)
        if result.carrier_id:
            delivery_reports.apply(db, result.carrier_id, now)
    return result.lane is LaneOrder.GO_ON


def sweep() -> None:
    """Finishes what was left behind, counts what is finished, and rings for what is due."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        moved = outbox.sweep(db)
        outbox.nudge_due(db)
    with database.transaction() as db:
        delivery_reports.apply_waiting(db, now)
    with database.transaction() as db:
        sessions.sweep(db, now)
        tallies.roll_up(db, now)
    if any(moved.values()):
        log.info("swept", **moved)


def _owner() -> str:
    return f"{socket.gethostname()[:40]}/{os.getpid()}"


def _the_carrier() -> Carrier:
    global _carrier
    if _carrier is None:
        _carrier = sending.carrier(settings.from_environment())
    return _carrier


JOBS: dict[str, Callable[..., None]] = {"send_messages": send_messages, "sweep": sweep}
