"""What the citizen says of a resolution: it is fixed, or it is not. Silence is neither.

"Not fixed" opens the case again, above others, for somebody else than the one who resolved it; for a day it takes back
a "fixed" that was a slip. One who reported the same as others speaks for the case they were merged into.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.tickets import informing, moves, open_questions, references
from gateway.tickets.moves import Itself
from gateway.tickets.own_cases import CONTESTABLE_FOR as CONTESTABLE_FOR  # both are part of what this module gives
from gateway.tickets.own_cases import may_judge as may_judge
from menus import answers
from models import EventKind, Status, Ticket, TicketEvent, Verdict


def say_fixed(db: Session, ticket: Ticket, now: datetime, *, words: str = "", message_id: int | None = None) -> bool:
    """Takes the citizen's word that it is fixed: the case is closed, they are thanked.

    `message_id` is the SMS that carried it. Gives whether it counted: said again it does nothing. What they were asked
    stays open to them: a `2` may still take it back.
    """
    judged = _judged(db, ticket)
    if judged.verdict is not None or not may_judge(ticket, now):
        return False
    judged.verdict = Verdict.FIXED
    judged.version += 1
    db.add(_line(judged, ticket, EventKind.CONFIRMED, now, words=words, message_id=message_id))
    if judged.status is Status.RESOLVED:
        moves.the_move(judged, Status.CLOSED, Itself.CITIZEN)
        informing.tell(db, judged, answers.confirmed, moves.put(db, judged, Status.CLOSED, None, now))
    open_questions.forget_if_fixed(db, judged, now, but=ticket.phone)
    return True


def say_not_fixed(db: Session, ticket: Ticket, words: str, now: datetime, *, message_id: int | None = None) -> bool:
    """Takes the citizen's word that it is not: the case is open again, with priority, for another reviewer.

    Gives whether it counted, as `say_fixed` does.
    """
    judged = _judged(db, ticket)
    if not may_judge(ticket, now):
        return False
    move = moves.the_move(judged, Status.REOPENED, Itself.CITIZEN)
    judged.verdict = Verdict.NOT_FIXED
    judged.version += 1
    db.add(_line(judged, ticket, EventKind.CONTESTED, now, words=words, message_id=message_id))
    event = moves.put(db, judged, Status.REOPENED, None, now)
    if judged.assignee == judged.resolved_by:
        judged.assignee = None
    if move.tells:
        informing.tell(db, judged, move.tells, event)
    open_questions.forget_if_fixed(db, judged, now)
    return True


def _line(
    judged: Ticket, citizens: Ticket, kind: EventKind, now: datetime, *, words: str, message_id: int | None
) -> TicketEvent:
    """Gives the line of the timeline; where it stands on another case than the citizen's own, it names theirs."""
    own = None if citizens.id == judged.id else {"case": references.printed(citizens.reference)}
    return TicketEvent(ticket_id=judged.id, kind=kind, at=now, body=words or None, details=own, message_id=message_id)


def _judged(db: Session, ticket: Ticket) -> Ticket:
    """Gives the case that is judged, locked: a merged one is judged by the one it was merged into."""
    wanted = select(Ticket).where(Ticket.id == ticket.lead.id)
    return db.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)).one()
