"""An agent's desk without the console around it: staff, and what they do to a ticket as their screens show it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import casework, references, tickets
from gateway.casework import Deed
from gateway.tickets import Dialogue
from menus.intents import OpenTicket
from models import Channel, Message, Role, Staff, Status, Ticket, TicketEvent
from tests.grounds import NOW, PHONE


def hire(db: Session, name: str, role: Role = Role.AGENT, **more: Any) -> Staff:
    """Adds a member of staff who never signs in."""
    staff = Staff(name=name, role=role, password_hash="none", created_at=NOW, **more)
    db.add(staff)
    db.flush()
    return staff


def report(db: Session, phone: str = PHONE, now: datetime = NOW, *, language: str = "en", **more: Any) -> Ticket:
    """Has a citizen report a problem, without water in Kapsabet unless told otherwise."""
    wish = OpenTicket(**{"category": "water", "words": "No water at the tap since Monday", "ward": "772", **more})
    dialogue = Dialogue(phone, language, Channel.USSD, references.draw(), uuid4(), "*1548#")
    ticket = db.get_one(Ticket, tickets.open_ticket(db, wish, dialogue, now))
    db.flush()
    return ticket


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


def timeline(db: Session, ticket: Ticket) -> list[str]:
    """What happened to a ticket, in the words of its events."""
    wanted = select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    return [kind.value for kind in db.scalars(wanted)]
