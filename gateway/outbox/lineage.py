"""Whether this database is the one this host has been sending from, and remembers all that was sent.

After a restore from a backup, or where a copy that lags behind took over, the messages that went out since are queued
again, and would be sent twice. So each host remembers, outside the database, its token and the newest attempt it has
seen, its own before the carrier is asked. A database that lacks either may not send: its lanes stop until an operator
reconciles it, which gives it a new token. A host whose token is in the database's history learns the new one by itself.
"""

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, exists, func, select, text, true
from sqlalchemy.orm import Session

from gateway import database
from gateway.outbox import lanes, memory
from gateway.outbox.memory import Memory
from gateway.settings import Settings
from models import Attempt, Lane, LaneName, Lineage

LOCK = 15484  # one process judges at a time
FORGOT = "restored from a backup? what was sent is forgotten"
STRANGE = "restored from a backup? this host knows another database"
NEW_HOST = "restored from a backup? this host never sent from this database"


def agrees(settings: Settings, now: datetime) -> bool:
    """Compares the database with what this host remembers, and remembers what is new.

    Gives whether it may send; where not, stops both lanes with the reason. On a fresh host with a database that has
    never sent, a lineage begins. Every worker asks before it claims.
    """
    file = _file(settings)
    with database.transaction() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = seen(db)
        remembered = memory.read(file)  # after the database: another may have begun, and sent, while this one waited
        fault = _fault(db, remembered, found)
        if fault:
            for lane in LaneName:
                lanes.stop(db, lane, fault)
            return False
        found = found or begin_anew(db, now)
    if found != remembered:
        memory.advance(file, found, remembered.token if remembered else None)
    return True


def still_agrees(db: Session, settings: Settings) -> bool:
    """Whether the database of this transaction has what this host remembers: another may have taken over since."""
    remembered = recall(settings)
    if remembered is None:
        return False
    token = select(Lineage.token).order_by(Lineage.id.desc()).limit(1).scalar_subquery()
    known = select(token == remembered.token)
    return bool(db.scalar(known.where(exists(_that_attempt(remembered))) if remembered.newest else known))


def seen(db: Session) -> Memory | None:
    """Gives what a host should remember of the database: `note` it once committed. None before a lineage began."""
    newest = select(Attempt.id, Attempt.started_at).order_by(Attempt.id.desc()).limit(1).subquery()
    latest = select(Lineage.token, func.coalesce(newest.c.id, 0), newest.c.started_at).outerjoin(newest, true())
    row = db.execute(latest.order_by(Lineage.id.desc()).limit(1)).one_or_none()
    return None if row is None else Memory(*row)


def note(settings: Settings, found: Memory) -> None:
    """Makes this host remember, before the carrier is asked, what it is about to be asked for. Raises `OSError`.

    It is on the disk when this comes back, at the price of some milliseconds: less than any carrier takes to answer.
    """
    memory.advance(_file(settings), found, found.token)


def is_held(db: Session) -> bool:
    """Whether the lanes were stopped because this database may have forgotten what was sent."""
    stopped = select(Lane.name).where(Lane.is_open.is_(False), Lane.until.is_(None))
    return db.scalar(stopped.where(Lane.reason.in_([FORGOT, STRANGE, NEW_HOST])).limit(1)) is not None


def begin_anew(db: Session, now: datetime) -> Memory:
    """Gives the database a new token; what comes back is for `remember`, once it is committed."""
    token = secrets.token_hex(16)
    db.add(Lineage(token=token, kept_at=now))
    db.flush()
    return seen(db) or Memory(token, 0)


def recall(settings: Settings) -> Memory | None:
    """Gives what this host remembers; None before it has met a database."""
    return memory.read(_file(settings))


def remember(settings: Settings, found: Memory) -> None:
    """Makes this host remember a database, whatever it remembered before."""
    memory.put(_file(settings), found)


def distrust(settings: Settings) -> None:
    """Makes this host send from no database until an operator reconciles it: one was restored."""
    memory.put(_file(settings), memory.NOTHING_TRUSTED)


def _fault(db: Session, remembered: Memory | None, found: Memory | None) -> str | None:
    if remembered is None:
        return NEW_HOST if found and found.newest else None
    if found is None:
        return STRANGE
    if remembered.token == found.token:
        return FORGOT if remembered.newest and db.scalar(_that_attempt(remembered)) is None else None
    is_older = db.scalar(select(Lineage.id).where(Lineage.token == remembered.token))
    return None if is_older else STRANGE


def _that_attempt(remembered: Memory) -> Select[int]:
    """Gives the query for the very attempt: after a loss its number may be another's, or lie below newer ones."""
    numbered = select(Attempt.id).where(Attempt.id == remembered.newest)
    return numbered.where(Attempt.started_at == remembered.started_at) if remembered.started_at else numbered


def _file(settings: Settings) -> Path:
    return settings.var_dir / "lineage"
