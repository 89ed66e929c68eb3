"""Words for a case that is there already: they are added to it, and where it was resolved they open it again.

Thanks and good news open nothing: they are added to a resolved case and the question is put again.
"""

from sqlalchemy.orm import Session

from gateway.citizens import restraint
from gateway.county import recognition
from gateway.dialogues import texts
from gateway.dialogues.texts import Text, Understood
from gateway.tickets import contests, references
from menus import judgements, notices
from menus.intents import AddToTicket, ContestFixed
from models import Kind, Status, Ticket, Verdict


def add(db: Session, text: Text, ticket: Ticket) -> Understood:
    """Adds a text to the citizen's own case and says so."""
    reference = references.printed(ticket.reference)
    may_judge = contests.may_judge(ticket, text.now)
    texts.perform(db, text, AddToTicket(ticket.reference, text.words), confirms=False)
    lines = [
        notices.added(text.language, reference),
        *([judgements.how(text.language, reference)] if may_judge else []),
    ]
    texts.answer(db, text, restraint.ADDED, "\n".join(lines), ticket_id=ticket.id)
    return Understood("added", ticket.id)


def add_or_reopen(db: Session, text: Text, ticket: Ticket) -> Understood:
    """Adds a text to the case it is about; where that was resolved it says that it is not fixed, unless it sounds well:
    whoever resolved it would be barred for good news.
    """
    is_resolved = ticket.lead.status is Status.RESOLVED and contests.may_judge(ticket, text.now)
    said = references.unquoted(text.words)
    if not is_resolved or judgements.sounds_well(said) or is_thanks(db, said):
        return add(db, text, ticket)
    return contest(db, text, ticket, text.words)


def contest(db: Session, text: Text, ticket: Ticket, words: str) -> Understood:
    """Opens a resolved case again on the citizen's word; the SMS that says so is the answer."""
    texts.perform(db, text, ContestFixed(ticket.reference, words), confirms=False)
    return Understood(Verdict.NOT_FIXED.value, ticket.id)


def is_thanks(db: Session, words: str) -> bool:
    """Whether words are thanks, or say no more than that they were read."""
    said = references.unquoted(words)
    about = recognition.recognise(db, said)
    category = recognition.category(db, about)
    is_compliment = category is not None and category.kind is Kind.COMPLIMENT
    return is_compliment or judgements.is_courtesy(said)
