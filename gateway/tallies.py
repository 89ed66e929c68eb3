"""Counting what is finished without reading it all again at each scrape.

A subject's rows that were finished before its watermark are in its tally; the few since are counted by index. The
watermark stays two minutes behind, longer than any transaction lasts, so that none is missed.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from gateway.literals import all_spelt_out
from models import OPEN_STATES, Direction, Message, State, Tally, Ticket, UssdSession, Watermark

BEHIND = timedelta(minutes=2)
MESSAGES = "message"
SESSIONS = "ussd_session"
TICKETS = "ticket"


_FINISHED: dict[str, tuple[ColumnElement[str], InstrumentedAttribute[Any], ColumnElement[bool]]] = {
    MESSAGES: (
        func.concat(cast(Message.direction, String), "/", cast(Message.state, String)),
        Message.state_at,
        Message.state.not_in(all_spelt_out(OPEN_STATES)),
    ),
    SESSIONS: (cast(UssdSession.outcome, String), UssdSession.finished_at, UssdSession.finished_at.is_not(None)),
    TICKETS: (cast(Ticket.status, String), Ticket.closed_at, Ticket.closed_at.is_not(None)),
}


def roll_up(db: Session, now: datetime) -> None:
    """Moves every watermark on and adds what it passed to the tallies."""
    for subject in _FINISHED:
        mark = db.get(Watermark, subject, with_for_update=True)
        since, up_to = (mark.up_to if mark else None), now - BEHIND
        if since is not None and since >= up_to:
            continue  # another sweep, begun later, was here first: taken back, what it passed would be counted twice
        for label, count in _count(db, subject, since, up_to):
            _add(db, subject, label, count)
        if mark:
            mark.up_to = up_to
        else:
            db.add(Watermark(subject=subject, up_to=up_to))


def totals(db: Session, subject: str) -> dict[str, int]:
    """Gives the number of finished rows by label, those since the watermark included."""
    counted = {row.label: row.total for row in db.scalars(select(Tally).where(Tally.subject == subject))}
    mark = db.get(Watermark, subject)
    for label, count in _count(db, subject, mark.up_to if mark else None, None):
        counted[label] = counted.get(label, 0) + count
    return counted


def uncount_message(db: Session, message: Message) -> None:
    """Takes a message out of the tally before it leaves a final state, as a late report may make it."""
    mark = db.get(Watermark, MESSAGES)
    if mark and message.state not in OPEN_STATES and message.state_at <= mark.up_to:
        _add(db, MESSAGES, f"{message.direction}/{message.state}", -1)


def uncount_messages(db: Session, messages: Sequence[tuple[Direction, State, datetime]]) -> None:
    """Takes many out, each by direction, the state it leaves, and since when it stands there."""
    mark = db.get(Watermark, MESSAGES)
    finished = [(way, state) for way, state, at in messages if state not in OPEN_STATES and mark and at <= mark.up_to]
    for (way, state), number in Counter(finished).items():
        _add(db, MESSAGES, f"{way}/{state}", -number)


def uncount_session(db: Session, session: UssdSession) -> None:
    """Takes a session out of the tally before its outcome changes, as a late word of the carrier may make it."""
    mark = db.get(Watermark, SESSIONS)
    if mark and session.finished_at and session.finished_at <= mark.up_to:
        _add(db, SESSIONS, session.outcome.value, -1)


def uncount_ticket(db: Session, ticket: Ticket) -> None:
    """Takes a ticket out of the tally before it is opened again; one that is open is in none."""
    mark = db.get(Watermark, TICKETS) if ticket.closed_at else None
    if mark and ticket.closed_at and ticket.closed_at <= mark.up_to:
        _add(db, TICKETS, ticket.status.value, -1)


def _count(db: Session, subject: str, since: datetime | None, up_to: datetime | None) -> list[tuple[str, int]]:
    label, finished_at, is_finished = _FINISHED[subject]
    wanted = select(label, func.count()).where(is_finished).group_by(label)
    if since is not None:
        wanted = wanted.where(finished_at > since)
    if up_to is not None:
        wanted = wanted.where(finished_at <= up_to)
    return [(name, count) for name, count in db.execute(wanted)]


def _add(db: Session, subject: str, label: str, count: int) -> None:
    row = insert(Tally).values(subject=subject, label=label, total=count)
    db.execute(
        row.on_conflict_do_update(
            index_elements=[Tally.subject, Tally.label], set_={"total": Tally.total + row.excluded.total}
        )
    )
