"""USSD sessions as they are kept: one row each, locked while a request is answered, and the answer to every text.

A request finds its session, the clock, what the phone was shown, what its citizen chose and the county's revision in
one statement, and leaves its answer and the session's new state in another: between them stand the menus and what they
look up. Sessions are closed when the carrier never says how they ended, and emptied of what was typed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, DateTime, ScalarSelect, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from gateway import tallies
from gateway.carriers import Hop, SessionEnd
from gateway.citizens import restraint
from menus.shapes import State, Turn
from models import Base, Outcome, UssdHop, UssdSession

RESUME_WITHIN = timedelta(minutes=15)
LONGEST = timedelta(minutes=10)  # a session lasts 180 s on Safaricom; its end notification may come a little later
WORDS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Opened:
    """A session as a request finds it, and the moment at which it does."""

    phone: str
    service_code: str
    text: str | None  # the newest text answered
    state: State | None
    outcome: Outcome
    now: datetime
    screens_shown: int  # to this phone, in the last minute
    language: str | None  # that the citizen chose
    ward_code: str | None  # that they used last
    revision: UUID  # of the county


def _given(name: str, kind: TypeEngine[Any] | None = None) -> BindParameter[Any]:
    """Names a value that a statement is given when it is made; a column's own name is not to be had."""
    return bindparam(f"given_{name}", type_=kind)


def _givens(*names: str) -> dict[str, BindParameter[Any]]:
    return {name: _given(name) for name in names}


def _values(**values: object) -> dict[str, object]:
    return {f"given_{name}": value for name, value in values.items()}


# The tables themselves: a hop spends no time on mapped objects.
_SESSION, _HOP, _CITIZEN, _COUNTY = (
    Base.metadata.tables[name] for name in ("ussd_session", "ussd_hop", "citizen", "county")
)


