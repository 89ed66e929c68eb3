"""What the clock does to tickets by itself: in small batches, each ticket in a savepoint, so that one fault holds up
nobody, and passing over those that somebody works on this very moment: their turn comes a minute later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Ticket

BATCH = 50

Mark = tuple[datetime, int]  # how far one run has come: the moment and the id of its last ticket
Tend = Callable[[Session, datetime, Mark | None], Mark | None]

log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """On which tickets something is to be done: the condition, and the moment that gives their order."""

    moment: InstrumentedAttribute[datetime | None]
    condition: ColumnElement[bool]


def batch(db: Session, due: Due, mark: Mark | None, act: Callable[[Ticket], None]) -> Mark | None:
    """Acts on the next tickets after `mark`; gives the new mark, None when there are no more."""
    wanted = select(due.moment, Ticket.id).where(due.condition, due.moment.is_not(None))
    if mark is not None:
        wanted = wanted.where(due.moment >= mark[0], tuple_(due.moment, Ticket.id) > mark)
    rows = db.execute(wanted.order_by(due.moment, Ticket.id).limit(BATCH)).all()
    for _, ticket_id in rows:
        try:
            with db.begin_nested():
                _one(db, ticket_id, due, act)
        except Exception as error:
            log.error("ticket not tended", ticket=ticket_id, error=error)
    moment, last = rows[-1] if len(rows) == BATCH else (None, 0)
    return (moment, last) if moment is not None else None


def _one(db: Session, ticket_id: int, due: Due, act: Callable[[Ticket], None]) -> None:
    """Locks a ticket and asks again if it is due: another clock may have been quicker."""
    wanted = select(Ticket).where(Ticket.id == ticket_id, due.condition)
    wanted = wanted.with_for_update(skip_locked=True, key_share=True).execution_options(populate_existing=True)
    ticket = db.scalars(wanted).one_or_none()
    if ticket is not None:
        act(ticket)
