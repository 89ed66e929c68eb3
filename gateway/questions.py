"""What is missing to a case is asked by SMS, at most twice per case: what it is about, since that decides whose it is,
then where. A reply within 24 hours completes the case; only the newest question to a phone is open.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import recognition, references, texts, tickets
from gateway.county_by_text import TextersCounty
from gateway.recognition import About
from gateway.restraint import QUESTION
from gateway.texts import Text, Understood
from menus import notices
from menus.county import OTHER_CATEGORY
from menus.intents import AddToTicket, CompleteTicket
from menus.words import segments
from models import Category, Kind, OpenQuestion, Ticket, Ward

OPEN_FOR = timedelta(hours=24)
MOST_PER_CASE = 2
CATEGORY, WARD = "category", "ward"
_NUMBER = re.compile(r"\W*(?:(?:no|number|namba|nambari|ward|wadi|ni|it is|jibu)\W*)*([0-9]{1,3})\W*", re.IGNORECASE)


def ask_or_confirm(db: Session, ticket: Ticket, about: About, text: Text, now: datetime) -> None:
    """Asks the next thing that is missing to a case; one that lacks nothing, or was asked enough, is confirmed."""
    if not text.is_answered:
        return
    asked = db.scalars(select(OpenQuestion.asks).where(OpenQuestion.ticket_id == ticket.id)).all()
    asks = _missing(ticket, asked) if len(asked) < MOST_PER_CASE else None
    if asks is None:
        tickets.confirm(db, ticket, text.service_code, now)
        return
    _close(db, text.phone, now)
    choices = _choices(db, asks, about, TextersCounty(db, text.phone, now))
    question = OpenQuestion(phone=text.phone, ticket_id=ticket.id, asks=asks, choices=choices, asked_at=now)
    if segments(_worded(db, question, ticket)) > notices.MOST_SEGMENTS:
        question.choices = []  # a county with more wards than an SMS can list is asked for the name
    db.add(question)
    texts.answer(db, text, QUESTION, _worded(db, question, ticket), now=now, ticket_id=ticket.id)


def reply(db: Session, text: Text, now: datetime) -> Understood | None:
    """Takes an SMS as the reply to the newest open question; gives None where it is none."""
    question = _newest(db, text.phone, now)
    if question is None:
        return None
    ticket = db.get_one(Ticket, question.ticket_id)
    number = _NUMBER.fullmatch(text.words)
    if number is None:
        return _reply_in_words(db, question, ticket, text, now)
    if not 1 <= int(number[1]) <= len(question.choices):
        texts.answer(db, text, QUESTION, _worded(db, question, ticket), now=now, ticket_id=ticket.id)
        return Understood("reply", ticket.id)
    return _completed(db, question, question.choices[int(number[1]) - 1], text, now)


def _reply_in_words(
    db: Session, question: OpenQuestion, ticket: Ticket, text: Text, now: datetime
) -> Understood | None:
    """Takes a name as a reply, unless the words are about another matter or another place than the case."""
    about = recognition.recognise(db, text.words)
    if question.asks == CATEGORY:
        is_reply, is_other = bool(about.category), bool(about.wards) and ticket.ward_code not in about.wards
        if about.ward and not about.categories and ticket.ward_code is None:
            return _answered_the_other(db, question, ticket, about.ward, text=text, now=now)
    else:
        is_reply, is_other = bool(about.wards), bool(about.categories) and ticket.category_code not in about.categories
    if not is_reply or is_other:
        return None
    texts.perform(db, text, AddToTicket(ticket.reference, text.words), now, confirms=False)
    code = about.category if question.asks == CATEGORY else about.ward
    return _completed(db, question, code, text, now, about=about)


def _answered_the_other(
    db: Session, question: OpenQuestion, ticket: Ticket, ward: str, *, text: Text, now: datetime
) -> Understood:
    """Takes a ward where the category was asked: it is as welcome, and the question still stands."""
    texts.perform(db, text, CompleteTicket(ticket.reference, ward=ward), now, confirms=False)
    texts.answer(db, text, QUESTION, _worded(db, question, ticket), now=now, ticket_id=ticket.id)
    return Understood("reply", ticket.id)


def _completed(
    db: Session, question: OpenQuestion, code: str | None, text: Text, now: datetime, *, about: About | None = None
) -> Understood:
    ticket = db.get_one(Ticket, question.ticket_id)
    if code:
        wish = CompleteTicket(ticket.reference, **{question.asks: code})
        texts.perform(db, text, wish, now, confirms=False)
    question.closed_at = now
    db.flush()
    ask_or_confirm(db, ticket, about or recognition.recognise(db, ticket.words), text, now)
    return Understood("reply", ticket.id)


def _newest(db: Session, phone: str, now: datetime) -> OpenQuestion | None:
    wanted = select(OpenQuestion).where(OpenQuestion.phone == phone, OpenQuestion.closed_at.is_(None))
    return db.scalars(wanted.where(OpenQuestion.asked_at > now - OPEN_FOR)).one_or_none()


def _close(db: Session, phone: str, now: datetime) -> None:
    standing = update(OpenQuestion).where(OpenQuestion.phone == phone, OpenQuestion.closed_at.is_(None))
    db.execute(standing.values(closed_at=now))


def _missing(ticket: Ticket, asked: Sequence[str]) -> str | None:
    if ticket.category_code == OTHER_CATEGORY and CATEGORY not in asked:
        return CATEGORY
    return WARD if ticket.ward_code is None and ticket.kind is Kind.COMPLAINT else None


def _choices(db: Session, asks: str, about: About, county: TextersCounty) -> list[str]:
    """Gives the codes to choose from: what the words may mean, else the ward used last time, else all there are."""
    if asks == CATEGORY:
        tied = [*about.categories, OTHER_CATEGORY] if len(about.categories) > 1 else []
        return tied or [category.code for category in county.categories()]
    mine = county.my_ward()
    standing = select(Ward.code).where(Ward.retired_at.is_(None)).order_by(Ward.name)
    return list(about.wards) or ([mine.code] if mine else list(db.scalars(standing)))


def _worded(db: Session, question: OpenQuestion, ticket: Ticket) -> str:
    reference = references.printed(ticket.reference)
    if question.asks == WARD:
        names = [db.get_one(Ward, code).name for code in question.choices]
        return notices.which_ward(ticket.language, reference, names)
    labels = [db.get_one(Category, code).label for code in question.choices]
    named = [label.get(ticket.language) or label["en"] for label in labels]
    return notices.which_category(ticket.language, reference, named)
