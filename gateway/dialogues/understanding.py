"""What a citizen's SMS is, the first that fits: a command, a reference alone, words to one's own case quoted by its
reference, the reply to the newest question, words to a campaign, words to an open case, a new case. Whatever it is, it
is never lost and never guessed into somebody's case. What a department's officer reports of a case comes before all of
it, from the number that is registered as theirs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gateway.citizens import restraint
from gateway.county import recognition
from gateway.county.recognition import About
from gateway.dialogues import additions, belonging, campaign_replies, judgements, officers_by_text, questions, texts
from gateway.dialogues.campaign_replies import HEARD_FOR
from gateway.dialogues.county_by_text import TextersCounty
from gateway.dialogues.texts import FEW_WORDS, Text, Understood
from gateway.tickets import informing, references, tickets
from menus import keywords, sms_cases, sms_choices
from menus.county import OTHER_CATEGORY
from menus.intents import OpenTicket
from menus.sms import Said
from models import Direction, Message, Ticket, Verdict

SAME_AGAIN = timedelta(hours=24)


def understand(db: Session, text: Text) -> Understood:
    """Does what an SMS asks for or files it, answers it where it may be answered, and says what it was."""
    return (
        officers_by_text.report(db, text)
        or _command(db, text)
        or _blank(db, text)
        or _asking(db, text)
        or _quoting(db, text)
        or questions.reply(db, text)
        or _same_again(db, text)
        or _to_campaign(db, text)
        or _words_or_case(db, text)
    )


def _command(db: Session, text: Text) -> Understood | None:
    match = keywords.match(text.words)
    if match is None:
        return None
    county = TextersCounty(db, text.phone, text.now, finds_cases=restraint.may_look_up(db, text.phone, text.now))
    said = Said(match.rest, text.chosen or match.language, county, text.service_code, text.words)
    answer = match.keyword.answer(said)
    if answer is None:
        return None
    if isinstance(answer.intent, OpenTicket):
        return _case_of_its_kind(db, text, answer.intent)
    if answer.intent:
        texts.perform(db, text, answer.intent, confirms=False)
    texts.answer(db, text, restraint.ANSWER, answer.text)
    return Understood(restraint.MISSED if answer.is_miss else match.keyword.name)


def _case_of_its_kind(db: Session, text: Text, wish: OpenTicket) -> Understood:
    """Opens the case a command asks for; while one of its kind lives, the command says nothing new."""
    for ticket in tickets.live(db, text.phone, text.now):
        if ticket.category_code == wish.category:
            return additions.add_or_reopen(db, text, ticket)
    dialogue = texts.perform(db, text, wish, confirms=True)
    opened = select(Ticket.id).where(Ticket.submission == dialogue.submission)
    return Understood(wish.category, db.scalar(opened))


def _blank(db: Session, text: Text) -> Understood | None:
    """Answers a text without a sign in it with what one can write."""
    if text.words.strip():
        return None
    said = Said("", text.language, TextersCounty(db, text.phone, text.now), text.service_code)
    answer = sms_choices.help_(said)
    texts.answer(db, text, restraint.ANSWER, answer.text if answer else "")
    return Understood("blank")


def _asking(db: Session, text: Text) -> Understood | None:
    """Answers a reference that stands alone, or with words that only ask, as STATUS does: nothing is said of the case.

    Somebody else's reads like one that doesn't exist.
    """
    quoted = references.quoted(text.words)
    if len(quoted) != 1 or not sms_cases.asks_how_it_stands(references.unquoted(text.words)):
        return None
    county = TextersCounty(db, text.phone, text.now, finds_cases=restraint.may_look_up(db, text.phone, text.now))
    answer = sms_cases.status(Said(references.printed(quoted[0]), text.language, county, text.service_code))
    texts.answer(db, text, restraint.ANSWER, answer.text if answer else "")
    return Understood(restraint.MISSED if answer and answer.is_miss else "status")


def _quoting(db: Session, text: Text) -> Understood | None:
    """Takes words as a judgement of the citizen's own case, or adds them to it while it lives.

    One that is over or somebody else's is only linked, for staff.
    """
    quoted = references.quoted(text.words)
    found = db.scalars(select(Ticket).where(Ticket.reference.in_(quoted)).order_by(Ticket.id)).all() if quoted else []
    for ticket in found:
        if ticket.phone == text.phone and (judged := judgements.quoting(db, ticket, text)):
            return judged
        if ticket in tickets.live(db, text.phone, text.now):
            return additions.add_or_reopen(db, text, ticket)
    if not found:
        return None
    return _new_case(db, text, recognition.recognise(db, text.words), linked_to=found[0].reference)


def _same_again(db: Session, text: Text) -> Understood | None:
    """Adds a text that was sent before to the case it went to then; of a flood nothing but the message itself.

    That a case is fixed is said once: it is over then, unless it was opened again. Where staff have written of another
    case since, or a campaign came, the same words answer that.
    """
    before = db.execute(
        select(Message.id, Message.ticket_id, Message.kind, Message.created_at)
        .where(Message.phone == text.phone, Message.direction == Direction.IN, Message.body == text.words)
        .where(Message.id < text.message_id, Message.created_at > text.now - SAME_AGAIN, Message.ticket_id.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()
    if before is None or _was_asked_of_another(db, text, before):
        return None
    for ticket in tickets.live(db, text.phone, text.now):
        if ticket.id == before.ticket_id:
            is_flood = not text.is_answered
            return Understood("repeated", ticket.id) if is_flood else additions.add_or_reopen(db, text, ticket)
    return Understood("repeated", before.ticket_id) if before.kind == Verdict.FIXED else None


def _was_asked_of_another(db: Session, text: Text, before: "Row[int, int | None, str, datetime]") -> bool:
    since = select(Message.id).where(Message.phone == text.phone, Message.direction == Direction.OUT)
    since = since.where(Message.kind == informing.REPLY, Message.ticket_id != before.ticket_id)
    since = since.where(Message.id > before.id, Message.created_at <= text.received_at).limit(1)
    if db.scalar(since) is not None:
        return True
    heard = campaign_replies.newest(db, text)
    return heard is not None and heard.at > before.created_at


def _to_campaign(db: Session, text: Text) -> Understood | None:
    """Takes words from a phone that got a campaign as a reply to it: a new case, linked to the campaign.

    A few words of thanks ask for nothing: they stay on the campaign, without a case and without an answer that would
    only cost the citizen a look at the phone. Nothing else does: nobody would read it. What was said of a case since
    goes to that case, and so does a bare "not yet" of one who has an older one open.
    """
    heard = campaign_replies.newest(db, text)
    if heard is None:
        return None
    about, live = recognition.recognise(db, text.words), tickets.live(db, text.phone, text.now)
    if added := belonging.to_case(db, text, about, campaign_replies.spoken_of_since(db, text, live, heard)):
        return added
    if belonging.asks_for_nothing(db, text):
        return Understood("campaign_reply", campaign_id=heard.campaign_id)
    if live and belonging.says_nothing_new(db, text):
        return replace(additions.add(db, text, live[0]), campaign_id=heard.campaign_id)
    return replace(_new_case(db, text, about, campaign_id=heard.campaign_id), campaign_id=heard.campaign_id)


def _words_or_case(db: Session, text: Text) -> Understood:
    about = recognition.recognise(db, text.words)
    live = tickets.live(db, text.phone, text.now)
    return belonging.to_case(db, text, about, live) or _thanks_at_the_end(db, text, live) or _new_case(db, text, about)


def _thanks_at_the_end(db: Session, text: Text, live: Sequence[Ticket]) -> Understood | None:
    """Leaves a few words of thanks with the case that was last written of, once it is over: they ask for nothing."""
    if live or len(text.words.split()) > FEW_WORDS or not additions.is_thanks(db, text.words):
        return None
    of_late = select(Message.ticket_id).where(Message.phone == text.phone, Message.direction == Direction.OUT)
    of_late = of_late.where(Message.ticket_id.is_not(None), Message.created_at > text.now - HEARD_FOR)
    ended = db.scalar(of_late.order_by(Message.id.desc()).limit(1))
    return Understood("thanks", ended) if ended else None


def _new_case(
    db: Session, text: Text, about: About, *, linked_to: str | None = None, campaign_id: int | None = None
) -> Understood:
    """Opens a case; one too many for an hour goes to the newest that lives, so that no word is lost.

    A cry for help or a sensitive matter always has a case of its own.
    """
    live = tickets.live(db, text.phone, text.now)
    if live and not belonging.is_grave(db, about) and not restraint.may_open(db, text.phone, text.now):
        return additions.add(db, text, live[0])
    wish = OpenTicket(about.category or OTHER_CATEGORY, text.words, ward=about.ward, linked_to=linked_to)
    dialogue = texts.perform(db, text, wish, confirms=False)
    ticket = db.scalars(select(Ticket).where(Ticket.submission == dialogue.submission)).one()
    ticket.campaign_id = campaign_id
    questions.ask_or_confirm(db, ticket, about, text)
    return Understood("case", ticket.id)
