"""Whether the gateway can do its work, and what operators watch."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gateway import database, disk, queue, tallies
from gateway.operations import runs, spool
from gateway.outbox import delivery_reports, lanes, orphans, spending
from gateway.settings import Settings
from gateway.staff import audit_log
from models import OPEN_STATES, County, Message, Ticket, UssdSession

NEWEST_SCHEMA = ScriptDirectory(str(database.MIGRATIONS)).get_current_head()


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


def check(settings: Settings, now: datetime) -> tuple[list[str], list[str]]:
    """Gives what keeps citizens from being answered, and what else is amiss, each by a short name."""
    blockers, troubles = _of_the_host(settings)
    try:
        with database.transaction() as db:
            missing = _blockers(db)
            if not missing:
                troubles += _of_the_sending(sending(db, now))
                troubles += ["audit log broken"] if is_log_broken(db) else []
            blockers += missing
    except SQLAlchemyError:
        blockers.append("database")
    if not queue.is_there():
        troubles.append("redis")
    return blockers, troubles


def _of_the_host(settings: Settings) -> tuple[list[str], list[str]]:
    kept = spool.of(settings)
    waiting, aside = kept.count()
    try:
        is_full = not disk.has_room(settings.var_dir, settings.limits.disk_min_free)
    except OSError:
        is_full = True
    troubles = {"disk": is_full, "spool waits": waiting > 0, "spool set aside": aside > 0}
    return [] if kept.is_writable() else ["spool"], [name for name, is_so in troubles.items() if is_so]


def sending(db: Session, now: datetime) -> Sending:
    """Gives what an operator watches of the sending."""
    segments, cents = spending.today(db, now)
    reports = orphans.count(db, now), delivery_reports.count_quarantined(db)
    return Sending(lanes.closed(db), lanes.refused(db), segments, cents, *reports, runs.ages(db, now))


def is_log_broken(db: Session) -> bool:
    """Whether the chain of the audit log was broken when it was last verified: reading all of it is no door's work."""
    look = audit_log.last_look(db)
    return look is not None and look.fault is not None


def _of_the_sending(found: Sending) -> list[str]:
    reports = {"reports for nobody": found.orphans, "reports quarantined": found.quarantined}
    closed = [f"lane {name}: {reason}" for name, reason in found.closed.items()]
    late = [f"job {job} is late" for job, age in found.ages.items() if age > runs.LATE_AFTER.total_seconds()]
    refused = [f"lane {name}: requests refused, HTTP {status}" for name, status in found.refused.items()]
    return closed + refused + late + [name for name, number in reports.items() if number]


def _blockers(db: Session) -> list[str]:
    if db.scalar(text("SELECT version_num FROM alembic_version")) != NEWEST_SCHEMA:
        return ["schema"]
    return [] if db.scalar(select(County.code)) else ["county pack"]


def messages(db: Session) -> Counter[tuple[str, str]]:
    """Counts messages by direction and state: the open ones by index, the rest from running totals."""
    open_ones = (
        select(Message.direction, Message.state, func.count())
        .where(Message.state.in_(OPEN_STATES))
        .group_by(Message.direction, Message.state)
    )
    counted = Counter({(direction.value, state.value): n for direction, state, n in db.execute(open_ones)})
    for label, count in tallies.totals(db, tallies.MESSAGES).items():
        direction, _, state = label.partition("/")
        counted[direction, state] += count
    return counted


def sessions(db: Session) -> Counter[str]:
    """Counts USSD sessions by outcome."""
    live = select(UssdSession.outcome, func.count()).where(UssdSession.finished_at.is_(None))
    counted = Counter(tallies.totals(db, tallies.SESSIONS))
    for outcome, count in db.execute(live.group_by(UssdSession.outcome)):
        counted[outcome.value] += count
    return counted


def tickets(db: Session) -> dict[str, int]:
    """Counts tickets by status."""
    rows = db.execute(select(Ticket.status, func.count()).group_by(Ticket.status))
    return {status.value: count for status, count in rows}
