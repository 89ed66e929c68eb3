"""A conversation with a citizen: loads what was said, asks the menus, performs what came of it, keeps it all at once.

The carrier repeats itself and says the whole conversation every time. So the answer to each text of a session is kept:
the same text again is shown the same screen and does nothing. Only what was added to the text is new input.
"""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import citizens, consent, contests, follows, references, restraint, tallies, tickets
from gateway.carriers import Hop, SessionEnd
from gateway.county import CallersCounty
from gateway.errors import ReferenceTaken
from gateway.tickets import Dialogue
from menus import engine, farewells, home
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
from models import Channel, Outcome, UssdHop, UssdSession

RESUME_WITHIN = timedelta(minutes=15)
LONGEST_REPLAY = 20  # inputs of a long dial


def ussd_hop(db: Session, hop: Hop, now: datetime) -> tuple[str, bool]:
    """Answers one USSD request: gives the screen's text and whether the session ends.

    The same request again, or many at once, gives the same answer and does nothing twice.
    """
    session = _session(db, hop, now)
    if (session.phone, session.service_code) != (hop.phone, hop.service_code):
        return farewells.start_again(None), True
    kept = db.get(UssdHop, (hop.session_id, _digest(hop.text))) if _may_be_kept(session, hop) else None
    if kept is not None:
        return kept.answer, kept.is_end
    if not restraint.may_go_on(db, hop.phone, now):
        return farewells.too_often(citizens.language_of(db, hop.phone)), True
    turn = _turn(db, session, hop, now)
    if turn is None:
        return farewells.start_again(citizens.language_of(db, hop.phone)), True
    _keep(db, session, hop, turn, now)
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
            consent.opt_out(db, dialogue.phone, now)
        case OptIn():
            consent.opt_in(db, dialogue.phone, now)
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


def session_ended(db: Session, end: SessionEnd, now: datetime) -> None:
    """Keeps how a session ended. The carrier's first word holds, also over our own guess; an unknown session is none
    of ours.
    """
    session = db.get(UssdSession, end.session_id, with_for_update=True)
    if session is None or session.carrier_ended:
        return
    tallies.uncount_session(db, session)
    session.outcome = Outcome(end.status)
    session.duration_ms = end.duration_ms
    session.hops = end.hops or session.hops
    session.finished_at = now
    session.carrier_ended = True


def _session(db: Session, hop: Hop, now: datetime) -> UssdSession:
    """Gives the locked session row, made on its first request.

    A request without a text is most often a first one, and its row is made before it is looked for; one with a text
    most often finds it. Many first requests may come at once: those who made no row wait for the one who did.
    """
    found = db.scalars(_locking(hop)).one_or_none() if hop.text else None
    return found or _made(db, hop, now) or db.scalars(_locking(hop)).one()


def _locking(hop: Hop) -> Select[UssdSession]:
    return select(UssdSession).where(UssdSession.id == hop.session_id).with_for_update()


def _made(db: Session, hop: Hop, now: datetime) -> UssdSession | None:
    """Makes the row; None where it is there."""
    row = insert(UssdSession).values(
        id=hop.session_id,
        phone=hop.phone,
        service_code=hop.service_code,
        network_code=hop.network_code,
        outcome=Outcome.OPEN,
        hops=0,
        started_at=now,
        last_at=now,
    )
    return db.scalars(row.on_conflict_do_nothing().returning(UssdSession)).one_or_none()


def _may_be_kept(session: UssdSession, hop: Hop) -> bool:
    """Whether this text may have been answered: texts grow, so one longer than the newest answered never was."""
    return session.text is not None and len(hop.text) <= len(session.text)


def _turn(db: Session, session: UssdSession, hop: Hop, now: datetime) -> Turn | None:
    county = CallersCounty(db, hop.phone, now)
    if session.text is None:
        return _first_turn(db, hop, county, now)
    added = _added(session.text, hop.text)
    if added is None or session.state is None:
        return None
    return _step(db, hop, _state(session.state), added, now)


def _first_turn(db: Session, hop: Hop, county: CallersCounty, now: datetime) -> Turn:
    language = citizens.language_of(db, hop.phone)
    opening = home.opening(reference=references.printed(references.draw()), submission=str(uuid4()), language=language)
    if hop.text:
        turn = engine.replay(opening, hop.text.split("*")[:LONGEST_REPLAY], county)
        for intent in turn.intents:
            perform(db, intent, _dialogue(turn.state, hop), now)
        return turn
    return engine.begin(_cut_off(db, hop, now) or opening, county)


def _cut_off(db: Session, hop: Hop, now: datetime) -> State | None:
    """Gives the state in which this phone's last session was cut off a moment ago, taking it over from that session."""
    newest = (
        select(UssdSession.id)
        .where(UssdSession.phone == hop.phone, UssdSession.id != hop.session_id)
        .where(UssdSession.service_code == hop.service_code, UssdSession.last_at > now - RESUME_WITHIN)
        .order_by(UssdSession.last_at.desc())
        .limit(1)
        .scalar_subquery()
    )  # and no other: one whose last hop is still at work is passed over, an older one is not offered instead
    mine = select(UssdSession).where(UssdSession.id == newest)
    last = db.scalars(mine.with_for_update(skip_locked=True)).one_or_none()
    if last is None or last.state is None:
        return None
    state = engine.before_resume(_state(last.state))
    if not engine.is_worth_resuming(state):
        return None
    last.state = None
    return engine.resumed(state)


def _added(before: str, text: str) -> str | None:
    """Gives what was added to the text, verbatim: it may hold `*`. None when the text continues nothing."""
    if before == "":
        return text
    return text.removeprefix(before + "*") if text.startswith(before + "*") else None


def _step(db: Session, hop: Hop, state: State, typed: str, now: datetime) -> Turn:
    """Takes a step and does what it asks. A reference that is taken is drawn again, and the step taken again."""
    while True:
        turn = engine.step(state, typed, CallersCounty(db, hop.phone, now))
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


def _keep(db: Session, session: UssdSession, hop: Hop, turn: Turn, now: datetime) -> None:
    digest = _digest(hop.text)
    db.add(UssdHop(session_id=hop.session_id, digest=digest, answer=turn.text, is_end=turn.is_end, at=now))
    session.text = hop.text
    session.state = None if turn.is_end else asdict(turn.state)
    session.screen = turn.state.screen
    session.hops += 1
    session.last_at = now
    if turn.is_end and session.outcome is Outcome.OPEN:
        session.outcome = Outcome.ENDED


def _state(kept: dict[str, Any]) -> State:
    trail = tuple((name, page) for name, page in kept["trail"])
    return State(**{**kept, "trail": trail})


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
