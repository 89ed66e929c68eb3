"""Silence after a resolution: it closes the case after some days, and is not taken for a word of satisfaction."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gateway.literals import spelt_out
from gateway.tickets import moves, tending
from gateway.tickets.moves import Itself
from gateway.tickets.tending import Due, Mark
from models import County, Status, Ticket

_IS_RESOLVED: ColumnElement[bool] = Ticket.status == spelt_out(Status.RESOLVED)


def close(db: Session, now: datetime, mark: Mark | None = None) -> Mark | None:
    """Closes the next tickets that stayed resolved in silence; gives how far it came, None after the last one.

    The citizen is told nothing and the verdict stays none. They may still contest it.
    """
    days = db.scalars(select(County.closes_after_days)).one()
    due = Due(Ticket.resolved_at, _IS_RESOLVED & (Ticket.resolved_at <= now - timedelta(days=days)))
    return tending.batch(db, due, mark, partial(_close, db, now))


def _close(db: Session, now: datetime, ticket: Ticket) -> None:
    moves.the_move(ticket, Status.CLOSED, Itself.CLOCK)
    moves.put(db, ticket, Status.CLOSED, None, now)
    ticket.version += 1
