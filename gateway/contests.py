"""What the citizen says of a resolution: it is fixed, or it is not. Silence is neither.

"Not fixed" opens the case again, above others, for somebody else than the one who resolved it. One who reported the
same as others speaks for the case they were merged into.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import informing, moves, open_questions
from gateway.moves import Itself
from menus import answers
from models import EventKind, Status, Ticket, TicketEvent, Verdict

CONTESTABLE_FOR = timedelta(days=90)  # after it was resolved


def may_judge(ticket: Ticket, now: datetime) -> bool:
    """Whether the citizen may still say if it is fixed: of what was resolved, once said fixed no more."""
    judged = ticket.merged_into or ticket
    if judged.status not in (Status.RESOLVED, Status.CLOSED) or judged.resolved_at is None:
        return False
    return judged.verdict is None and judged.resolved_at > now - CONTESTABLE_FOR


def say_fixed(db: Session, ticket: Ticket, now: datetime) -> None:
    """Takes the citizen's word that it is fixed: the case is closed, they are thanked. Said again it does nothing."""
    judged = _judged(db, ticket)
    if not may_judge(judged, now):
        return
    judged.verdict = Verdict.FIXED
    judged.version += 1
    db.add(TicketEvent(ticket_id=judged.id, kind=EventKind.CONFIRMED, at=now))
    if judged.status is Status.RESOLVED:
        moves.the_move(judged, Status.CLOSED, Itself.CITIZEN)
        informing.tell(db, judged, answers.confirmed, moves.put(db, judged, Status.CLOSED, None, now))
    open_questions.forget_if_fixed(db, judged, now)


def say_not_fixed(db: Session, ticket: Ticket, words: str, now: datetime) -> None:
    """Takes the citizen's word that it is not: the case is open again, with priority, for another reviewer."""
    judged = _judged(db, ticket)
    if not may_judge(judged, now):
        return
    move = moves.the_move(judged, Status.REOPENED, Itself.CITIZEN)
    judged.verdict = Verdict.NOT_FIXED
    judged.version += 1
    db.add(TicketEvent(ticket_id=judged.id, kind=EventKind.CONTESTED, at=now, body=words or None))
    event = moves.put(db, judged, Status.REOPENED, None, now)
    if judged.assignee == judged.resolved_by:
        judged.assignee = None
    if move.tells:
        informing.tell(db, judged, move.tells, event)
    open_questions.forget_if_fixed(db, judged, now)


def _judged(db: Session, ticket: Ticket) -> Ticket:
    """Gives the case that is judged, locked: a merged one is judged by the one it was merged into."""
    wanted = select(Ticket).where(Ticket.id == (ticket.merged_into_id or ticket.id))
    return db.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)).one()
