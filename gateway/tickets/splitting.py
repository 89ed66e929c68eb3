"""Splitting: a citizen wrote of two matters, and each becomes a case of its own, with its own answer."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from gateway.tickets import casework, filing, tickets
from gateway.tickets.casework import Deed
from models import EventKind, Ticket, TicketEvent


@dataclass(frozen=True)
class Part:
    """What is split off: where it belongs, and which of the citizen's words, as staff chose them."""

    category: str
    ward: str | None
    words: str
    service_code: str  # what the citizen dials to follow the case


def split(db: Session, deed: Deed, wish: Part) -> Ticket | None:
    """Opens a second ticket out of the one of a deed; gives it, or None where this very press did so before.

    Same citizen, linked to the first; its clocks start now, and one SMS confirms it. Raises `Refused` without words,
    and for a category or ward that is not the county's.
    """
    words = casework.checked(wish.words, casework.LONGEST_NOTE)
    category = filing.known_category(db, wish.category)
    filing.check_ward(db, wish.ward)
    origin = casework.begin(db, deed)
    if origin is None:
        return None
    ticket = Ticket(
        submission=uuid4(),
        channel=origin.channel,
        ward_code=wish.ward,
        linked_id=origin.id,
        phone=origin.phone,
        on_behalf_of=origin.on_behalf_of,
        hides_phone=origin.hides_phone,
        language=origin.language,
        words=words,
    )
    opened = TicketEvent(kind=EventKind.SPLIT, at=deed.now, actor=deed.staff.name)
    opened.details = {"out_of": origin.reference}
    tickets.open_for(db, ticket, category, opened, wish.service_code)
    db.add(casework.line(deed, origin, EventKind.SPLIT, into=ticket.reference))
    return ticket
