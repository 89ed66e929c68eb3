"""Duplicates: several citizens report one thing. A duplicate is joined to another ticket, which speaks for it since.

Its citizen gets each answer, and may judge the resolution. The duplicate is closed without a judgement, so it counts as
nobody's resolution; what was joined to it moves along, so there are no chains. Staff err: `unmerge` undoes it.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gateway import tallies
from gateway.county import recognition
from gateway.errors import NoSuchTicket, Refused
from gateway.staff import rights
from gateway.tickets import casework, informing, moves, open_questions, references, ticket_clocks
from gateway.tickets.casework import Deed
from gateway.tickets.moves import Itself
from models import LIVE_STATUSES, EventKind, Status, Ticket, TicketEvent

LOCK = (1548, 3)  # who is joined to whom changes one deed at a time: two at once could make a ring


def merge(db: Session, deed: Deed, into_reference: str) -> None:
    """Joins the ticket of a deed to another; its citizen is told, unless the phone hears of the other one already.

    Raises `NoSuchTicket` for a ticket this member of staff may not see, `Refused` for one that is over, itself joined
    to another, or sensitive where the other isn't.
    """
    other = references.read(into_reference) or ""
    db.execute(select(func.pg_advisory_xact_lock(*LOCK)))
    ids = set(db.scalars(select(Ticket.id).where(Ticket.reference.in_((deed.reference, other)))))
    _lock(db, ids)
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    wanted = select(Ticket).where(Ticket.reference == other, *rights.in_scope(deed.staff))
    into = db.scalars(wanted).one_or_none()
    if into is None:
        raise NoSuchTicket("There is no such case among those you may see.")
    _check(ticket, into)
    _join(db, deed, ticket, into)


def unmerge(db: Session, deed: Deed) -> None:
    """Parts the ticket of a deed from the one it was joined to: it is open again where it was, as are its clocks.

    What came along with it goes back to it. Its citizen is not told: they get each answer as before. Raises `Refused`
    for a ticket that was not joined.
    """
    db.execute(select(func.pg_advisory_xact_lock(*LOCK)))
    known = db.execute(select(Ticket.id, Ticket.merged_into_id).where(Ticket.reference == deed.reference))
    ids = {each for row in known for each in row if each is not None}
    _lock(db, ids)
    ticket = casework.begin(db, deed)
    if ticket is None:
        return
    into = ticket.merged_into
    if into is None:
        raise Refused("This case is not joined to another.")
    _part(db, deed, ticket, into)


def joined(db: Session, ticket: Ticket) -> Sequence[Ticket]:
    """Gives the tickets that were joined to this one, oldest first."""
    return db.scalars(select(Ticket).where(Ticket.merged_into_id == ticket.id).order_by(Ticket.id)).all()


def is_urgent(db: Session, ticket: Ticket) -> bool:
    """Whether a ticket is urgent by its category, by its words where it is sensitive, or speaks for one that is."""
    own = ticket.category
    is_itself = recognition.is_urgent(db, ticket.words, of_urgent=own.urgent, of_sensitive=own.sensitive)
    return is_itself or speaks_for_urgent(db, ticket)


def speaks_for_urgent(db: Session, ticket: Ticket) -> bool:
    """Whether one of the tickets that were joined to this one is urgent."""
    return any(each.is_urgent for each in joined(db, ticket))


def _lock(db: Session, ids: Collection[int]) -> None:
    """Locks all tickets a deed may touch, the oldest first. Sending to them goes on: no key changes."""
    wanted = select(Ticket).where(or_(Ticket.id.in_(ids), Ticket.merged_into_id.in_(ids))).order_by(Ticket.id)
    db.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def _check(ticket: Ticket, into: Ticket) -> None:
    if into is ticket:
        raise Refused("A case can't be joined to itself.")
    if ticket.merged_into_id is not None:
        raise Refused("This case is joined to another already.")
    if into.merged_into is not None:
        other = references.printed(into.merged_into.reference)
        raise Refused("That case is joined to %(reference)s: choose that one.", reference=other)
    for each in (ticket, into):
        if each.status not in LIVE_STATUSES:
            name = references.printed(each.reference)
            raise Refused("Only open cases can be joined; %(reference)s is over.", reference=name)
    if ticket.is_sensitive is not into.is_sensitive:
        raise Refused("A sensitive case can be joined to another sensitive one only.")


def _join(db: Session, deed: Deed, ticket: Ticket, into: Ticket) -> None:
    allowed = moves.the_move(ticket, Status.CLOSED, Itself.MERGE)
    is_news = ticket.phone not in {each.phone for each in informing.told(db, into)}
    along = joined(db, ticket)
    event = moves.put(db, ticket, Status.CLOSED, deed.staff.name, deed.now)
    event.kind, event.submission = EventKind.MERGED, deed.press
    event.details = {**(event.details or {}), "into": into.reference, "along": [each.reference for each in along]}
    for each in (ticket, *along):
        each.merged_into = into
        open_questions.forget(db, each, deed.now)
    for each in along:
        _note(db, deed, each, into=into.reference, along_with=ticket.reference)
    _note(db, deed, into, joined=ticket.reference)
    db.flush()
    into.is_urgent = is_urgent(db, into)
    if is_news and allowed.tells:
        informing.tell(db, ticket, allowed.tells, event)


def _part(db: Session, deed: Deed, ticket: Ticket, into: Ticket) -> None:
    line = _joining(db, ticket)
    details = line.details or {}
    along = [each for each in joined(db, into) if each.reference in details["along"] and not _is_later(db, each, line)]
    tallies.uncount_ticket(db, ticket)
    ticket.status, ticket.closed_at, ticket.merged_into = Status(details["from"]), None, None
    ticket.paused_at = line.at if ticket.status is Status.WAITING_CITIZEN else None
    ticket_clocks.show_next(ticket)
    event = casework.line(deed, ticket, EventKind.MERGED, to=ticket.status.value, out_of=into.reference)
    db.add(event)
    for each in along:
        each.merged_into = ticket
        _note(db, deed, each, into=ticket.reference, along_with=ticket.reference)
    _note(db, deed, into, parted=ticket.reference)
    for each in (ticket, *along):
        open_questions.forget(db, each, deed.now)
    db.flush()
    into.is_urgent = is_urgent(db, into)


def _joining(db: Session, ticket: Ticket) -> TicketEvent:
    """Gives the line of the deed that joined a ticket to another, or to that with which it moved along."""
    lines = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MERGED)
    own = lines.where(TicketEvent.details.has_key("along"))
    return db.scalars(own.order_by(TicketEvent.id.desc()).limit(1)).one()


def _is_later(db: Session, ticket: Ticket, line: TicketEvent) -> bool:
    """Whether a ticket was joined by a deed of its own after that line, and so doesn't go back with it."""
    return _joining(db, ticket).id > line.id


def _note(db: Session, deed: Deed, ticket: Ticket, **details: str) -> None:
    """Notes on another ticket than the deed's own what the deed did to it."""
    ticket.version += 1
    event = TicketEvent(ticket_id=ticket.id, kind=EventKind.MERGED, at=deed.now, actor=deed.staff.name)
    event.details = dict(details)
    db.add(event)
