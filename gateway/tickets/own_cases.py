"""What a citizen reads of their own case beside how it stands: what was answered, what is asked, if they may judge.

A case that was merged into another is answered there. What was answered there before was for somebody else.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, object_session

from models import EventKind, Status, Ticket, TicketEvent, Verdict

CONTESTABLE_FOR = timedelta(days=90)  # after it was resolved
TAKEN_BACK_WITHIN = timedelta(hours=24)  # a wrong key closes a case; later it is a new matter


def may_judge(ticket: Ticket, now: datetime) -> bool:
    """Whether the citizen may still say if it is fixed: of what was resolved, and for a day of what they said is."""
    judged = ticket.lead
    if judged.status not in (Status.RESOLVED, Status.CLOSED) or judged.resolved_at is None:
        return False
    if judged.verdict is None:
        return judged.resolved_at > now - CONTESTABLE_FOR
    said_at = said_fixed_at(ticket)
    return said_at is not None and said_at > now - TAKEN_BACK_WITHIN


def said_fixed_at(ticket: Ticket) -> datetime | None:
    """Gives when this citizen, and nobody whose case was joined to it, had the last word: that it is fixed.

    It is read from the timeline: the clock may have closed the case long before.
    """
    judged, db = ticket.lead, object_session(ticket)
    if judged.verdict is not Verdict.FIXED or db is None:
        return None
    case = func.replace(TicketEvent.details["case"].astext, "-", "")  # the own one, where another was judged by it
    said = select(TicketEvent.at, Ticket.phone).join(Ticket, Ticket.reference == func.coalesce(case, judged.reference))
    said = said.where(TicketEvent.ticket_id == judged.id, TicketEvent.kind == EventKind.CONFIRMED)
    last = db.execute(said.order_by(TicketEvent.id.desc()).limit(1)).one_or_none()
    return last.at if last and last.phone == ticket.phone else None


def last_answer(db: Session, ticket: Ticket) -> str | None:
    """Gives the last answer to a citizen's case, if there is one."""
    return db.scalar(_answers(ticket).order_by(TicketEvent.id.desc()).limit(1))


def waits(db: Session, ticket: Ticket) -> bool:
    """Whether a case waits for this citizen: one that was joined to it since was asked nothing."""
    lead = ticket.lead
    return lead.status is Status.WAITING_CITIZEN and (lead is ticket or question(db, ticket) is not None)


def question(db: Session, ticket: Ticket) -> str | None:
    """Gives what staff asked when they let the case wait for the citizen."""
    asked = (
        select(func.max(TicketEvent.id))
        .where(TicketEvent.ticket_id == ticket.lead.id, TicketEvent.kind == EventKind.MOVED)
        .where(TicketEvent.details["to"].astext == Status.WAITING_CITIZEN)
        .scalar_subquery()
    )
    return db.scalar(_answers(ticket).where(TicketEvent.id > asked).order_by(TicketEvent.id).limit(1))


def _answers(ticket: Ticket) -> Select[str | None]:
    merged = (
        select(func.coalesce(func.max(TicketEvent.id), 0))
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MERGED)
        .scalar_subquery()
    )
    told_since = and_(TicketEvent.ticket_id == ticket.lead.id, TicketEvent.id > merged)
    own = TicketEvent.ticket_id == ticket.id
    answers = select(TicketEvent.body).where(TicketEvent.kind == EventKind.ANSWERED)
    return answers.where(or_(own, told_since))
