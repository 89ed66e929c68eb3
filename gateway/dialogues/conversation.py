"""A conversation with a citizen: loads what was said, asks the menus, performs what came of it, keeps it all at once.

The carrier repeats itself and says the whole conversation every time. So the answer to each text of a session is kept:
the same text again is shown the same screen and does nothing. Only what was added to the text is new input.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gateway.carriers import Hop
from gateway.citizens import citizens, consent, follows, restraint
from gateway.dialogues import sessions
from gateway.dialogues.callers_county import CallersCounty, Known
from gateway.dialogues.sessions import Opened
from gateway.errors import ReferenceTaken
from gateway.tickets import contests, references, tickets
from gateway.tickets.tickets import Dialogue
from menus import complaints, engine, farewells, home
from menus.intents import (
    AddToTicket,
    CompleteTicket,
    ConfirmFixed,
    ContestFixed,
    FollowProject,
    FollowWard,
    Intent,
    OpenTicket,
    OptIn,
    OptOut,
    SetLanguage,
    UnfollowProject,
    UnfollowWard,
)
from menus.shapes import State, Turn
from models import Channel

LONGEST_REPLAY = 20  # inputs of a long dial


def ussd_hop(db: Session, hop: Hop, now: datetime | None = None) -> tuple[str, bool]:
    """Answers one USSD request: gives the screen's text and whether the session ends.

    It is `now` by the database's clock unless said otherwise. The same request again, or many at once, gives the same
    answer and does nothing twice.
    """
    session = sessions.opened(db, hop, now)
    if (session.phone, session.service_code) != (hop.phone, hop.service_code):
        return farewells.start_again(None), True
    kept = sessions.answer_to(db, session, hop)
    if kept is not None:
        return kept
    if session.screens_shown >= restraint.MOST_SCREENS:
        return farewells.too_often(session.language), True
    turn = _turn(db, session, hop)
    if turn is None:
        return farewells.start_again(session.language), True
    sessions.keep(db, session, hop, turn)
    return turn.text, turn.is_end


def perform(db: Session, intent: Intent, dialogue: Dialogue, now: datetime) -> None:
    """Does what a dialogue asked for, the same for every channel. Raises `ReferenceTaken` as `open_ticket` does."""
    match intent:
        case OpenTicket():
            tickets.open_ticket(db, intent, dialogue, now)
        case AddToTicket():
            tickets.add_words(db, intent, dialogue, now)
        case CompleteTicket():
            tickets.complete(db, intent, dialogue.phone, now)
        case ConfirmFixed() | ContestFixed():
            _judge(db, intent, dialogue, now)
        case SetLanguage(language):
            citizens.remember(db, dialogue.phone, now, language=language)
        case OptOut():
            consent.opt_out(db, dialogue.phone, dialogue.said_at or now)
        case OptIn():
            consent.opt_in(db, dialogue.phone, dialogue.said_at or now)
        case _:
            _follow(db, intent, dialogue.phone, now)


def _judge(db: Session, intent: ConfirmFixed | ContestFixed, dialogue: Dialogue, now: datetime) -> None:
    """Takes what a citizen says of a resolution. Where that counts no more, their words are added all the same."""
    ticket = tickets.own(db, intent.reference, dialogue.phone)
    words, message = intent.words, dialogue.message_id
    if isinstance(intent, ConfirmFixed):
        counts = contests.say_fixed(db, ticket, now, words=words, message_id=message)
    else:
        counts = contests.say_not_fixed(db, ticket, words, now, message_id=message)
    if words and not counts:
        tickets.add_words(db, AddToTicket(intent.reference, words), dialogue, now)


def _follow(db: Session, intent: Intent, phone: str, now: datetime) -> None:
    match intent:
        case FollowProject(project):
            follows.follow(db, phone, project, now)
        case UnfollowProject(project):
            follows.unfollow(db, phone, project, now)
        case FollowWard(ward):
            follows.follow_ward(db, phone, ward, now)
        case UnfollowWard(ward):
            follows.unfollow_ward(db, phone, ward, now)


def _turn(db: Session, session: Opened, hop: Hop) -> Turn | None:
    county = CallersCounty(db, hop.phone, session.now, Known(session.revision, session.ward_code))
    if session.text is None:
        return _first_turn(db, session, hop, county)
    added = _added(session.text, hop.text)
    if added is None or session.state is None:
        return None
    return _step(db, hop, session.state, added, county, session.now)


def _first_turn(db: Session, session: Opened, hop: Hop, county: CallersCounty) -> Turn:
    drawn = {"reference": references.printed(references.draw()), "submission": str(uuid4())}
    opening = home.opening(**drawn, language=session.language)
    if hop.text:
        turn = engine.replay(opening, hop.text.split("*")[:LONGEST_REPLAY], county)
        for intent in turn.intents:
            perform(db, intent, _dialogue(turn.state, hop), session.now)
        return turn
    return engine.begin(_cut_off(db, hop, session.now, county) or opening, county)


def _cut_off(db: Session, hop: Hop, now: datetime, county: CallersCounty) -> State | None:
    """Gives the state in which this phone's last session was cut off a moment ago, taking it over from that session.

    A sensitive matter, half told, is offered to nobody: phones are shared.
    """
    last = sessions.newest_other(db, hop, now)
    if last is None:
        return None
    before, stood = last
    state = engine.before_resume(stood)
    if not engine.is_worth_resuming(state) or complaints.is_sensitive(state.answers, county):
        return None
    sessions.give_up(db, before)
    return engine.resumed(state)


def _added(before: str, text: str) -> str | None:
    """Gives what was added to the text, verbatim: it may hold `*`. None when the text continues nothing."""
    if before == "":
        return text
    return text.removeprefix(before + "*") if text.startswith(before + "*") else None


def _step(db: Session, hop: Hop, state: State, typed: str, county: CallersCounty, now: datetime) -> Turn:
    """Takes a step and does what it asks. A reference that is taken is drawn again, and the step taken again."""
    while True:
        turn = engine.step(state, typed, county)
        try:
            for intent in turn.intents:
                perform(db, intent, _dialogue(turn.state, hop), now)
        except ReferenceTaken:
            state = replace(state, reference=references.printed(references.draw()))
        else:
            return turn


def _dialogue(state: State, hop: Hop) -> Dialogue:
    return Dialogue(
        phone=hop.phone,
        language=state.language or "en",
        channel=Channel.USSD,
        reference=references.read(state.reference) or references.draw(),
        submission=UUID(state.submission),
        service_code=hop.service_code,
    )
