"""Calls to 1548: what a caller reports becomes a case like any other, and what they ask about stands on its timeline.

A caller may give any number, or none; only to a Kenyan mobile an SMS is promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from gateway import phones
from gateway.citizens import citizens
from gateway.county.county_book import the_county
from gateway.errors import Refused
from gateway.staff import rights
from gateway.staff.rights import Right
from gateway.tickets import casework, filing, informing, tickets
from gateway.tickets.casework import Deed
from models import LIVE_STATUSES, Channel, EventKind, Staff, Ticket, TicketEvent

LONGEST_NAME = 120  # characters, of whom a caller speaks for
SHOWN = 20


@dataclass(frozen=True)
class Call:
    """What an agent wrote down while somebody was on the phone."""

    press: UUID  # of the button: a double click is one case
    phone: str  # as it was typed; blank where the caller gave none
    on_behalf_of: str  # whom the caller spoke for; blank for themselves
    language: str
    category: str
    ward: str | None
    project: str | None
    words: str
    service_code: str  # what the citizen dials to follow the case


def log_call(db: Session, staff: Staff, call: Call, now: datetime) -> Ticket:
    """Opens the case of a call and gives it; the same press again gives the same case and does nothing.

    Raises `Refused` for a number that is none, without words, and for what is not the county's.
    """
    _may_log(staff)
    # Of one member of staff one call is logged at a time, so that a double click finds what the first one wrote.
    db.execute(select(Staff.name).where(Staff.name == staff.name).with_for_update(key_share=True))
    known = db.scalars(select(Ticket).where(Ticket.submission == call.press)).one_or_none()
    if known is not None:
        return known
    ticket = _written(db, call)
    category = filing.known_category(db, call.category)
    if ticket.phone is not None:
        spoken = None if citizens.language_of(db, ticket.phone) else call.language
        citizens.remember(db, ticket.phone, now, language=spoken)
    opened = TicketEvent(kind=EventKind.OPENED, at=now, actor=staff.name)
    tickets.open_for(db, ticket, category, opened, call.service_code)
    return ticket


def note_call(db: Session, deed: Deed, words: str) -> None:
    """Notes on a ticket that its citizen called and what was said. As a note, it is never stale.

    It stops the first clock of a case that no SMS can answer.
    """
    _may_log(deed.staff)
    ticket = casework.note(db, deed, words, kind=EventKind.CALLED)
    if ticket is not None:
        informing.answer_by_call(db, ticket, deed.now)


def known(db: Session, staff: Staff, phone: str) -> Sequence[Ticket]:
    """Gives the open cases of a caller's number that this member of staff may see, newest first.

    Not those whose citizen hides the number: whoever typed it would learn whose they are. A merged case is as open as
    the one it was merged into.
    """
    number = phones.e164(phone)
    if number is None:
        return ()
    into = aliased(Ticket)
    wanted = select(Ticket).outerjoin(into, Ticket.merged_into_id == into.id)
    wanted = wanted.where(Ticket.phone == number, Ticket.hides_phone.is_(False), *rights.in_scope(staff))
    wanted = wanted.where(or_(Ticket.status.in_(LIVE_STATUSES), into.status.in_(LIVE_STATUSES)))
    return db.scalars(wanted.order_by(Ticket.id.desc()).limit(SHOWN)).all()


def _may_log(staff: Staff) -> None:
    if not rights.may(staff, Right.WORK_TICKETS):
        raise Refused("You may not log calls.")


def _written(db: Session, call: Call) -> Ticket:
    """Gives the ticket of a call as far as the agent wrote it; raises `Refused` as `log_call` does."""
    if call.language not in the_county(db).languages:
        raise Refused("Choose a language of the county.")
    filing.check_ward(db, call.ward)
    filing.check_project(db, call.project)
    spoken_for = call.on_behalf_of.strip().replace("\0", "")
    if len(spoken_for) > LONGEST_NAME:
        sizes = {"length": len(spoken_for), "longest": LONGEST_NAME}
        raise Refused("The name has %(length)s characters; %(longest)s is the most.", **sizes)
    return Ticket(
        submission=call.press,
        channel=Channel.CALL,
        ward_code=call.ward,
        project_code=call.project,
        phone=_number(call.phone),
        on_behalf_of=spoken_for or None,
        language=call.language,
        words=casework.checked(call.words, casework.LONGEST_NOTE),
    )


def _number(typed: str) -> str | None:
    if not typed.strip():
        return None
    number = phones.e164(typed)
    if number is None or not phones.is_number(number):
        raise Refused("That is no phone number. Leave it empty where the caller gives none.")
    return number
