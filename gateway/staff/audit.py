"""The audit log: who did what that must be answered for, each entry chained to the one before by its hash.

The database refuses to change or delete an entry; whoever gets around that breaks the chain, and `verify` names where.
Entries never hold a phone number, a citizen's words or a secret.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import AuditEntry

# Actors without an account; no account's name has brackets.
NOBODY, OPERATOR, CLOCK, GATEWAY = "(nobody)", "(operator)", "(clock)", "(gateway)"
BEGINNING = "0" * 64  # the hash before the first entry
_LOCK = 15481  # one entry at a time, or two would follow the same one
DEEDS_LOCK = 15485  # with a number for actor and deed: one who asks how often they did something waits for the other
_BATCH = 1000


@dataclass(frozen=True)
class Fault:
    """The first entry at which the chain is broken, and how."""

    entry: int
    words: str


def record(db: Session, actor: str, action: str, subject: str, now: datetime, **details: Any) -> None:
    """Adds an entry in the transaction of the deed it tells of. Call it late: from here on other entries wait."""
    db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    newest = db.execute(select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    entry = AuditEntry(
        id=newest.id + 1 if newest else 1,
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        previous=newest.hash if newest else BEGINNING,
    )
    entry.hash = _hash(entry)
    db.add(entry)
    db.flush()


def verify(db: Session) -> tuple[int, Fault | None]:
    """Reads the whole chain; gives how many entries hold, and the first fault, None where there is none.

    Rows cut off at the end can't be seen from the rest: compare the count with one noted elsewhere.
    """
    count, previous = 0, BEGINNING
    for entry in _entries(db):
        if entry.id != count + 1:
            return count, Fault(count + 1, "is missing")
        if entry.previous != previous:
            return count, Fault(entry.id, "does not follow the entry before it")
        if entry.hash != _hash(entry):
            return count, Fault(entry.id, "was altered")
        count, previous = count + 1, entry.hash
    return count, None


def count(db: Session) -> int:
    """Gives the number of entries."""
    return db.scalar(select(func.count()).select_from(AuditEntry)) or 0


def deeds_since(db: Session, actor: str, action: str, since: datetime, *, most: int) -> int:
    """Gives how often somebody did something since a moment, counted up to `most`. One who asks waits for the other.

    A lock of this deed of theirs is held until the transaction ends: two at once must not both find room for one. It is
    not the actor's row: a file takes a minute to write, and all else that they do, or is done to them, goes on.
    """
    db.execute(select(func.pg_advisory_xact_lock(DEEDS_LOCK, func.hashtext(f"{actor} {action}"))))
    own = select(AuditEntry.at).where(AuditEntry.actor == actor, AuditEntry.action == action)
    newest = own.order_by(AuditEntry.id.desc()).limit(most)
    return sum(at > since for at in db.scalars(newest))


def _entries(db: Session) -> Iterator[AuditEntry]:
    return iter(db.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=_BATCH)))


def _hash(entry: AuditEntry) -> str:
    said = {
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous": entry.previous,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
