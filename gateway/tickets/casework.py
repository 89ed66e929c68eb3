"""What staff do to a ticket, each deed in one transaction: the change, its line on the timeline, the SMS it promises.

A deed names the version of the ticket that was on the screen and the press of the button that asked for it. The same
press again does nothing; a deed on a version that somebody else has changed meanwhile is refused, and its words stay
with whoever typed them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import NoSuchTicket, Refused, Stale
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import informing, moves, officers, open_questions, references
from gateway.tickets.moves import Move
from models import EventKind, Staff, Status, Ticket, TicketEvent, Verdict

LONGEST_WORDS = 600  # characters of an answer: about four segments
LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Deed:
    """One press of a button: by whom, on which ticket as it was shown, and which press it was."""

    staff: Staff
    reference: str  # without hyphens
    version: int
    press: UUID
    now: datetime


def begin(db: Session, deed: Deed, needs: Right = Right.WORK_TICKETS) -> Ticket | None:
    """Locks the ticket of a deed and counts the change; gives None where this very press was done before.

    Raises `NoSuchTicket` for one this member of staff may not see, `Refused` where they may only look, `Stale` where
    somebody changed it meanwhile.
    """
    ticket = _locked(db, deed, needs)
    if ticket is not None and ticket.version != deed.version:
        raise Stale("Somebody else changed this case meanwhile. Nothing was saved or sent; your words are below.")
    if ticket is not None:
        ticket.version += 1
    return ticket


def _locked(db: Session, deed: Deed, needs: Right) -> Ticket | None:
    if not rights.may(deed.staff, needs):
        raise Refused("You may look at this case, but not change it.")
    wanted = select(Ticket).where(Ticket.reference == deed.reference, *rights.in_scope(deed.staff))
    ticket = db.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)).one_or_none()
    if ticket is None:
        raise NoSuchTicket("There is no such case among those you may see.")
    was_done = db.scalar(select(TicketEvent.id).where(TicketEvent.submission == deed.press))
    return None if was_done else ticket


def line(deed: Deed, ticket: Ticket, kind: EventKind, body: str | None = None, **details: object) -> TicketEvent:
    """Gives a line of the timeline for a deed; the first line of a deed carries its press."""
    return TicketEvent(
        ticket_id=ticket.id,
        kind=kind,
        at=deed.now,
        actor=deed.staff.name,
        body=body,
        details=details or None,
        submission=deed.press,
    )


def note(db: Session, deed: Deed, words: str, *, kind: EventKind = EventKind.NOTED) -> Ticket | None:
    """Adds a note that only staff read. Notes stand side by side, so none is ever stale.

    Gives the ticket, None where this very press was done before.
    """
    text = checked(words, LONGEST_NOTE)
    ticket = _locked(db, deed, Right.NOTE_TICKETS)
    if ticket is not None:
        db.add(line(deed, ticket, kind, text))
    return ticket


def answer(db: Session, deed: Deed, words: str) -> bool:
    """Answers the citizen by SMS, and those whose cases were merged into this one; it stops the first clock.

    Gives whether anybody hears of it: who gave no Kenyan mobile does not. Raises `Refused` for a ticket that was merged
    into another: whoever answers there answers this one too.
    """
    text = checked(words, LONGEST_WORDS)
    ticket = begin(db, deed)
    if ticket is None:
        return informing.reaches(db, find(db, deed.staff, deed.reference))
    if ticket.merged_into_id is not None:
        raise Refused("This case was merged into another. Answer there: both citizens get it.")
    event = line(deed, ticket, EventKind.ANSWERED, text)
    is_heard = informing.answer(db, ticket, event, deed.now)
    if ticket.status in (Status.NEW, Status.REOPENED):
        moves.put(db, ticket, Status.OPEN, deed.staff.name, deed.now)
    return is_heard


def move(db: Session, deed: Deed, to: Status, words: str = "") -> None:
    """Moves a ticket as `moves.MOVES` allows and tells the citizen what the move tells.

    Words that a move needs are an answer, which the citizen reads; words beside any other are a note, which staff read.
    Raises `Refused` for a move there is none of, for one that needs words and has none, and where the one whose
    resolution was contested would resolve it again.
    """
    ticket = begin(db, deed, Right.NOTE_TICKETS)
    if ticket is None:
        return
    allowed = moves.the_move(ticket, to, deed.staff.role)
    text = _beside(allowed, words)
    is_contested = ticket.verdict is Verdict.NOT_FIXED
    if to is Status.RESOLVED and is_contested and ticket.resolved_by == deed.staff.name:
        raise Refused("The citizen contested your resolution: somebody else must look at this case.")
    event = moves.put(db, ticket, to, deed.staff.name, deed.now)
    event.submission = deed.press
    if allowed.tells:
        informing.tell(db, ticket, allowed.tells, event, words=text if allowed.needs_words else "")
    if text and not allowed.needs_words:
        db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.NOTED, at=deed.now, actor=deed.staff.name, body=text))
    if to is Status.RESOLVED:
        open_questions.ask_if_fixed(db, ticket, deed.now)
    if to is Status.WAITING_CITIZEN:
        open_questions.give_way(db, ticket, deed.now)
    if to is Status.WAITING_DEPARTMENT:
        officers.tell(db, ticket, event, note=text)


def _beside(move: Move, words: str) -> str:
    """Gives the words beside a move; raises `Refused` where it needs some and has none, and for too many."""
    if move.needs_words:
        return checked(words, LONGEST_WORDS)
    return checked(words, LONGEST_NOTE) if words.strip() else ""


def checked(words: str, longest: int) -> str:
    """Gives what was typed without the blanks around it; raises `Refused` for nothing, and for too much of it."""
    text = words.strip().replace("\r\n", "\n").replace("\0", "")
    if not text:
        raise Refused("Write something first.")
    if len(text) > longest:
        raise Refused("That is %(length)s characters; %(longest)s is the most.", length=len(text), longest=longest)
    return text


def is_in_sight(db: Session, staff: Staff, reference: str) -> bool:
    """Whether this member of staff may see a ticket: a deed may have taken it out of their sight."""
    return db.scalar(select(Ticket.id).where(Ticket.reference == reference, *rights.in_scope(staff))) is not None


def find(db: Session, staff: Staff, typed: str) -> Ticket:
    """Gives the ticket of a reference in any spelling; raises `NoSuchTicket` as `begin` does."""
    wanted = select(Ticket).where(Ticket.reference == references.read(typed), *rights.in_scope(staff))
    ticket = db.scalars(wanted).one_or_none()
    if ticket is None:
        raise NoSuchTicket("There is no such case among those you may see.")
    return ticket
