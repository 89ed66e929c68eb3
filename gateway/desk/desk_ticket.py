"""One ticket as its page shows it: facts, clocks, timeline, and what this member of staff may do with it.

The phone is masked, or hidden where the citizen asked for it; showing it whole is a deed of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from gateway import phones
from gateway.errors import NoSuchTicket
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import assignments, informing, moves, references, timeline
from gateway.tickets.timeline import Entry, Names
from models import LIVE_STATUSES, Staff, Status, Ticket

_NAMING = ("into", "case")  # the details of a line that name another ticket


@dataclass(frozen=True)
class Shown:
    """A ticket and what surrounds it. `ticket` is read, never changed: deeds have their own transaction."""

    ticket: Ticket
    reference: str  # as it is printed
    phone: str | None  # masked; None where there is none, or it is hidden
    timeline: Sequence[Entry]
    names: Names  # of what the timeline's details name
    linked: str | None  # the case it quotes or was split from
    merged_into: str | None
    merged: Sequence[str]  # the cases that were merged into this one
    moves: Sequence[Status]
    able: Sequence[str]  # to whom it may be assigned
    readers: int  # how many citizens an answer reaches
    may_note: bool
    may_work: bool
    may_merge: bool  # what is over is not joined to another
    may_open_campaign: bool  # the one it replies to, where there is one


def read(db: Session, staff: Staff, typed: str) -> Shown:
    """Gives the ticket of a reference in any spelling; raises `NoSuchTicket` for a wrong one and one out of scope."""
    wanted = (
        select(Ticket)
        .where(Ticket.reference == references.read(typed), *rights.in_scope(staff))
        .options(joinedload(Ticket.category), joinedload(Ticket.department), joinedload(Ticket.ward))
        .options(joinedload(Ticket.project), joinedload(Ticket.campaign))
        .options(joinedload(Ticket.linked), joinedload(Ticket.merged_into))
    )
    ticket = db.scalars(wanted).one_or_none()
    if ticket is None:
        raise NoSuchTicket("There is no such case among those you may see.")
    return _shown(db, staff, ticket)


def _shown(db: Session, staff: Staff, ticket: Ticket) -> Shown:
    may_work = rights.may(staff, Right.WORK_TICKETS)
    merged = select(Ticket.reference).where(Ticket.merged_into_id == ticket.id, *rights.in_scope(staff))
    seen, lines = _in_sight(db, staff, ticket), _timeline(db, staff, ticket)
    return Shown(
        ticket=ticket,
        reference=references.printed(ticket.reference),
        phone=phones.masked(ticket.phone) if ticket.phone and not ticket.hides_phone else None,
        timeline=lines,
        names=timeline.names(db, lines),
        linked=_printed(ticket.linked, seen),
        merged_into=_printed(ticket.merged_into, seen),
        merged=[references.printed(reference) for reference in db.scalars(merged.order_by(Ticket.id))],
        moves=moves.open_to(ticket, staff) if rights.may(staff, Right.NOTE_TICKETS) else [],
        able=[each.name for each in assignments.able(db, ticket)] if may_work else [],
        readers=len(list(informing.told(db, ticket))),
        may_note=rights.may(staff, Right.NOTE_TICKETS),
        may_work=may_work and ticket.merged_into_id is None,
        may_merge=may_work and ticket.merged_into_id is None and ticket.status in LIVE_STATUSES,
        may_open_campaign=rights.may(staff, Right.SEE_CAMPAIGNS),
    )


def _timeline(db: Session, staff: Staff, ticket: Ticket) -> Sequence[Entry]:
    """Gives the timeline, in which no ticket out of sight is named: as what this became, or as whose citizen spoke."""
    lines = timeline.read(db, ticket)
    named = {references.read(line.details[name]) for line in lines for name in _NAMING if name in line.details}
    known = select(Ticket.reference).where(Ticket.reference.in_(named), *rights.in_scope(staff))
    seen = set(db.scalars(known)) if named else set()
    return [_naming_only(line, seen) for line in lines]


def _naming_only(line: Entry, seen: Collection[str]) -> Entry:
    hidden = {name for name in _NAMING if name in line.details and references.read(line.details[name]) not in seen}
    return replace(line, details={name: value for name, value in line.details.items() if name not in hidden})


def _in_sight(db: Session, staff: Staff, ticket: Ticket) -> Collection[int]:
    """Gives which tickets beside this one `staff` may see: of the others not even the reference is shown."""
    beside = [each for each in (ticket.linked_id, ticket.merged_into_id) if each is not None]
    return set(db.scalars(select(Ticket.id).where(Ticket.id.in_(beside), *rights.in_scope(staff)))) if beside else set()


def _printed(ticket: Ticket | None, seen: Collection[int]) -> str | None:
    return references.printed(ticket.reference) if ticket and ticket.id in seen else None
