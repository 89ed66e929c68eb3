"""The audit log as it is read: newest first, narrowed, a page at a time; and whether its chain held when last verified.

To verify reads every entry, so it is done by the clock, once a day, and not by whoever looks. What it found is an entry
itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gateway.county.county_time import begins, ends, zone
from gateway.staff import audit
from models import AuditEntry

SHOWN = 50
VERIFIED = "log_verified"  # the audit log's word
CLOCK = "(clock)"  # the actor; no account's name has brackets
EVERY = timedelta(hours=24)


@dataclass(frozen=True)
class Filters:
    """What the log is narrowed by; an empty text and None narrow nothing."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and the id below which the next page begins; None at the end."""

    entries: Sequence[AuditEntry]
    below: int | None


@dataclass(frozen=True)
class Look:
    """What the last look at the whole chain found; without a fault it held."""

    at: datetime
    entries: int
    fault: str | None


def page(db: Session, filters: Filters, below: int | None = None) -> Page:
    """Gives a page of the log."""
    wanted = select(AuditEntry).where(*_conditions(db, filters)).order_by(AuditEntry.id.desc()).limit(SHOWN + 1)
    if below is not None:
        wanted = wanted.where(AuditEntry.id < below)
    found = db.scalars(wanted).all()
    shown = found[:SHOWN]
    return Page(shown, shown[-1].id if len(found) > SHOWN else None)


def last_look(db: Session) -> Look | None:
    """Gives what was found when the chain was last verified; None where it never was."""
    own = select(AuditEntry).where(AuditEntry.actor == CLOCK, AuditEntry.action == VERIFIED)
    entry = db.scalars(own.order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    return Look(entry.at, entry.details["entries"], entry.details["fault"]) if entry else None


def verify_if_due(db: Session, now: datetime) -> Look | None:
    """Verifies the chain and notes what was found; gives None where that was done less than a day ago."""
    known = last_look(db)
    if known is not None and known.at > now - EVERY:
        return None
    entries, fault = audit.verify(db)
    words = f"entry {fault.entry} {fault.words}" if fault else None
    audit.record(db, CLOCK, VERIFIED, "audit", now, entries=entries, fault=words)
    return Look(now, entries, words)


def _conditions(db: Session, filters: Filters) -> Sequence[ColumnElement[bool]]:
    equal: Mapping[ColumnElement[str], str] = {
        AuditEntry.actor.expression: filters.actor,
        AuditEntry.action.expression: filters.action,
        AuditEntry.subject.expression: filters.subject,
    }
    found = [column == value for column, value in equal.items() if value]
    if filters.first:
        found.append(AuditEntry.at >= begins(filters.first, zone(db)))
    if filters.last:
        found.append(AuditEntry.at < ends(filters.last, zone(db)))
    return found
