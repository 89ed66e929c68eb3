"""Department officers who don't live in the console: they get a case by SMS, at their registered number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.outbox import outbox
from gateway.tickets import references
from menus import officers as words
from menus.county import in_language
from models import Role, Staff, Ticket, TicketEvent

OFFICER = "officer"  # the kind of message


def tell(db: Session, ticket: Ticket, event: TicketEvent, *, note: str = "") -> None:
    """Sends a case to the officers of its department: reference, ward, what; of a sensitive one the reference alone.

    With a note for them it comes first, and the citizen's words stand in quotation marks: what is too long is cut.
    """
    db.flush()
    said = () if ticket.is_sensitive else _said(ticket, note)
    for officer in _of(db, ticket.department_code):
        known = (*about(ticket, officer.language), *said)
        body = words.case(officer.language, references.printed(ticket.reference), known)
        key = f"officer:event:{event.id}:{officer.name}"
        outbox.promise(db, outbox.Promise(key, OFFICER, officer.phone or "", body, ticket.id), event.at)


def _of(db: Session, department: str) -> list[Staff]:
    wanted = select(Staff).where(Staff.role == Role.OFFICER, Staff.department_code == department)
    return list(db.scalars(wanted.where(Staff.phone.is_not(None), Staff.disabled_at.is_(None)).order_by(Staff.name)))


def _said(ticket: Ticket, note: str) -> tuple[str, ...]:
    return (" ".join(note.split()), f'"{ticket.words}"') if note else (ticket.words,)


def about(ticket: Ticket, language: str) -> tuple[str, ...]:
    """Gives what a case is about and where; nothing of a sensitive one."""
    if ticket.is_sensitive:
        return ()
    label = in_language(ticket.category.label, language)
    return (label, *((ticket.ward.name,) if ticket.ward else ()))
