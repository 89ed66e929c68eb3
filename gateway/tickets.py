"""Tickets: opened once, with a reference, two clocks and a promise of a confirmation, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway import citizens, clocks, outbox, references
from gateway.county import the_county, working_hours
from gateway.errors import ReferenceTaken
from menus import notices
from menus.intents import OpenTicket
from models import Category, Channel, EventKind, Ticket, TicketEvent, Ward

CONFIRMATION_LIVES = timedelta(hours=24)  # an older one only confuses


@dataclass(frozen=True)
class Dialogue:
    """Who speaks, how, and the reference and submission id drawn when the dialogue began."""

    phone: str
    language: str
    channel: Channel
    reference: str
    submission: UUID
    service_code: str  # what the citizen dials to follow the case


def open_ticket(db: Session, wish: OpenTicket, dialogue: Dialogue, now: datetime) -> Ticket:
    """Opens the case of a dialogue and promises its confirmation.

    The same submission again gives the same ticket and does nothing. Raises `ReferenceTaken`, with no ticket written,
    when another submission has this reference: the caller draws a new one.
    """
    known = db.scalars(select(Ticket).where(Ticket.submission == dialogue.submission)).one_or_none()
    if known is not None:
        return known
    citizens.remember(db, dialogue.phone, now, ward_code=wish.ward)
    ticket = _new_ticket(db, wish, dialogue, now)
    try:
        with db.begin_nested():
            db.add(ticket)
    except IntegrityError as error:
        if not _is_taken(error):
            raise  # another reference would not mend it
        raise ReferenceTaken(dialogue.reference) from error
    db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.OPENED, at=now))
    _promise_confirmation(db, ticket, dialogue, now)
    return ticket


def _is_taken(error: IntegrityError) -> bool:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) == "uq_ticket_reference"


def _new_ticket(db: Session, wish: OpenTicket, dialogue: Dialogue, now: datetime) -> Ticket:
    category = db.get_one(Category, wish.category)
    hours = working_hours(db, now)
    return Ticket(
        reference=dialogue.reference,
        submission=dialogue.submission,
        kind=category.kind,
        channel=dialogue.channel,
        category_code=category.code,
        department_code=category.department_code,
        ward_code=wish.ward,
        project_code=wish.project,
        phone=dialogue.phone,
        hides_phone=wish.hides_phone,
        is_urgent=category.urgent,
        is_sensitive=category.sensitive,
        language=dialogue.language,
        words=wish.words,
        opened_at=now,
        answer_due_at=clocks.due(now, category.answer_hours, hours),
        resolve_due_at=clocks.due(now, category.resolve_hours, hours),
    )


def _promise_confirmation(db: Session, ticket: Ticket, dialogue: Dialogue, now: datetime) -> None:
    category = db.get_one(Category, ticket.category_code)
    due = ticket.answer_due_at.astimezone(ZoneInfo(the_county(db).timezone)).date()
    about = (
        () if ticket.is_sensitive else (category.label.get(ticket.language, category.label["en"]), *_place(db, ticket))
    )
    body = notices.confirmation(
        ticket.language,
        references.printed(ticket.reference),
        due,
        about=about,
        is_sample=category.clocks_are_sample,
        code=dialogue.service_code,
    )
    promise = outbox.Promise(f"ack:ticket:{ticket.id}", "confirmation", ticket.phone, body, ticket.id)
    outbox.promise(db, promise, now, lives=CONFIRMATION_LIVES)


def _place(db: Session, ticket: Ticket) -> tuple[str, ...]:
    ward = db.get(Ward, ticket.ward_code) if ticket.ward_code else None
    return (ward.name,) if ward else ()
