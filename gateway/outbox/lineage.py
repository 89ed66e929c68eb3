"""Whether this database is the one this host has been sending from, and remembers all that was sent.

After a restore from a backup the messages that went out since are queued again, and would be sent twice. So each host
remembers, outside the database, its token and the newest attempt it has seen. A database that lacks either may not
send: its lanes stop until an operator reconciles it, which gives it a new token. A host whose token is in the
database's history learns the new one by itself.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gateway import database, disk
from gateway.outbox import lanes
from gateway.settings import Settings
from models import Attempt, Lane, LaneName, Lineage

LOCK = 15484  # one process judges at a time
FORGOT = "restored from a backup? what was sent is forgotten"
STRANGE = "restored from a backup? this host knows another database"
NEW_HOST = "restored from a backup? this host never sent from this database"
_NEVER = "none"  # a token no database has


@dataclass(frozen=True)
class Memory:
    """What a host remembers of the database: its token, and the newest attempt that was ever seen in it."""

    token: str
    newest: int


def agrees(settings: Settings, now: datetime) -> bool:
    """Compares the database with what this host remembers, and remembers what is new.

    Gives whether it may send; where not, stops both lanes with the reason. On a fresh host with a database that has
    never sent, a lineage begins. Every worker asks before it claims.
    """
    copy = _copy(settings)
    with database.transaction() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = _found(db)
        remembered = _read(copy)  # after the database: another process may have begun, and sent, while this one waited
        fault = _fault(db, remembered, found)
        if fault:
            for lane in LaneName:
                lanes.stop(db, lane, fault)
            return False
        found = found or begin_anew(db, now)
    if found != remembered:
        _keep(copy, found)
    return True


def is_held(db: Session) -> bool:
    """Whether the lanes were stopped because this database may have forgotten what was sent."""
    stopped = select(Lane.name).where(Lane.is_open.is_(False), Lane.until.is_(None))
    return db.scalar(stopped.where(Lane.reason.in_([FORGOT, STRANGE, NEW_HOST])).limit(1)) is not None


def begin_anew(db: Session, now: datetime) -> Memory:
    """Gives the database a new token; what comes back is for `remember`, once it is committed."""
    token = secrets.token_hex(16)
    db.add(Lineage(token=token, kept_at=now))
    return Memory(token, _newest_attempt(db))


def recall(settings: Settings) -> Memory | None:
    """Gives what this host remembers; None before it has met a database."""
    return _read(_copy(settings))


def remember(settings: Settings, found: Memory) -> None:
    """Makes this host remember a database."""
    _keep(_copy(settings), found)


def distrust(settings: Settings) -> None:
    """Makes this host send from no database until an operator reconciles it: one was restored."""
    _keep(_copy(settings), Memory(_NEVER, 0))


def _found(db: Session) -> Memory | None:
    token = db.scalar(select(Lineage.token).order_by(Lineage.id.desc()).limit(1))
    return None if token is None else Memory(token, _newest_attempt(db))


def _newest_attempt(db: Session) -> int:
    return db.scalar(select(func.max(Attempt.id))) or 0


def _fault(db: Session, remembered: Memory | None, found: Memory | None) -> str | None:
    if remembered is None:
        return NEW_HOST if found and found.newest else None
    if found is None:
        return STRANGE
    if remembered.token == found.token:
        return FORGOT if found.newest < remembered.newest else None
    is_older = db.scalar(select(Lineage.id).where(Lineage.token == remembered.token))
    return None if is_older else STRANGE


def _copy(settings: Settings) -> Path:
    return settings.var_dir / "lineage"


def _read(copy: Path) -> Memory | None:
    try:
        kept: Mapping[str, object] = json.loads(copy.read_text())
        return Memory(str(kept["token"]), int(str(kept["newest"])))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Memory(_NEVER, 0)


def _keep(copy: Path, memory: Memory) -> None:
    disk.write_through(copy, json.dumps(asdict(memory)))
