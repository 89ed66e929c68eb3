"""What department officers report by SMS: `ACK` with a reference, `DONE` with a reference and what was done.

Only from the number that is registered as theirs, and of their own department's cases. Anybody else's text of this kind
is a citizen's, and an officer who writes anything else is a citizen too.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.citizens import restraint
from gateway.dialogues import texts
from gateway.dialogues.texts import Text, Understood
from gateway.outbox import outbox
from gateway.tickets import moves, references, tickets
from gateway.tickets.officers import OFFICER
from menus import officers as words
from menus.officers import Report
from models import EventKind, Message, Role, Staff, Status, Ticket, TicketEvent

ACKNOWLEDGED = "acknowledged"  # the body of the line that an ACK leaves


def report(db: Session, text: Text) -> Understood | None:
    """Takes an SMS as an officer's report of a case; gives None where it is none.

    What is done waits for an agent, who looks at it and tells the citizen.
    """
    said = words.read(text.words)
    officer = _officer(db, text.phone) if said else None
    if said is None or officer is None:
        return None
    ticket, typed = _ticket(db, said)
    if ticket is not None and ticket.lead.department_code == officer.department_code and _may_look_up(db, text):
        return _reported(db, ticket, officer, said, text)
    is_own_case = ticket is not None and ticket.phone == text.phone
    if is_own_case or not (typed or said.means_a_case):
        return None
    return _missed(db, officer, said, text)


def _officer(db: Session, phone: str) -> Staff | None:
    wanted = select(Staff).where(Staff.phone == phone, Staff.role == Role.OFFICER, Staff.disabled_at.is_(None))
    return db.scalars(wanted.where(Staff.department_code.is_not(None))).one_or_none()


def _may_look_up(db: Session, text: Text) -> bool:
    return restraint.may_look_up(db, text.phone, text.now)


def _ticket(db: Session, said: Report) -> tuple[Ticket | None, bool]:
    """Gives the ticket whose reference is quoted, if there is one, and whether any reference is."""
    quoted = references.quoted(said.rest)[:1]
    ticket = db.scalars(select(Ticket).where(Ticket.reference.in_(quoted))).one_or_none() if quoted else None
    return ticket, bool(quoted)


def _missed(db: Session, officer: Staff, said: Report, text: Text) -> Understood:
    """Answers a report of no case of the department's. A reference that was wrong counts as a guess."""
    if not said.rest:
        texts.answer(db, text, restraint.ANSWER, words.how(officer.language))
        return Understood(OFFICER)
    texts.answer(db, text, restraint.ANSWER, words.not_found(officer.language))
    return Understood(restraint.MISSED)


def _reported(db: Session, quoted: Ticket, officer: Staff, said: Report, text: Text) -> Understood:
    ticket = tickets.locked(db, quoted.lead)
    reference = references.printed(ticket.reference)
    what = references.unquoted(said.rest).strip(" .,;:-") if said.is_done else ACKNOWLEDGED
    if not what:
        _answer(db, text, ticket, words.what_was_done(officer.language, reference))
        return Understood(OFFICER, ticket.id)
    if not _is_known(db, ticket, officer, what):
        _note(db, ticket, officer, what, text=text)
    if said.is_done and ticket.status is Status.WAITING_DEPARTMENT:
        moves.the_move(ticket, Status.OPEN, Role.OFFICER)
        ticket.version += 1
        moves.put(db, ticket, Status.OPEN, officer.name, text.now)
    worded = words.done if said.is_done else words.acknowledged
    _answer(db, text, ticket, worded(officer.language, reference))
    return Understood(OFFICER, ticket.id)


def _note(db: Session, ticket: Ticket, officer: Staff, what: str, *, text: Text) -> None:
    event = TicketEvent(ticket_id=ticket.id, kind=EventKind.REPORTED, at=text.now, actor=officer.name, body=what)
    event.message_id = text.message_id
    db.add(event)


def _is_known(db: Session, ticket: Ticket, officer: Staff, what: str) -> bool:
    """Whether this officer said the same since the ticket was last handed to the department."""
    handed = (
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MOVED)
        .where(TicketEvent.details["to"].astext == Status.WAITING_DEPARTMENT)
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    said = select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.REPORTED)
    said = said.where(TicketEvent.actor == officer.name, TicketEvent.body == what)
    return db.scalar(said.where(TicketEvent.id > (db.scalar(handed) or 0)).limit(1)) is not None


def _answer(db: Session, text: Text, ticket: Ticket, body: str) -> None:
    """Answers an officer: what restrains answers to citizens must not silence it, only a text sent over and over."""
    if restraint.is_repeated(db, db.get_one(Message, text.message_id)):
        return
    promise = outbox.Promise(f"{OFFICER}:message:{text.message_id}", OFFICER, text.phone, body, ticket.id)
    outbox.promise(db, promise, text.now)
