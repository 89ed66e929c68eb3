"""What is missing to a case is asked by SMS, at most twice per case: what it is about, since that decides whose it is,
then where. A reply within 24 hours completes the case; only the newest question to a phone is open. Whether a resolved
case is fixed is asked as well: that reply is a judgement.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.citizens.restraint import ANSWER, QUESTION
from gateway.county import recognition
from gateway.county.county_book import book
from gateway.county.recognition import About
from gateway.dialogues import choices, judgements, texts
from gateway.dialogues.county_by_text import TextersCounty
from gateway.dialogues.texts import FEW_WORDS, Text, Understood
from gateway.tickets import confirmations, open_questions, references
from gateway.tickets.open_questions import CATEGORY, FIXED, WARD
from menus import notices, sms_cases
from menus.county import OTHER_CATEGORY, in_language
from menus.intents import AddToTicket, CompleteTicket
from menus.sms import Said
from menus.words import segments
from models import FINAL_STATUSES, Category, Kind, OpenQuestion, Ticket, Ward

MOST_PER_CASE = 2


def ask_or_confirm(db: Session, ticket: Ticket, about: About, text: Text) -> None:
    """Asks the next thing that is missing to a case; one that lacks nothing, or was asked enough, is confirmed.

    `about` is what the citizen's words may mean: it shortens the choices. Who may not be answered is not asked.
    """
    if not text.is_answered:
        return
    asked = db.scalars(select(OpenQuestion.asks).where(OpenQuestion.ticket_id == ticket.id)).all()
    asks = _missing(ticket, asked) if len(asked) < MOST_PER_CASE else None
    if asks is None:
        confirmations.confirm(db, book(db), ticket, text.service_code, text.now)
        return
    open_questions.close(db, text.phone, text.now)
    offered = _choices(db, ticket, asks, about, text)
    question = OpenQuestion(phone=text.phone, ticket_id=ticket.id, asks=asks, choices=offered, asked_at=text.now)
    if segments(_worded(db, question)) > notices.MOST_SEGMENTS:
        question.choices = []  # a county with more wards than an SMS can list is asked for the name
    db.add(question)
    _put(db, question, text)


def reply(db: Session, text: Text) -> Understood | None:
    """Takes an SMS as the reply to the newest open question; gives None where it is none."""
    question = open_questions.newest(db, text.phone, text.received_at, text.now)
    if question is None:
        return None
    if question.asks == FIXED:
        return judgements.reply(db, question, text)
    number = choices.number_in(text.words)
    if db.get_one(Ticket, question.ticket_id).lead.status in FINAL_STATUSES:
        return _late_reply(db, question, text, is_number=number is not None)
    if number is None:
        return _reply_as_listed(db, question, text) or _reply_in_words(db, question, text)
    if not 1 <= number <= len(question.choices):
        return _put(db, question, text)
    return _completed(db, question, {question.asks: question.choices[number - 1]}, text)


def _reply_as_listed(db: Session, question: OpenQuestion, text: Text) -> Understood | None:
    """Takes a name as the question lists it: on its list it is sure, whatever else is called so."""
    code = choices.named_in(db, question, text.words)
    return _completed(db, question, {question.asks: code}, text) if code else None


def _reply_in_words(db: Session, question: OpenQuestion, text: Text) -> Understood | None:
    """Takes names as a reply, unless the words are about another matter or another place than the case."""
    ticket = db.get_one(Ticket, question.ticket_id)
    about = recognition.recognise(db, text.words)
    is_elsewhere = bool(about.wards) and ticket.ward_code not in (None, *about.wards)
    if question.asks == CATEGORY:
        is_reply = bool(about.categories or about.wards)
    else:
        is_reply = bool(about.wards) and (not about.categories or ticket.category_code in about.categories)
        is_reply = is_reply or _is_a_landmark(db, about, text)
    if is_elsewhere or not is_reply:
        return None
    texts.perform(db, text, AddToTicket(ticket.reference, text.words), confirms=False)
    if question.asks == WARD:
        return _completed(db, question, {WARD: about.ward}, text)
    if about.category is None:
        return _answered_the_other(db, question, about.ward, text=text)
    return _completed(db, question, {CATEGORY: about.category, WARD: about.ward}, text)


def _is_a_landmark(db: Session, about: About, text: Text) -> bool:
    """Whether a few words name one ward by what stands there ("Kabiyet market"), and no grave matter."""
    category = recognition.category(db, about)
    is_grave = category is not None and category.is_grave
    return about.ward is not None and not is_grave and len(text.words.split()) <= FEW_WORDS


def _answered_the_other(db: Session, question: OpenQuestion, ward: str | None, *, text: Text) -> Understood:
    """Takes a ward where the category was asked: it is as welcome, and the question still stands."""
    ticket = db.get_one(Ticket, question.ticket_id)
    if ward:
        texts.perform(db, text, CompleteTicket(ticket.reference, ward=ward), confirms=False)
    return _put(db, question, text)


def _completed(db: Session, question: OpenQuestion, said: Mapping[str, str | None], text: Text) -> Understood:
    """Adds what was said to the case, where it still lacks that, and asks on or confirms.

    What staff filed meanwhile stands: they have read the whole of it.
    """
    ticket = db.get_one(Ticket, question.ticket_id)
    question.closed_at = text.now
    lacks = {CATEGORY: ticket.category_code == OTHER_CATEGORY, WARD: ticket.ward_code is None}
    found = {name: code for name, code in said.items() if code and lacks[name]}
    if found:
        texts.perform(db, text, CompleteTicket(ticket.reference, **found), confirms=False)
    db.flush()
    about = recognition.recognise(db, text.words)
    ask_or_confirm(db, ticket, about if about.wards else recognition.recognise(db, ticket.words), text)
    return Understood("reply", ticket.id)


def _late_reply(db: Session, question: OpenQuestion, text: Text, *, is_number: bool) -> Understood | None:
    """Answers a reply that came when the case was over with how it stands; gives None for words that say more."""
    question.closed_at = text.now
    ticket, about = db.get_one(Ticket, question.ticket_id), recognition.recognise(db, text.words)
    is_ward = bool(about.wards) and not about.categories and len(text.words.split()) <= FEW_WORDS
    if not is_number and not is_ward:
        return None
    county = TextersCounty(db, text.phone, text.now)
    answer = sms_cases.status(Said(references.printed(ticket.reference), ticket.language, county, text.service_code))
    texts.answer(db, text, ANSWER, answer.text if answer else "", ticket_id=ticket.id)
    return Understood("reply", ticket.id)


def _put(db: Session, question: OpenQuestion, text: Text) -> Understood:
    """Puts a question, or puts it again."""
    texts.answer(db, text, QUESTION, _worded(db, question), ticket_id=question.ticket_id)
    return Understood("reply", question.ticket_id)


def _missing(ticket: Ticket, asked: Sequence[str]) -> str | None:
    if ticket.category_code == OTHER_CATEGORY and CATEGORY not in asked:
        return CATEGORY
    return WARD if ticket.ward_code is None and ticket.kind is Kind.COMPLAINT else None


def _choices(db: Session, ticket: Ticket, asks: str, about: About, text: Text) -> list[str]:
    """Gives the codes to choose from: what the words may mean, else the ward used last time, else all there are.

    None is listed to one in danger, nor of a sensitive case: phones are shared.
    """
    county = TextersCounty(db, text.phone, text.now)
    if asks == CATEGORY:
        tied = [*about.categories, OTHER_CATEGORY] if len(about.categories) > 1 else []
        return tied or [category.code for category in county.categories()]
    if ticket.is_sensitive or ticket.category.urgent:
        return []
    mine = county.my_ward()
    standing = select(Ward.code).where(Ward.retired_at.is_(None)).order_by(Ward.name)
    return list(about.wards) or ([mine.code] if mine else list(db.scalars(standing)))


def _worded(db: Session, question: OpenQuestion) -> str:
    ticket = db.get_one(Ticket, question.ticket_id)
    reference = references.printed(ticket.reference)
    if question.asks == WARD:
        names = [db.get_one(Ward, code).name for code in question.choices]
        return notices.which_ward(ticket.language, reference, names, _whom_to_call(ticket))
    labels = [db.get_one(Category, code).label for code in question.choices]
    named = [in_language(label, ticket.language) for label in labels]
    return notices.which_category(ticket.language, reference, named)


def _whom_to_call(ticket: Ticket) -> str:
    """Gives whom to call in danger, which may not wait for the ward. Of every sensitive case the same is said."""
    if ticket.is_sensitive:
        return notices.in_danger(ticket.language)
    call = ticket.category.call if ticket.category.urgent else {}
    return call.get(ticket.language) or call.get("en", "")
