"""Chief officers: who hears by SMS of a case that nobody below them answered or resolved in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.county import county_time
from gateway.outbox import outbox
from gateway.tickets import officers, references
from menus import officers as words
from models import Role, Staff, Ticket


def tell(db: Session, ticket: Ticket, escalation: int, now: datetime) -> None:
    """Sends an overdue case to the chief officers of its department; without any, to the supervisors.

    Reference, what, where and since when; of a sensitive one the reference alone, and never the citizen's words.
    """
    if ticket.next_due_at is None:
        return
    since = ticket.next_due_at.astimezone(county_time.zone(db)).date()
    for chief in _of(db, ticket.department_code):
        body = words.overdue(
            chief.language, references.printed(ticket.reference), officers.about(ticket, chief.language), since
        )
        key = f"officer:escalation:{escalation}:{chief.name}"
        outbox.promise(db, outbox.Promise(key, officers.OFFICER, chief.phone or "", body, ticket.id), now)


def _of(db: Session, department: str) -> Sequence[Staff]:
    reachable = select(Staff).where(Staff.phone.is_not(None), Staff.disabled_at.is_(None)).order_by(Staff.name)
    own = reachable.where(Staff.is_chief, Staff.role == Role.OFFICER, Staff.department_code == department)
    return db.scalars(own).all() or db.scalars(reachable.where(Staff.role == Role.SUPERVISOR)).all()
