"""Whether the gateway can do its work, and what operators watch."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gateway import database, disk, queue, tallies
from gateway.literals import all_spelt_out
from gateway.operations import runs, spool
from gateway.operations.causes import Cause
from gateway.outbox import delivery_reports, lanes, orphans, spending
from gateway.sending import waits
from gateway.settings import Settings
from gateway.staff import audit_log
from models import FINAL_STATUSES, OPEN_STATES, County, Direction, Message, State, Status, Ticket, UssdSession

WAITS = {Cause.REPLIES_WAIT: waits.replies, Cause.CAMPAIGNS_WAIT: waits.campaigns, Cause.TEXTS_WAIT: waits.texts}
NEWEST_SCHEMA = ScriptDirectory(str(database.MIGRATIONS)).get_current_head()

log = structlog.get_logger()


@dataclass(frozen=True)
class Sending:
    """Where the sending stands: the closed lanes with their reasons, what today has cost, strange delivery reports."""

    closed: Mapping[str, str]
    refused: Mapping[str, int]  # the lanes whose requests the carrier refuses whole, with the HTTP status
    segments: int
    cents: int
    orphans: int
    quarantined: int
    ages: Mapping[str, float]  # seconds since each periodic job last ended well
    waits: Mapping[Cause, float]  # seconds for which the oldest could have gone on


def check(settings: Settings, now: datetime, since: datetime) -> tuple[list[str], list[str]]:
    """Gives what keeps citizens from being answered, and what else is amiss, each by a short name.

    A job that never ended well is late for those who have looked for a while: `since` is when they began.
    """
    blockers, troubles = _of_the_host(settings)
    missing = _missing()
    if not missing:
        troubles += _of_the_database(now, since)
    if not queue.is_there():
        troubles.append(Cause.REDIS)
    return blockers + missing, troubles


def _missing() -> list[str]:
    """Gives what of the database citizens can't be answered without."""
    try:
        with database.transaction() as db:
            if db.scalar(text("SELECT version_num FROM alembic_version")) != NEWEST_SCHEMA:
                return [Cause.SCHEMA]
            return [] if db.scalar(select(County.code)) else [Cause.COUNTY_PACK]
    except SQLAlchemyError:
        return [Cause.DATABASE]


def _of_the_database(now: datetime, since: datetime) -> list[str]:
    """Gives the troubles that the database knows of. To fail at that is one more, and stops no citizen's answer."""
    try:
        with database.transaction() as db:
            return [*_of_the_sending(sending(db, now, since)), *([Cause.AUDIT_LOG_BROKEN] if is_log_broken(db) else [])]
    except Exception as error:
        log.error("troubles unknown", error=error)
        return [Cause.TROUBLES_UNKNOWN]


def _of_the_host(settings: Settings) -> tuple[list[str], list[str]]:
    kept = spool.of(settings)
    waiting, aside = kept.count()
    try:
        is_full = not disk.has_room(settings.var_dir, settings.limits.disk_min_free)
    except OSError:
        is_full = True
    troubles = {Cause.DISK: is_full, Cause.SPOOL_WAITS: waiting > 0, Cause.SPOOL_SET_ASIDE: aside > 0}
    return [] if kept.is_writable() else [Cause.SPOOL], [name for name, is_so in troubles.items() if is_so]


def sending(db: Session, now: datetime, since: datetime) -> Sending:
    """Gives what an operator watches of the sending; `since` is when they began to look."""
    segments, cents = spending.today(db, now)
    reports = orphans.count(db, now), delivery_reports.count_quarantined(db)
    ages, waiting = runs.ages(db, now, since), {cause: seconds(db) for cause, seconds in WAITS.items()}
    return Sending(lanes.closed(db), lanes.refused(db), segments, cents, *reports, ages, waiting)


def is_log_broken(db: Session) -> bool:
    """Whether the chain of the audit log was broken when it was last verified: reading all of it is no door's work."""
    look = audit_log.last_look(db)
    return look is not None and look.fault is not None


def _of_the_sending(found: Sending) -> list[str]:
    reports = {Cause.REPORTS_FOR_NOBODY: found.orphans, Cause.REPORTS_QUARANTINED: found.quarantined}
    closed = [f"lane {name}: {reason}" for name, reason in found.closed.items()]
    late = [f"job {job} is late" for job, age in found.ages.items() if age > runs.LATE_AFTER.total_seconds()]
    refused = [f"lane {name}: requests refused, HTTP {status}" for name, status in found.refused.items()]
    waiting = [cause for cause, age in found.waits.items() if age > waits.PATIENCE.total_seconds()]
    return closed + refused + late + waiting + [name for name, number in reports.items() if number]


def messages(db: Session) -> Counter[tuple[str, str]]:
    """Counts messages by direction and state: the open ones by index, the rest from running totals."""
    # By state alone, which says the direction: the index is enough then.
    standing = select(Message.state, func.count()).where(Message.state.in_(all_spelt_out(OPEN_STATES)))
    counted: Counter[tuple[str, str]] = Counter()
    for state, count in db.execute(standing.group_by(Message.state)):
        counted[Direction.IN if state is State.RECEIVED else Direction.OUT, state] = count
    for label, count in tallies.totals(db, tallies.MESSAGES).items():
        direction, _, ended = label.partition("/")
        counted[direction, ended] += count
    return counted


def sessions(db: Session) -> Counter[str]:
    """Counts USSD sessions by outcome."""
    live = select(UssdSession.outcome, func.count()).where(UssdSession.finished_at.is_(None))
    counted = Counter(tallies.totals(db, tallies.SESSIONS))
    for outcome, count in db.execute(live.group_by(UssdSession.outcome)):
        counted[outcome.value] += count
    return counted


def tickets(db: Session) -> Counter[str]:
    """Counts tickets by status: the open ones by index, those that are over from running totals."""
    open_ones = all_spelt_out(status for status in Status if status not in FINAL_STATUSES)
    standing = select(Ticket.status, func.count()).where(Ticket.status.in_(open_ones)).group_by(Ticket.status)
    counted = Counter(tallies.totals(db, tallies.TICKETS))
    for status, count in db.execute(standing):
        counted[status.value] += count
    return counted
