"""Staff at their desks, and the tickets they find there: what the tests of cases begin with."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import references, tickets
from gateway.casework import Deed
from gateway.tickets import Dialogue
from menus.intents import OpenTicket
from models import Channel, Message, Role, Staff, Ticket
from tests.grounds import NOW, PHONE

LINE = "*1548#"


def member(db: Session, name: str = "jane", role: Role = Role.AGENT, **more: Any) -> Staff:
    """A member of staff."""
    made = Staff(name=name, role=role, password_hash="-", created_at=NOW, **more)
    db.add(made)
    db.flush()
    return made


def reported(db: Session, words: str = "No water at the tap", phone: str = PHONE, **more: Any) -> Ticket:
    """A citizen's case, reported by USSD, in Terik unless told otherwise."""
    at = more.pop("at", NOW)
    language = more.pop("language", "en")
    wish = OpenTicket(**{"category": "water", "words": words, "ward": "756", **more})
    dialogue = Dialogue(phone, language, Channel.USSD, references.draw(), uuid4(), LINE)
    return db.get_one(Ticket, tickets.open_ticket(db, wish, dialogue, at))


def deed(ticket: Ticket, staff: Staff, now: datetime = NOW) -> Deed:
    """One press of a button under a ticket as it stands."""
    return Deed(staff, ticket.reference, ticket.version, uuid4(), now)


def texts(db: Session, phone: str, *kinds: str) -> list[str]:
    """What a phone was promised besides confirmations, oldest first, with no reference in it but `<its case>`."""
    sent = select(Message).where(Message.phone == phone, Message.kind.in_(kinds or ("reply", "status")))
    return [
        message.body.replace(references.printed(db.get_one(Ticket, message.ticket_id).reference), "<its case>")
        for message in db.scalars(sent.order_by(Message.id))
    ]
