"""The jobs: each finds its rows, calls a rule, ends. None carries more than a word; the table says what is due."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import structlog

from gateway import (
    database,
    delivery_reports,
    incoming,
    orphans,
    queue,
    runs,
    sending,
    sessions,
    staff_sessions,
    sweeping,
    tallies,
)
from gateway.carriers import Carrier
from gateway.crash import crash
from gateway.settings import Settings, from_environment
from models import LaneName
from workers import stop
from workers.sender import Sender

MOST_HANDLED = 500  # in one job; then the worker tells Redis that it lives

log = structlog.get_logger()


def send_messages(lane: str) -> None:
    """Sends what is due on a lane."""
    Sender(LaneName(lane), _carrier(), _settings()).send_due()


def sweep() -> None:
    """Finishes what was left behind, counts what is finished, and rings for what is due."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        moved = sweeping.sweep(db)
        sweeping.nudge_due(db)
    with database.transaction() as db:
        delivery_reports.apply_waiting(db, now)
    with database.transaction() as db:
        moved["matched"] = orphans.match(db, now)
        orphans.forget(db, now)
    with database.transaction() as db:
        sessions.sweep(db, now)
        staff_sessions.forget(db, now)
        tallies.roll_up(db, now)
        runs.note(db, "sweep", now)
    if any(moved.values()):
        log.info("swept", **moved)


def handle_incoming() -> None:
    """Handles the SMS that have come, each in a transaction of its own; what is left is rung for again."""
    crash("I3")
    handled = 0
    while handled < MOST_HANDLED and not stop.is_asked() and _handle_one():
        handled += 1
    with database.transaction() as db:
        runs.note(db, "handle_incoming", datetime.now(UTC))
        if handled == MOST_HANDLED:
            queue.nudge_handling(db)


def _handle_one() -> bool:
    with database.transaction() as db:
        was_one = incoming.handle_next(db, _settings(), datetime.now(UTC))
        crash("I4")
    return was_one


@cache
def _settings() -> Settings:
    return from_environment()


@cache
def _carrier() -> Carrier:
    return sending.carrier(_settings())


JOBS: dict[str, Callable[..., None]] = {
    "send_messages": send_messages,
    "sweep": sweep,
    "handle_incoming": handle_incoming,
}
