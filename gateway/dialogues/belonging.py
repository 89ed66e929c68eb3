"""Which of a citizen's open cases words belong to: one that waits for them, what was asked last, the same matter and
place. Few words of nothing known may be a cry for help that no list of words holds, so they are a case of their own,
unless they plainly say nothing new.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from gateway.county import places, recognition
from gateway.county.recognition import About
from gateway.county.tokens import words_of
from gateway.dialogues import additions
from gateway.dialogues.texts import FEW_WORDS, Text, Understood
from gateway.tickets import open_questions, own_cases
from menus import judgements
from menus.sms import says_more
from models import Status, Ticket

GOES_ON_FOR = timedelta(minutes=30)
_LEADING = "samahani sorry pole ni si sio siyo it is not in at from i mean hapa huku kwa kutoka"
_LEADS_TO_A_PLACE = frozenset(_LEADING.split())  # and says nothing more
_BARE_NUMBER = re.compile(r"\W*[0-9]{1,3}\W*")


def to_case(db: Session, text: Text, about: About, live: Sequence[Ticket]) -> Understood | None:
    """Adds words to the case of `live` they belong to; gives None where they belong to none.

    A cry for help or a sensitive matter is no answer to what was asked of another.
    """
    is_own_matter = is_grave(db, about)
    for ticket in live:
        is_its_own = is_own_matter and about.category != ticket.category_code
        if own_cases.waits(db, ticket) and not is_its_own:
            return additions.add(db, text, ticket)
    asked = _asked_about(db, text, live)
    if live and says_nothing_new(db, text):
        return additions.add(db, text, asked or live[0])
    if asked and _names_nothing(about) and (_is_short(text) or _is_judged(asked)):
        return additions.add(db, text, asked)
    if live and (_names_only_a_place(db, text, about) or _goes_on(text, about, live[0])):
        return additions.add(db, text, live[0])
    meant = _meant(about, live)
    return additions.add_or_reopen(db, text, meant) if meant else None


def asks_for_nothing(db: Session, text: Text) -> bool:
    """Whether a text is a few words of thanks, that it was read, or a bare yes."""
    said = judgements.read(text.words)
    is_yes = said is not None and said.is_fixed and said.is_sure and not said.words
    return _is_short(text) and (is_yes or additions.is_thanks(db, text.words))


def says_nothing_new(db: Session, text: Text) -> bool:
    """Whether a text is that, a bare no or a bare number: alone they are no matter of their own."""
    said = judgements.read(text.words)
    is_bare = bool(_BARE_NUMBER.fullmatch(text.words)) or (said is not None and not said.words)
    return _is_short(text) and (is_bare or additions.is_thanks(db, text.words))


def is_grave(db: Session, about: About) -> bool:
    """Whether words are surely about an emergency or a sensitive matter."""
    category = recognition.category(db, about)
    return category is not None and category.is_grave


def _asked_about(db: Session, text: Text, live: Sequence[Ticket]) -> Ticket | None:
    """Gives the case of the question that is open to this phone, where it is one of `live`."""
    question = open_questions.newest(db, text.phone, text.received_at, text.now)
    return next((ticket for ticket in live if question and ticket.id == question.ticket_id), None)


def _is_judged(ticket: Ticket) -> bool:
    """Whether what was asked of a case is if it is fixed: whatever names no other matter or place is about that."""
    return ticket.lead.status in (Status.RESOLVED, Status.CLOSED)


def _names_only_a_place(db: Session, text: Text, about: About) -> bool:
    """Whether a few words are a place and nothing else: "Samahani, ni Kapsabet" corrects what was said before."""
    words = [word for word in words_of(text.words) if word not in _LEADS_TO_A_PLACE]
    if not _is_short(text) or about.categories or not (about.wards or about.names_elsewhere):
        return False
    known = places.gazetteer(db)
    return not says_more(words, lambda name: places.wards_in(name, known))


def _goes_on(text: Text, about: About, newest: Ticket) -> bool:
    """Whether a text is the longer story that a case just opened invites: no sure matter or place of its own."""
    is_new = newest.opened_at > text.received_at - GOES_ON_FOR
    return is_new and not _is_short(text) and about.category is None and about.ward is None


def _is_short(text: Text) -> bool:
    return len(text.words.split()) <= FEW_WORDS


def _names_nothing(about: About) -> bool:
    return not (about.categories or about.wards or about.names_elsewhere)


def _meant(about: About, live: Sequence[Ticket]) -> Ticket | None:
    for ticket in live:
        is_its_place = about.ward == ticket.ward_code if about.wards else not about.names_elsewhere
        if about.category == ticket.category_code and is_its_place:
            return ticket
    return None
