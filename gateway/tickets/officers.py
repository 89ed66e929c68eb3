"""Department officers who don't live in the console: they get a case by SMS, at their registered number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.outbox import outbox
from gateway.tickets import references
from menus import officers as words
from models import Role, Staff, Ticket, TicketEvent

OFFICER = "officer"  # the kind of message


def tell(db: Session, ticket: Ticket, event: TicketEvent) -> None:
    """Sends a case to the officers of its department: reference, ward, what; of a sensitive one the reference alone."""
    db.flush()
    for officer in _of(db, ticket.department_code):
        body = words.case(officer.language, references.printed(ticket.reference), _about(ticket, officer.language))
        key = f"officer:event:{event.id}:{officer.name}"
        outbox.promise(db, outbox.Promise(key, OFFICER, officer.phone or "", body, ticket.id), event.at)


def _of(db: Session, department: str) -> list[Staff]:
    wanted = select(Staff).where(Staff.role == Role.OFFICER, Staff.department_code == department)
    return list(db.scalars(wanted.where(Staff.phone.is_not(None), Staff.disabled_at.is_(None)).order_by(Staff.name)))


def _about(ticket: Ticket, language: str) -> tuple[str, ...]:
    if ticket.is_sensitive:
        return ()
    label = ticket.category.label.get(language) or ticket.category.label["en"]
    return (label, *((ticket.ward.name,) if ticket.ward else ()), ticket.words)
