"""A citizen's judgement by SMS: `1` or `2` in reply to whether it is fixed, plain words, or either with a reference.

What is in doubt is added to the case and asked again; what is about another matter or place is no judgement at all.
After a yes only a plain no still is one, while it may be taken back.
"""

from sqlalchemy.orm import Session

from gateway.citizens import restraint
from gateway.county import recognition
from gateway.dialogues import additions, campaign_replies, texts
from gateway.dialogues.texts import Text, Understood
from gateway.tickets import contests, own_cases, references
from menus import answers, judgements
from menus.answers import About
from menus.county import OTHER_CATEGORY
from menus.intents import ConfirmFixed
from menus.judgements import Judgement
from models import Category, Kind, OpenQuestion, Status, Ticket, Verdict


def reply(db: Session, question: OpenQuestion, text: Text) -> Understood | None:
    """Takes an SMS as the reply to whether a case is fixed; gives None where it is none."""
    ticket = db.get_one(Ticket, question.ticket_id)
    said = judgements.read(text.words)
    if said is None or not contests.may_judge(ticket, text.now) or _is_of_something_else(db, ticket, said):
        return None
    return None if _is_of_a_campaign(db, ticket, text) else _taken(db, ticket, said, text)


def quoting(db: Session, ticket: Ticket, text: Text) -> Understood | None:
    """Takes an SMS that quotes the citizen's own case as a judgement of it; gives None where it is none."""
    said = judgements.read(references.unquoted(text.words))
    if said is None or not contests.may_judge(ticket, text.now):
        return None
    return _taken(db, ticket, said, text)


def _taken(db: Session, ticket: Ticket, said: Judgement, text: Text) -> Understood | None:
    """Takes a judgement. A yes again does nothing; what is in doubt after one is no judgement: the case is over."""
    was_fixed = ticket.lead.verdict is Verdict.FIXED
    if not said.is_sure:
        return None if was_fixed else additions.add(db, text, ticket)
    if said.is_fixed and was_fixed:
        return Understood("repeated", ticket.id)
    return _confirm(db, ticket, said, text) if said.is_fixed else additions.contest(db, text, ticket, said.words)


def _confirm(db: Session, ticket: Ticket, said: Judgement, text: Text) -> Understood:
    was_closed = ticket.lead.status is Status.CLOSED
    texts.perform(db, text, ConfirmFixed(ticket.reference, said.words), confirms=False)
    if was_closed:  # nothing moves, so nobody is told of a move
        body = answers.confirmed(ticket.language, About(references.printed(ticket.reference)))
        texts.answer(db, text, restraint.ANSWER, body, ticket_id=ticket.id)
    return Understood(Verdict.FIXED.value, ticket.id)


def _is_of_a_campaign(db: Session, ticket: Ticket, text: Text) -> bool:
    """Whether a campaign was sent to this phone after its yes: people answer what they read last."""
    said_at = own_cases.said_fixed_at(ticket)
    heard = campaign_replies.newest(db, text) if said_at else None
    return said_at is not None and heard is not None and heard.at > said_at


def _is_of_something_else(db: Session, ticket: Ticket, said: Judgement) -> bool:
    """Whether the words are about another matter or place than the case: "no medicine in Kobujoi" is no "no".

    A number says plainly what it means: beside it only another matter at another place, or a grave one, is a new one.
    """
    about = recognition.recognise(db, said.words)
    found = [db.get_one(Category, code) for code in about.categories]
    named = [category for category in found if category.kind is not Kind.COMPLIMENT]
    is_grave = any(category.is_grave for category in named)
    is_unknown = ticket.category_code == OTHER_CATEGORY and not is_grave
    is_matter = bool(named) and ticket.category_code not in about.categories and not is_unknown
    is_place = about.names_elsewhere or (bool(about.wards) and ticket.ward_code not in (None, *about.wards))
    return is_matter and (is_place or is_grave) if said.by_number else is_matter or is_place
