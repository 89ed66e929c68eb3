"""Tending campaigns: begun, given their recipients and ended, each step in a transaction of its own.

A process may die at any point, and several may tend at once: every step looks at what is there and does what is
missing. C1 to C3 are where a test may kill this one: before a campaign's beginning is committed, after it, and, by
turns, within and between the chunks of its recipients. A campaign that can't be tended holds up no other. The clock is
the database's, as everywhere that decides whether an SMS goes.
"""

import time
from collections.abc import Callable, Iterable
from functools import partial

import structlog

from gateway import database
from gateway.campaigns import expanding, launches
from gateway.crash import crash
from gateway.outbox import lineage
from workers import stop

LONGEST = 4.0  # seconds for one job: then others, such as the SMS that came in, have their turn

_reached: dict[int, str] = {}  # campaign: the last phone, for this process's next job; nothing relies on it

log = structlog.get_logger()


def tend(*, is_real: bool) -> bool:
    """Does what is due; gives False where there is more. `is_real`: whether the carrier sends to real phones."""
    give_up = time.monotonic() + LONGEST
    with database.transaction() as db:
        # Restored from a backup, a campaign may have had its day: none goes on until an operator reconciles.
        is_held = lineage.is_held(db)
        due = [] if is_held else launches.due(db, database.now(db))
    _each("begin", due, _begin)
    is_done = _each("expand", [] if is_held else _running(), partial(_expand, give_up, is_real=is_real))
    with database.transaction() as db:
        cancelled = launches.cancelled(db)
    is_done = _each("cancel", cancelled, partial(_cancel, give_up)) and is_done
    _each("end", _running(), _end)
    return is_done


def _each(name: str, campaigns: Iterable[int], step: Callable[[int], bool]) -> bool:
    """Takes a step for each campaign until the time is over; gives whether it came to all of them.

    Where one fails the clock comes back to it: rung for at once it would fail without end.
    """
    for campaign in campaigns:
        try:
            if not step(campaign):
                return False
        except Exception as error:
            log.error("campaign not tended", step=name, campaign=campaign, error=error)
    return True


def _running() -> list[int]:
    with database.transaction() as db:
        return launches.running(db)


def _begin(campaign_id: int) -> bool:
    with database.transaction() as db:
        has_begun = launches.begin_by_clock(db, campaign_id, database.now(db))
    if has_begun:
        crash("C2")
    return True


def _expand(give_up: float, campaign_id: int, *, is_real: bool) -> bool:
    """Makes messages for a campaign's recipients until all have one or the time is over; gives whether all have.

    Where this process stopped itself it goes on; whatever else happened, it begins at the beginning.
    """
    after: str | None = _reached.pop(campaign_id, "")
    while after is not None:
        if stop.is_asked() or time.monotonic() > give_up:
            _reached[campaign_id] = after
            return False
        with database.transaction() as db:
            campaign = expanding.hold(db, campaign_id)
            if campaign is None:
                return True
            now = database.now(db)
            after = expanding.add_chunk(db, campaign, after, now, is_real=is_real)
            if after is None:
                expanding.finish(db, campaign, now, is_real=is_real)
            crash("C3")
        crash("C3")
    return True


def _cancel(give_up: float, campaign_id: int) -> bool:
    """Cancels what waits of a cancelled campaign; gives whether nothing does any more."""
    moved = launches.CHUNK
    while moved == launches.CHUNK:
        if stop.is_asked() or time.monotonic() > give_up:
            return False
        with database.transaction() as db:
            moved = launches.cancel_waiting(db, campaign_id, database.now(db))
    return True


def _end(campaign_id: int) -> bool:
    with database.transaction() as db:
        launches.end_if_over(db, campaign_id, database.now(db))
    return True
