"""What tests of the desk's rules begin with: members of staff, cases of citizens, and what staff do to them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from gateway import references, tickets
from gateway.casework import Deed
from gateway.tickets import Dialogue
from menus.intents import OpenTicket
from models import Channel, Role, Staff, Ticket
from tests.grounds import NOW, PHONE


def member(db: Session, name: str = "asha", role: Role = Role.AGENT, **more: Any) -> Staff:
    """An account that nobody can sign in to."""
    made = Staff(name=name, role=role, created_at=NOW, password_hash="none", **more)
    db.add(made)
    db.flush()
    return made


def case(
    db: Session,
    category: str = "water",
    *,
    words: str = "No water at the tap",
    ward: str | None = "756",
    phone: str = PHONE,
    at: datetime = NOW,
    **more: Any,
) -> Ticket:
    """A citizen's case as it comes in, with `more` of its columns set afterwards."""
    talk = Dialogue(phone, "en", Channel.USSD, references.draw(), uuid4(), "*1548#")
    ticket = db.get_one(Ticket, tickets.open_ticket(db, OpenTicket(category, words, ward=ward), talk, at))
    for name, value in more.items():
        setattr(ticket, name, value)
    db.flush()
    return ticket


def deed(staff: Staff, ticket: Ticket, at: datetime = NOW) -> Deed:
    """A press of a button on a ticket as it stands."""
    return Deed(staff, ticket.reference, ticket.version, uuid4(), at)
