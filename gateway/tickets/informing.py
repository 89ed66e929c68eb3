"""Who hears of a ticket, and how: its citizen by SMS in their language, and those whose cases were merged into it.

An SMS is promised in the transaction of what it tells of. A caller who gave no Kenyan mobile hears nothing by SMS, and
a phone that reported the same twice hears it once. What reaches nobody is no answer: where no SMS goes, a call is one.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import phones
from gateway.county import county_time
from gateway.outbox import outbox
from gateway.tickets import references
from gateway.tickets.moves import Tells
from menus import answers
from menus.answers import About
from menus.county import in_language
from models import LIVE_STATUSES, EventKind, Ticket, TicketEvent

REPLY, STATUS = "reply", "status"  # kinds of messages: a person wrote it, or a move of the case calls for it


def answer(db: Session, ticket: Ticket, event: TicketEvent, now: datetime) -> bool:
    """Sends an answer, which `event` holds, to all who are told of this ticket; it stops the first clock.

    Gives whether there is anybody: with none it stands on the timeline, and the clock goes on.
    """
    db.add(event)
    is_heard = _send(db, ticket, event, answers.answered, words=event.body or "")
    if is_heard:
        _stop_first_clock(ticket, now)
    return is_heard


def answer_by_call(db: Session, ticket: Ticket, now: datetime) -> None:
    """Takes a call for the answer to an open case that no SMS can answer."""
    if ticket.status in LIVE_STATUSES and not reaches(db, ticket):
        _stop_first_clock(ticket, now)


def reaches(db: Session, ticket: Ticket) -> bool:
    """Whether anybody hears of this ticket by SMS."""
    return next(told(db, ticket), None) is not None


def _stop_first_clock(ticket: Ticket, now: datetime) -> None:
    ticket.answered_at = ticket.answered_at or now
    ticket.next_due_at = ticket.resolve_due_at if ticket.next_due_at else None


def tell(db: Session, ticket: Ticket, tells: Tells, moved: TicketEvent, *, words: str = "") -> None:
    """Tells all who are told of this ticket of a move; with words, these are an answer that they find again later."""
    event = moved
    if words:
        event = TicketEvent(ticket_id=ticket.id, kind=EventKind.ANSWERED, at=moved.at, actor=moved.actor, body=words)
        db.add(event)
    _send(db, ticket, event, tells, words=words)


def told(db: Session, ticket: Ticket) -> Iterator[Ticket]:
    """Gives the tickets whose citizens hear of this one by SMS, itself first, each Kenyan mobile once."""
    heard = set()
    merged = select(Ticket).where(Ticket.merged_into_id == ticket.id).order_by(Ticket.id)
    for each in (ticket, *db.scalars(merged)):
        if each.phone is not None and phones.is_kenyan_mobile(each.phone) and each.phone not in heard:
            heard.add(each.phone)
            yield each


def _send(db: Session, ticket: Ticket, event: TicketEvent, tells: Tells, *, words: str) -> bool:
    """Promises the SMS; gives whether anybody gets it."""
    db.flush()  # the event needs its id: it is the key of what is sent
    kind, is_heard = REPLY if words else STATUS, False
    for each in told(db, ticket):
        is_heard = True
        body = tells(each.language, about(db, each, ticket, words))
        key = f"{kind}:event:{event.id}" if each is ticket else f"{kind}:event:{event.id}:{each.id}"
        assert each.phone is not None  # noqa: S101 - told() gives only those that have one
        message = outbox.promise(db, outbox.Promise(key, kind, each.phone, body, each.id), event.at)
        if each is ticket:
            event.message_id = message
    return is_heard


def about(db: Session, citizens: Ticket, ticket: Ticket, words: str) -> About:
    """Gives what the citizen of a case may read of `ticket`, which is theirs or the one theirs was merged into.

    A sensitive case names no department: phones are shared.
    """
    is_hidden = citizens.is_sensitive or ticket.is_sensitive
    zone = county_time.zone(db)
    return About(
        reference=references.printed(citizens.reference),
        words=words,
        department="" if is_hidden else in_language(ticket.department.label, citizens.language),
        due=ticket.answer_due_at.astimezone(zone).date(),
        is_sample=ticket.category.clocks_are_sample,
    )
