"""What the carrier tells us that must not be lost: read, then kept in one transaction.

The web keeps it as it comes, or spools it while the database is away; the clock carries out what was spooled. Keeping
the same twice does nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gateway import database
from gateway.carriers import callbacks
from gateway.citizens import consent
from gateway.crash import crash
from gateway.dialogues import incoming, sessions
from gateway.outbox import delivery_reports

Read = Callable[[Mapping[str, str]], Any]
Keep = Callable[[Session, Any, datetime], object]

HOOKS: Mapping[str, tuple[Read, Keep]] = {
    "ussd-ended": (callbacks.read_session_end, sessions.end),
    "delivery": (callbacks.read_report, delivery_reports.keep),
    "sms": (callbacks.read_incoming, incoming.keep),
    "opt-out": (callbacks.read_opt_out, consent.opted_out),
}
_ENDINGS = ("ussd-ended", "delivery")
_POINTS = {"sms": ("I1", "I2"), "delivery": ("D0", "D1")}  # before and after the commit


def read(hook: str, form: Mapping[str, str]) -> Any:
    """Gives what one callback says, for `keep`. Raises `BadCallback` for what can't be understood and never will be."""
    return HOOKS[hook][0](form)


def keep(hook: str, said: Any, now: datetime) -> None:
    """Keeps what one callback said; `now` is when it came."""
    before, after = _POINTS.get(hook, ("", ""))
    with database.transaction() as db:
        HOOKS[hook][1](db, said, now)
        crash(before)
    crash(after)


def take(hook: str, form: Mapping[str, str], now: datetime) -> None:
    """Reads a callback and keeps what it says."""
    keep(hook, read(hook, form), now)


def moment(hook: str, came_at: datetime, now: datetime) -> datetime:
    """Gives the moment from which a spooled callback counts.

    An SMS came when it came. What ends a message or a session ends it now: the totals of the past are closed.
    """
    return now if hook in _ENDINGS else came_at
