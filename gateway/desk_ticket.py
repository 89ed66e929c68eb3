"""One ticket as staff read it: its facts and its timeline. The phone is masked, or hidden where the citizen asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from gateway import phones, references
from gateway.rights import in_scope
from models import Channel, EventKind, Priority, Staff, Status, Ticket, TicketEvent


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `actor` is None for the citizen and for the gateway itself."""

    kind: EventKind
    at: datetime
    actor: str | None
    body: str | None


@dataclass(frozen=True)
class Shown:
    """A ticket with all that its page shows."""

    reference: str
    category: dict[str, str]
    clocks_are_sample: bool
    department: dict[str, str]
    ward: str | None
    project: str | None
    linked: str | None  # the ticket whose reference was quoted, if any
    words: str
    language: str
    status: Status
    channel: Channel
    priority: Priority
    is_urgent: bool
    is_sensitive: bool
    assignee: str | None
    phone: str | None  # masked; None where there is none
    hides_phone: bool
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    timeline: Sequence[Entry]


def read(db: Session, staff: Staff, typed: str) -> Shown | None:
    """Gives the ticket of a reference in any spelling; None for a wrong one and for one out of scope alike."""
    wanted = (
        select(Ticket)
        .where(Ticket.reference == references.read(typed), *in_scope(staff))
        .options(joinedload(Ticket.category), joinedload(Ticket.department), joinedload(Ticket.ward))
        .options(joinedload(Ticket.project), joinedload(Ticket.linked), selectinload(Ticket.events))
    )
    ticket = db.scalars(wanted).one_or_none()
    return _shown(ticket) if ticket else None


def _shown(ticket: Ticket) -> Shown:
    return Shown(
        reference=references.printed(ticket.reference),
        category=ticket.category.label,
        clocks_are_sample=ticket.category.clocks_are_sample,
        department=ticket.department.label,
        ward=ticket.ward.name if ticket.ward else None,
        project=ticket.project.name if ticket.project else None,
        linked=references.printed(ticket.linked.reference) if ticket.linked else None,
        words=ticket.words,
        language=ticket.language,
        status=ticket.status,
        channel=ticket.channel,
        priority=ticket.priority,
        is_urgent=ticket.is_urgent,
        is_sensitive=ticket.is_sensitive,
        assignee=ticket.assignee,
        phone=phones.masked(ticket.phone) if ticket.phone and not ticket.hides_phone else None,
        hides_phone=ticket.hides_phone,
        opened_at=ticket.opened_at,
        due_at=ticket.next_due_at,
        paused_at=ticket.paused_at,
        timeline=[_entry(event) for event in ticket.events],
    )


def _entry(event: TicketEvent) -> Entry:
    return Entry(event.kind, event.at, event.actor, event.body)