def _citizens(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(column).where(_CITIZEN.c.phone == _given("phone")).scalar_subquery()


_NOW = func.coalesce(_given("now", DateTime(timezone=True)), func.now())
_FOUND = (
    _SESSION.c.phone,
    _SESSION.c.service_code,
    _SESSION.c.text,
    _SESSION.c.state,
    _SESSION.c.outcome,
    _NOW.label("now"),
    restraint.screens_shown(_given("phone"), _NOW, LONGEST).label("screens_shown"),
    _citizens(_CITIZEN.c.language).label("language"),
    _citizens(_CITIZEN.c.ward_code).label("ward_code"),
    select(_COUNTY.c.revision).scalar_subquery().label("revision"),
)
_FIND = select(*_FOUND).where(_SESSION.c.id == _given("id")).with_for_update(of=_SESSION)
_MAKE = (
    insert(_SESSION)
    .values(
        **_givens("id", "phone", "service_code", "network_code"),
        outcome=Outcome.OPEN,
        hops=0,
        started_at=_NOW,
        last_at=_NOW,
    )
    .on_conflict_do_nothing()
    .returning(*_FOUND)
)
_BEFORE = (
    select(_SESSION.c.id)
    .where(_SESSION.c.phone == _given("phone"), _SESSION.c.id != _given("id"))
    .where(_SESSION.c.service_code == _given("service_code"))
    .where(_SESSION.c.started_at > _given("begun"), _SESSION.c.last_at > _given("since"))
    .order_by(_SESSION.c.last_at.desc())
    .limit(1)
    .scalar_subquery()
)
_NEWEST_OTHER = (
    select(_SESSION.c.id, _SESSION.c.state).where(_SESSION.c.id == _BEFORE).with_for_update(skip_locked=True)
)
_KEEP = (
    update(_SESSION)
    .where(_SESSION.c.id == _given("id"))
    .values(**_givens("text", "state", "screen", "outcome"), hops=_SESSION.c.hops + 1, last_at=_given("now"))
    .add_cte(
        insert(_HOP)
        .values(session_id=_given("id"), **_givens("digest", "answer", "is_end"), at=_given("now"))
        .cte("kept")
    )
)


def opened(db: Session, hop: Hop, now: datetime | None) -> Opened:
    """Gives the locked session, made on its first request; `now` is None for the database's clock.

    A request without a text is most often a first one, and its row is made before it is looked for; one with a text
    most often finds it. Many first requests may come at once: those who made no row wait for the one who did.
    """
    asked = _values(id=hop.session_id, phone=hop.phone, now=now)
    new = _values(service_code=hop.service_code, network_code=hop.network_code)
    found = db.execute(_FIND, asked).one_or_none() if hop.text else None
    row = found or db.execute(_MAKE, asked | new).one_or_none() or db.execute(_FIND, asked).one()
    return Opened(**{**row._mapping, "state": row.state and read(row.state)})


def answer_to(db: Session, session: Opened, hop: Hop) -> tuple[str, bool] | None:
    """Gives what was answered to this text, and whether that ended the session; None for a new text.

    Texts grow, so one that is longer than the newest answered never was.
    """
    if session.text is None or len(hop.text) > len(session.text):
        return None
    kept = db.get(UssdHop, (hop.session_id, _digest(hop.text)))
    return (kept.answer, kept.is_end) if kept else None


def keep(db: Session, session: Opened, hop: Hop, turn: Turn) -> None:
    """Keeps the answer to a new text, and where the session stands now."""
    has_ended = turn.is_end and session.outcome is Outcome.OPEN
    kept = _values(
        id=hop.session_id,
        text=hop.text,
        state=None if turn.is_end else vars(turn.state),
        screen=turn.state.screen,
        outcome=Outcome.ENDED if has_ended else session.outcome,
        now=session.now,
        digest=_digest(hop.text),
        answer=turn.text,
        is_end=turn.is_end,
    )
    db.execute(_KEEP, kept)


def newest_other(db: Session, hop: Hop, now: datetime) -> tuple[str, State] | None:
    """Gives the session before this one, of the same phone and a moment ago, locked: its id, and where it stands.

    And no other: one whose last hop is still at work is passed over, an older one is not offered instead.
    """
    since = now - RESUME_WITHIN
    wanted = _values(id=hop.session_id, phone=hop.phone, service_code=hop.service_code)
    found = db.execute(_NEWEST_OTHER, wanted | _values(since=since, begun=since - LONGEST)).one_or_none()
    return (found.id, read(found.state)) if found and found.state else None


def give_up(db: Session, session_id: str) -> None:
    """Lets a session stand nowhere, since another one has taken over where it stood."""
    db.execute(update(_SESSION).where(_SESSION.c.id == session_id).values(state=None))


def end(db: Session, told: SessionEnd, now: datetime) -> None:
    """Keeps how a session ended. The carrier's first word holds, also over our own guess; an unknown session is none
    of ours.
    """
    session = db.get(UssdSession, told.session_id, with_for_update=True)
    if session is None or session.carrier_ended:
        return
    tallies.uncount_session(db, session)
    session.outcome = Outcome(told.status)
    session.duration_ms = told.duration_ms
    session.hops = told.hops or session.hops
    session.finished_at = now
    session.carrier_ended = True


def sweep(db: Session, now: datetime) -> None:
    """Closes sessions that are over without a word from the carrier, and forgets what was typed and shown a day ago."""
    over = (
        UssdSession.finished_at.is_(None),
        UssdSession.started_at < now - LONGEST,
        UssdSession.last_at < now - LONGEST,
    )
    silent = update(UssdSession).where(*over, UssdSession.outcome == Outcome.OPEN)
    db.execute(silent.values(outcome=Outcome.INCOMPLETE))
    db.execute(update(UssdSession).where(*over).values(finished_at=now))
    old = ~UssdSession.is_forgotten, UssdSession.started_at < now - WORDS_KEPT
    db.execute(update(UssdSession).where(*old).values(state=None, text=None, is_forgotten=True))
    db.execute(delete(UssdHop).where(UssdHop.at < now - WORDS_KEPT))


def read(kept: dict[str, Any]) -> State:
    """Gives a dialogue's state as it was kept."""
    trail = tuple((name, page) for name, page in kept["trail"])
    return State(**{**kept, "trail": trail})


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
