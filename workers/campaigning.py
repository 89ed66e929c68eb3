"""Tending campaigns: begun, given their recipients and ended, each step in a transaction of its own.

A process may die at any point, and several may tend at once: every step looks at what is there and does what is
missing. C1 to C3 are where a test may kill this one: before a campaign's beginning is committed, after it, and, by
turns, within and between the chunks of its recipients.
"""

import time
from datetime import UTC, datetime

from gateway import database, expanding, launches
from gateway.crash import crash
from workers import stop

LONGEST = 4.0  # seconds for one job: then others, such as the SMS that came in, have their turn

_reached: dict[int, str] = {}  # campaign: the last phone, for this process's next job; nothing relies on it


def tend(*, is_real: bool) -> bool:
    """Does what is due; gives False where there is more. `is_real`: whether the carrier sends to real phones."""
    give_up = time.monotonic() + LONGEST
    _begin()
    is_done = all(_expand(campaign, give_up, is_real=is_real) for campaign in _running())
    is_done = _cancel(give_up) and is_done
    for campaign in _running():
        with database.transaction() as db:
            launches.end_if_over(db, campaign, datetime.now(UTC))
    return is_done


def _running() -> list[int]:
    with database.transaction() as db:
        return launches.running(db)


def _begin() -> None:
    with database.transaction() as db:
        due = launches.due(db, datetime.now(UTC))
    for campaign in due:
        with database.transaction() as db:
            has_begun = launches.begin_by_clock(db, campaign, datetime.now(UTC))
        if has_begun:
            crash("C2")


def _expand(campaign_id: int, give_up: float, *, is_real: bool) -> bool:
    """Makes messages for a campaign's recipients until all have one or the time is over; gives whether all have.

    Where this process stopped itself it goes on; whatever else happened, it begins at the beginning.
    """
    after: str | None = _reached.pop(campaign_id, "")
    while after is not None:
        if stop.is_asked() or time.monotonic() > give_up:
            _reached[campaign_id] = after
            return False
        now = datetime.now(UTC)
        with database.transaction() as db:
            campaign = expanding.hold(db, campaign_id)
            if campaign is None:
                return True
            after = expanding.add_chunk(db, campaign, after, now, is_real=is_real)
            if after is None:
                expanding.finish(db, campaign, now, is_real=is_real)
            crash("C3")
        crash("C3")
    return True


def _cancel(give_up: float) -> bool:
    """Cancels what waits of cancelled campaigns; gives whether nothing does any more."""
    with database.transaction() as db:
        campaigns = launches.cancelled(db)
    for campaign in campaigns:
        moved = launches.CHUNK
        while moved == launches.CHUNK:
            if stop.is_asked() or time.monotonic() > give_up:
                return False
            with database.transaction() as db:
                moved = launches.cancel_waiting(db, campaign, datetime.now(UTC))
    return True
