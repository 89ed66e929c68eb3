"""Tickets: opened once, with a reference, two clocks and a promise of a confirmation, in one transaction.

Citizens add to their own ones while these live: until they are closed or rejected, and for 90 days at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from gateway import phones
from gateway.citizens import citizens
from gateway.county import clocks, recognition
from gateway.county.county_book import Book, book
from gateway.errors import ReferenceTaken
from gateway.tickets import assignments, confirmations, merging, moves, own_cases, references, ticket_clocks
from menus.intents import AddToTicket, CompleteTicket, OpenTicket
from models import FINAL_STATUSES, Base, Category, Channel, EventKind, Status, Ticket, TicketEvent

LIFE = timedelta(days=90)  # after which nobody means an old case with a new word
_TICKET, _EVENT = Base.metadata.tables["ticket"], Base.metadata.tables["ticket_event"]
_PUT_DOWN = insert(_TICKET).on_conflict_do_nothing().returning(_TICKET.c.id)
_TELL = insert(_EVENT)


@dataclass(frozen=True)
class Dialogue:
    """Who speaks, how, and the reference and submission id drawn when the dialogue began."""

    phone: str
    language: str
    channel: Channel
    reference: str
    submission: UUID
    service_code: str  # what the citizen dials to follow the case
    confirms: bool = True  # not where something is still to be asked, nor to a phone that is answered no more
    message_id: int | None = None  # the SMS it came by
    said_at: datetime | None = None  # None: just now


def open_ticket(db: Session, wish: OpenTicket, dialogue: Dialogue, now: datetime) -> int:
    """Opens the case of a dialogue and promises its confirmation; gives the ticket's id.

    The same submission again gives the same ticket and does nothing. Raises `ReferenceTaken`, with no ticket written,
    when another submission has this reference: the caller draws a new one.
    """
    citizens.remember(db, dialogue.phone, now, ward_code=wish.ward)
    county = book(db)
    row = _row(db, county, wish=wish, dialogue=dialogue, now=now)
    number: int | None = db.execute(_PUT_DOWN, row).scalar_one_or_none()
    if number is None:
        return _put_down_before(db, dialogue)
    db.execute(_TELL, {"ticket_id": number, "kind": EventKind.OPENED, "at": now})
    if dialogue.confirms:
        written = Ticket(**row, id=number)  # as it stands in the database now; it is never added
        confirmations.confirm(db, county, written, dialogue.service_code, now)
    return number


def open_for(db: Session, ticket: Ticket, category: Category, opened: TicketEvent, service_code: str) -> None:
    """Opens a ticket that staff wrote down for a citizen: files it, draws its reference, confirms it to a mobile.

    `opened` is the first line of its timeline, without the ticket.
    """
    ticket.status, ticket.opened_at = Status.NEW, opened.at
    file_under(db, ticket, category)
    while True:
        ticket.reference = references.draw()
        try:
            _put_down(db, ticket)
        except ReferenceTaken:
            continue
        break
    opened.ticket_id = ticket.id
    db.add(opened)
    if ticket.phone is not None and phones.is_kenyan_mobile(ticket.phone):
        confirmations.confirm(db, book(db), ticket, service_code, opened.at)


def live(db: Session, phone: str, now: datetime) -> Sequence[Ticket]:
    """Gives the cases this phone may still add to, newest first. One that was merged lives as long as the other."""
    into = aliased(Ticket)
    own = select(Ticket).outerjoin(into, Ticket.merged_into_id == into.id)
    own = own.where(Ticket.phone == phone, func.coalesce(into.status, Ticket.status).not_in(FINAL_STATUSES))
    own = own.where(Ticket.opened_at > now - LIFE)
    return db.scalars(own.order_by(Ticket.id.desc())).all()


def add_words(db: Session, wish: AddToTicket, dialogue: Dialogue, now: datetime) -> None:
    """Adds what a citizen wrote to their own case; one that waited for them goes on.

    Of a case that was merged into another, staff read it there, with whose it is; it stays on the own one too, in case
    the two are parted again.
    """
    ticket = own(db, wish.reference, dialogue.phone)
    for each in dict.fromkeys((ticket, ticket.lead)):
        source = None if each is ticket else {"case": references.printed(ticket.reference)}
        line = TicketEvent(ticket_id=each.id, kind=EventKind.WROTE, at=now, body=wish.words, details=source)
        line.message_id = dialogue.message_id
        db.add(line)
    if own_cases.waits(db, ticket):
        ticket.lead.version += 1
        moves.put(db, ticket.lead, Status.OPEN, None, now)


def complete(db: Session, wish: CompleteTicket, phone: str, now: datetime) -> None:
    """Adds what was missing: a category brings its department and its clocks, counted from when the case was opened.

    Whoever has the case and can't work on it in its new department has it no more.
    """
    ticket = own(db, wish.reference, phone)
    before = ticket.department_code
    ticket.version += 1  # a form that shows what it was before would file it there again
    if wish.category:
        file_under(db, ticket, db.get_one(Category, wish.category))
        ticket.is_urgent = ticket.is_urgent or merging.speaks_for_urgent(db, ticket)
    if wish.ward:
        ticket.ward_code = wish.ward
        citizens.remember(db, phone, now, ward_code=wish.ward)
    chosen = {"category": wish.category, "ward": wish.ward}
    details = {name: code for name, code in chosen.items() if code}
    line = TicketEvent(ticket_id=ticket.id, kind=EventKind.MOVED, at=now, details=details)
    db.add(line)
    if wish.category:
        assignments.let_go(db, ticket, now)
        assignments.hand_on(db, ticket, line, before)


def file_under(db: Session, ticket: Ticket, category: Category) -> None:
    """Files a ticket under a category, which brings its department and its clocks, counted from when they began.

    One that becomes sensitive hides its citizen's number: nobody has asked whether it may be shown.
    """
    ticket.hides_phone = ticket.hides_phone or (category.sensitive and not ticket.is_sensitive)
    ticket.category = category
    ticket.kind = category.kind
    ticket.department_code = category.department_code
    ticket.is_urgent = recognition.is_urgent(
        db, ticket.words, of_urgent=category.urgent, of_sensitive=category.sensitive
    )
    ticket.is_sensitive = category.sensitive
    ticket_clocks.start_again(db, ticket)


def own(db: Session, reference: str, phone: str) -> Ticket:
    """Gives a case of this phone, locked, and locks the one it was merged into, the older one first, as merging does.

    Anybody else's is not found: that raises `NoResultFound`.
    """
    mine = select(Ticket.id, Ticket.merged_into_id).where(Ticket.reference == reference, Ticket.phone == phone)
    number, into = db.execute(mine).one()
    both = select(Ticket).where(Ticket.id.in_({number, into or number})).order_by(Ticket.id)
    db.scalars(both.with_for_update(key_share=True).execution_options(populate_existing=True)).all()
    return db.get_one(Ticket, number)


def locked(db: Session, ticket: Ticket) -> Ticket:
    """Gives a ticket locked, as it stands now: it may have changed since it was read."""
    wanted = select(Ticket).where(Ticket.id == ticket.id).with_for_update(key_share=True)
    return db.scalars(wanted.execution_options(populate_existing=True)).one()


def _put_down(db: Session, ticket: Ticket) -> None:
    try:
        with db.begin_nested():
            db.add(ticket)
    except IntegrityError as error:
        if not _is_taken(error):
            raise  # another reference would not mend it
        raise ReferenceTaken(ticket.reference) from error


def _is_taken(error: IntegrityError) -> bool:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) == "uq_ticket_reference"


def _put_down_before(db: Session, dialogue: Dialogue) -> int:
    known = db.scalar(select(Ticket.id).where(Ticket.submission == dialogue.submission))
    if known is None:
        raise ReferenceTaken(dialogue.reference)
    return known


def _row(db: Session, county: Book, *, wish: OpenTicket, dialogue: Dialogue, now: datetime) -> dict[str, Any]:
    category = county.categories[wish.category]
    answer_due = clocks.due(now, category.answer_hours, county.hours)
    return {
        "reference": dialogue.reference,
        "submission": dialogue.submission,
        "kind": category.kind,
        "channel": dialogue.channel,
        "category_code": wish.category,
        "department_code": category.department_code,
        "ward_code": wish.ward,
        "project_code": wish.project,
        "linked_id": _number_of(db, wish.linked_to) if wish.linked_to else None,
        "phone": dialogue.phone,
        "hides_phone": wish.hides_phone
        or (category.shown.is_sensitive and dialogue.channel is Channel.SMS),  # nobody could ask
        "is_urgent": recognition.is_urgent(
            db, wish.words, of_urgent=category.shown.is_urgent, of_sensitive=category.shown.is_sensitive
        ),
        "is_sensitive": category.shown.is_sensitive,
        "language": dialogue.language,
        "words": wish.words,
        "opened_at": now,
        "answer_due_at": answer_due,
        "resolve_due_at": clocks.due(now, category.resolve_hours, county.hours),
        "next_due_at": answer_due,
    }


def _number_of(db: Session, reference: str) -> int | None:
    return db.scalar(select(Ticket.id).where(Ticket.reference == reference))
