"""SMS from citizens: kept the moment they come, handled right after, tried again while they can't be.

What is kept is `received`; handling it and its traces are one savepoint, so a fault in a rule leaves the citizen's
words as they came, and the clock tries again after growing pauses without holding up the others.
"""

from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import phones, queue
from gateway.carriers import Incoming
from gateway.citizens import citizens, restraint
from gateway.county.county_book import the_county
from gateway.dialogues.texts import Text, Understood
from gateway.dialogues.understanding import understand
from gateway.literals import spelt_out
from gateway.settings import Settings
from menus import keywords
from menus.language import guessed
from models import Base, Citizen, Direction, Message, State, Ticket

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)

log = structlog.get_logger()

_IS_RECEIVED = Message.state == spelt_out(State.RECEIVED)
_MESSAGE = Base.metadata.tables["message"]
_KEEP = (
    insert(_MESSAGE)
    .on_conflict_do_nothing(index_elements=[_MESSAGE.c.carrier_id], index_where=text("direction = 'in'"))
    .returning(_MESSAGE.c.id)
)


def keep(db: Session, incoming: Incoming, now: datetime) -> None:
    """Keeps an SMS, once however often the carrier delivers it, and rings for its handling."""
    row = {
        "direction": Direction.IN,
        "state": State.RECEIVED,
        "state_at": now,
        "created_at": now,
        "kind": "sms",
        "phone": incoming.phone,
        "body": incoming.text,
        "carrier_id": incoming.carrier_id or _made_id(incoming, now),
        "details": {"to": incoming.to, **incoming.details},
    }
    if db.execute(_KEEP, row).one_or_none():
        queue.nudge_handling(db)


def handle_next(db: Session, settings: Settings, now: datetime) -> bool:
    """Handles the oldest SMS that is due; gives whether there was one. Two processes never take the same one."""
    due = select(Message).where(_IS_RECEIVED)
    due = due.where(or_(Message.not_before.is_(None), Message.not_before <= now))
    message = db.scalars(due.order_by(Message.id).limit(1).with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return False
    message_id, attempt_no = message.id, message.attempt_no + 1
    try:
        with db.begin_nested():
            handle(db, message, settings, now)
    except Exception as error:
        log.error("sms not handled", message=message_id, attempt=attempt_no, error=error)
        message.attempt_no = attempt_no
        message.not_before = now + min(FIRST_PAUSE * 2 ** min(attempt_no - 1, 10), LONGEST_PAUSE)
    return True


def handle(db: Session, message: Message, settings: Settings, now: datetime) -> None:
    """Understands one SMS and does what it asks for; raises whatever a rule raises.

    One that no citizen of ours wrote (a short or alphanumeric sender, another short code's) is kept and nothing more.
    """
    if not phones.is_number(message.phone):
        understood = Understood("ignored")
    elif (message.details or {}).get("to") not in ("", None, settings.sender_id, the_county(db).line):
        understood = Understood("misdirected")
    else:
        understood = understand(db, _text(db, message, settings, now))
    message.kind = understood.kind
    message.ticket_id = understood.ticket_id
    message.campaign_id = understood.campaign_id
    message.state = State.HANDLED
    message.state_at = now


def _text(db: Session, message: Message, settings: Settings, now: datetime) -> Text:
    """Gives the SMS as the rules see it. The citizen's row is locked: of one phone, one SMS is handled at a time."""
    citizens.remember(db, message.phone, now)
    citizen = db.scalars(select(Citizen).where(Citizen.phone == message.phone).with_for_update()).one()
    return Text(
        message_id=message.id,
        phone=message.phone,
        words=message.body,
        chosen=citizen.language,
        language=citizen.language or _language_of(message.body) or _language_of_old(db, message.phone),
        service_code=settings.service_code,
        is_answered=restraint.may_answer(db, message, now),
        received_at=message.created_at,
        now=now,
    )


def _language_of(words: str) -> str | None:
    """Gives the language that words are in, or else the keyword they begin with; None where neither shows it."""
    match = keywords.match(words)
    return guessed(words) or (match.language if match else None)


def _language_of_old(db: Session, phone: str) -> str:
    """Gives the language of a phone's newest case, over or not, or else the county's first."""
    newest = select(Ticket.language).where(Ticket.phone == phone).order_by(Ticket.id.desc()).limit(1)
    return db.scalar(newest) or the_county(db).languages[0]


def _made_id(incoming: Incoming, now: datetime) -> str:
    """Makes an id of phone, words and minute, where the carrier gives none: its repeats say the same."""
    minute = f"{incoming.sent_at or now:%Y-%m-%dT%H:%M}"
    return "made:" + sha256("\0".join((incoming.phone, incoming.text, minute)).encode()).hexdigest()
