"""The jobs: each finds its rows, calls a rule, ends. None carries more than a word; the table says what is due."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import structlog

from gateway import database, queue, tallies
from gateway.carriers import Carrier
from gateway.crash import crash
from gateway.desk import viewers
from gateway.dialogues import incoming, sessions
from gateway.operations import runs
from gateway.outbox import delivery_reports, orphans
from gateway.sending import sending, sweeping
from gateway.settings import Settings, from_environment
from gateway.staff import audit_log, staff_sessions
from gateway.tickets import escalation, silence, tending
from models import LaneName
from workers import campaigning, stop
from workers.sender import Sender

MOST_HANDLED = 500  # in one job; then the worker tells Redis that it lives
MOST_BATCHES = 100  # of tickets, as above

log = structlog.get_logger()


def send_messages(lane: str) -> None:
    """Sends what is due on a lane."""
    Sender(LaneName(lane), _carrier(), _settings()).send_due()


def sweep() -> None:
    """Finishes what was left behind, counts what is finished, and rings for what is due."""
    with database.transaction() as db:
        now = database.now(db)
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
    _verify_audit_log()


def _verify_audit_log() -> None:
    """Verifies the chain where that is due; it reads all of it, so it has a transaction of its own."""
    with database.transaction() as db:
        look = audit_log.verify_if_due(db, database.now(db))
    if look and look.fault:
        log.error("audit log broken", fault=look.fault)


def handle_incoming() -> None:
    """Handles the SMS that have come, each in a transaction of its own; what is left is rung for again."""
    crash("I3")
    handled = 0
    while handled < MOST_HANDLED and not stop.is_asked() and _handle_one():
        handled += 1
    with database.transaction() as db:
        runs.note(db, "handle_incoming", database.now(db))
        if handled == MOST_HANDLED:
            queue.nudge_handling(db)


def tend_tickets() -> None:
    """Takes up the chain what is overdue, and closes what stays resolved in silence."""
    now = datetime.now(UTC)
    for tend in (escalation.escalate, silence.close):
        _tend(tend, now)
    with database.transaction() as db:
        viewers.forget(db, now)
        runs.note(db, "tend_tickets", now)


def _tend(tend: tending.Tend, now: datetime) -> None:
    """Goes through all that is due, a small batch in each transaction: staff wait for none of them."""
    mark = None
    for _ in range(MOST_BATCHES):
        if stop.is_asked():
            return
        with database.transaction() as db:
            mark = tend(db, now, mark)
        if mark is None:
            return


def _handle_one() -> bool:
    with database.transaction() as db:
        was_one = incoming.handle_next(db, _settings(), database.now(db))
        crash("I4")
    return was_one


def tend_campaigns() -> None:
    """Begins the campaigns whose moment has come, makes messages for their recipients, and ends those that are over."""
    is_done = campaigning.tend(is_real=not _settings().uses_simulator)
    with database.transaction() as db:
        runs.note(db, "tend_campaigns", datetime.now(UTC))
        if not is_done:
            queue.nudge_tending(db)


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
    "tend_tickets": tend_tickets,
    "tend_campaigns": tend_campaigns,
}
