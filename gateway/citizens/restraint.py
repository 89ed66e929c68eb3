"""Restraint: two machines that answer each other would never end, and a guesser would never tire.

The limits are per phone and count what stands in the tables of messages, tickets and sessions, so that they hold for
every process at once.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from gateway.phones import is_kenyan_mobile
from models import Base, Channel, Direction, Message, Ticket

MOST_ANSWERS = 10  # automatic answers, in an hour
MOST_CASES = 10  # opened by SMS, in an hour
MOST_SCREENS = 60  # screens by USSD, in a minute: far more than anybody reads
MOST_ALIKE = 20  # identical texts, in five minutes
MOST_MISSES = 5  # look-ups of a reference that is not the phone's own, in an hour
ANSWER, ADDED, QUESTION, CONFIRMATION = "answer", "added", "question", "confirmation"
AUTOMATIC = (ANSWER, ADDED, QUESTION, CONFIRMATION)  # the kinds of messages that no person wrote
MISSED = "status_missed"

_SESSION, _HOP = Base.metadata.tables["ussd_session"], Base.metadata.tables["ussd_hop"]


def may_answer(db: Session, message: Message, now: datetime) -> bool:
    """Whether an incoming message may be answered: a Kenyan mobile, no loop, not too often. In doubt it may not."""
    if not is_kenyan_mobile(message.phone) or is_repeated(db, message):
        return False
    answers = (Message.direction == Direction.OUT, Message.kind.in_(AUTOMATIC))
    return _count(db, message.phone, now - timedelta(hours=1), *answers) < MOST_ANSWERS


def is_repeated(db: Session, message: Message) -> bool:
    """Whether this text came from this phone 20 times in the five minutes before it."""
    since = message.created_at - timedelta(minutes=5)
    alike = (Message.direction == Direction.IN, Message.body == message.body, Message.id < message.id)
    return _count(db, message.phone, since, *alike) >= MOST_ALIKE


def may_look_up(db: Session, phone: str, now: datetime) -> bool:
    """Whether this phone may look up a reference; after too many that were not its own, every one is "not found"."""
    return _count(db, phone, now - timedelta(hours=1), Message.kind == MISSED) < MOST_MISSES


def may_open(db: Session, phone: str, now: datetime) -> bool:
    """Whether this phone may open one more case by SMS; a flood of nonsense must not bury those of others."""
    opened = select(func.count()).where(Ticket.phone == phone, Ticket.channel == Channel.SMS)
    return (db.scalar(opened.where(Ticket.opened_at > now - timedelta(hours=1))) or 0) < MOST_CASES


def screens_shown(phone: ColumnElement[str], now: ColumnElement[datetime], longest: timedelta) -> ScalarSelect[int]:
    """Gives how many screens a phone was shown by USSD in the last minute, to be asked for within a statement.

    `longest` is how long a session lasts at most. From `MOST_SCREENS` on a phone is shown no more; some at the same
    moment may slip through together.
    """
    since = now - timedelta(minutes=1)
    shown = select(func.count()).select_from(_SESSION).join(_HOP, _HOP.c.session_id == _SESSION.c.id)
    mine = _SESSION.c.phone == phone, _SESSION.c.started_at > since - longest, _SESSION.c.last_at > since
    return shown.where(*mine, _HOP.c.at > since).scalar_subquery()


def _count(db: Session, phone: str, since: datetime, *wanted: ColumnElement[bool]) -> int:
    rows = select(func.count()).where(Message.phone == phone, Message.created_at > since, *wanted)
    return db.scalar(rows) or 0
