"""A ticket's timeline: what the citizen said and read, what staff did, and how each SMS fared, in order.

Events tell most of it. An SMS that belongs to no event, such as the confirmation, stands between them by its own time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import (
    Category,
    Channel,
    Department,
    Direction,
    EventKind,
    Message,
    Project,
    State,
    Ticket,
    TicketEvent,
    Ward,
)


@dataclass(frozen=True)
class Entry:
    """One line. `kind` is None for an SMS that no event tells of; `actor` is None for the citizen and the gateway."""

    kind: EventKind | None
    at: datetime
    actor: str | None
    body: str | None
    details: Mapping[str, Any]
    channel: Channel | None  # by which words came or went
    state: State | None  # of the SMS that carries them, on its way out
    message_id: int | None


Names = Mapping[str, Mapping[str, dict[str, str]]]  # of what a detail names: by its code, per language
_NAMED: Mapping[str, tuple[Any, Any]] = {
    "category": (Category.code, Category.label),
    "ward": (Ward.code, Ward.name),
    "department": (Department.code, Department.label),
    "project": (Project.code, Project.name),
}


def names(db: Session, lines: Sequence[Entry]) -> Names:
    """Gives what the codes in the details of some lines are called, those that the county has given up too."""
    return {detail: _called(db, detail, lines) for detail in _NAMED}


def _called(db: Session, detail: str, lines: Sequence[Entry]) -> dict[str, dict[str, str]]:
    codes = {line.details[detail] for line in lines if line.details.get(detail)}
    if not codes:
        return {}
    code, name = _NAMED[detail]
    rows = db.execute(select(code, name).where(code.in_(codes)))
    return {row[0]: {"en": row[1]} if isinstance(row[1], str) else row[1] for row in rows}


def read(db: Session, ticket: Ticket) -> Sequence[Entry]:
    """Gives the whole timeline, oldest first; the citizen's first words are not in it."""
    events = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).options(joinedload(TicketEvent.message))
    told = db.scalars(events.order_by(TicketEvent.id)).all()
    carried = {event.message_id for event in told}
    known = {ticket.words, *(event.body for event in told)}
    texts = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    alone = [text for text in db.scalars(texts) if text.id not in carried and text.body not in known]
    lines = [*(_of_event(event) for event in told), *map(_of_message, alone)]
    return sorted(lines, key=lambda line: line.at)  # stable: what happened at one moment keeps its order


def _of_event(event: TicketEvent) -> Entry:
    sms = event.message
    return Entry(
        kind=event.kind,
        at=event.at,
        actor=event.actor,
        body=event.body,
        details=event.details or {},
        channel=_channel(event),
        state=sms.state if sms and sms.direction is Direction.OUT else None,
        message_id=event.message_id,
    )


def _channel(event: TicketEvent) -> Channel | None:
    if event.message_id is not None:
        return Channel.SMS
    match event.kind:
        case EventKind.CALLED:
            return Channel.CALL
        case EventKind.WROTE | EventKind.CONTESTED | EventKind.CONFIRMED:
            return Channel.USSD
    return None


def _of_message(text: Message) -> Entry:
    is_out = text.direction is Direction.OUT
    return Entry(None, text.created_at, None, text.body, {}, Channel.SMS, text.state if is_out else None, text.id)
