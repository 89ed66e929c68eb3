"""Desks without the console around them: staff, the cases they find there, and what they do to them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.tickets import casework, references, tickets
from gateway.tickets.casework import Deed
from gateway.tickets.tickets import Dialogue
from menus.intents import OpenTicket
from models import Channel, Message, Role, Staff, Status, Ticket, TicketEvent
from tests.grounds import NOW, PHONE

LINE = "*1548#"


def hire(db: Session, name: str = "jane", role: Role = Role.AGENT, **more: Any) -> Staff:
    """Adds a member of staff who never signs in."""
    staff = Staff(name=name, role=role, password_hash="none", created_at=NOW, **more)
    db.add(staff)
    db.flush()
    return staff


def report(
    db: Session, words: str = "No water at the tap", phone: str = PHONE, at: datetime = NOW, **more: Any
) -> Ticket:
    """Has a citizen report a problem by USSD in English, about water in Kapsabet unless told otherwise."""
    language = more.pop("language", "en")
    wish = OpenTicket(**{"category": "water", "words": words, "ward": "772", **more})
    dialogue = Dialogue(phone, language, Channel.USSD, references.draw(), uuid4(), LINE)
    return db.get_one(Ticket, tickets.open_ticket(db, wish, dialogue, at))


def case(db: Session, category: str = "water", **more: Any) -> Ticket:
    """Has a citizen report a problem, and gives its ticket with some of its columns as told."""
    said = {name: more.pop(name) for name in ("words", "phone", "at", "ward") if name in more}
    ticket = report(db, category=category, **said)
    for name, value in more.items():
        setattr(ticket, name, value)
    db.flush()
    return ticket


def deed(ticket: Ticket, staff: Staff, now: datetime = NOW) -> Deed:
    """One press of a button under a ticket as it stands."""
    return Deed(staff, ticket.reference, ticket.version, uuid4(), now)


@dataclass
class Desk:
    """One member of staff at work. The clock stands still unless a test moves it."""

    db: Session
    staff: Staff
    now: datetime = NOW

    def deed(self, ticket: Ticket, *, press: UUID | None = None, version: int | None = None) -> Deed:
        """A press of a button on a ticket as it stands now, or as it stood at `version`."""
        return Deed(self.staff, ticket.reference, version or ticket.version, press or uuid4(), self.now)

    def moves(self, ticket: Ticket, to: Status, words: str = "") -> None:
        """Moves a ticket."""
        casework.move(self.db, self.deed(ticket), to, words)
        self.db.flush()

    def answers(self, ticket: Ticket, words: str) -> None:
        """Answers a ticket."""
        casework.answer(self.db, self.deed(ticket), words)
        self.db.flush()

    def of(self, staff: Staff) -> "Desk":
        """Somebody else's desk at the same time."""
        return replace(self, staff=staff)

    def waits(self, **time: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**time)


def texts(db: Session, phone: str = PHONE) -> list[str]:
    """The SMS that a phone was promised, oldest first, but for the confirmations of new cases."""
    wanted = select(Message.body).where(Message.phone == phone, Message.kind != "confirmation")
    return list(db.scalars(wanted.order_by(Message.id)))


def promised(db: Session, phone: str, *kinds: str) -> list[str]:
    """The answers and news that a phone was promised, with `<its case>` for the reference of whichever they are of."""
    sent = select(Message).where(Message.phone == phone, Message.kind.in_(kinds or ("reply", "status")))
    return [
        message.body.replace(references.printed(db.get_one(Ticket, message.ticket_id).reference), "<its case>")
        for message in db.scalars(sent.order_by(Message.id))
    ]


def timeline(db: Session, ticket: Ticket) -> list[str]:
    """What happened to a ticket, in the words of its events."""
    wanted = select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    return [kind.value for kind in db.scalars(wanted)]
