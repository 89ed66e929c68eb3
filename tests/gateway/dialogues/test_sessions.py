"""Old sessions are closed without the carrier's word, and what was typed in them is forgotten after a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import tallies
from gateway.carriers import SessionEnd
from gateway.dialogues import arrivals, sessions
from gateway.operations import health
from models import Outcome, UssdHop, UssdSession
from tests.grounds import NOW, PHONE


@pytest.fixture
def session(db: Session) -> UssdSession:
    """A session whose last request was answered at NOW."""
    made = UssdSession(id="ATUid_1", phone=PHONE, service_code="*1548#", outcome=Outcome.OPEN, hops=1)
    made.text, made.state, made.started_at, made.last_at = "1*private words", {"answers": "private words"}, NOW, NOW
    db.add(made)
    db.flush()
    db.add(UssdHop(session_id=made.id, digest="d", answer="private words", is_end=False, at=NOW))
    db.flush()
    return made


def sweep(db: Session, later: timedelta) -> None:
    sessions.sweep(db, NOW + later)
    db.expire_all()


def test_a_session_that_may_still_live_is_left_alone(db: Session, session: UssdSession) -> None:
    sweep(db, timedelta(minutes=9))
    assert (session.outcome, session.finished_at, session.text) == (Outcome.OPEN, None, "1*private words")


def test_a_session_the_carrier_never_ended_is_incomplete(db: Session, session: UssdSession) -> None:
    sweep(db, timedelta(minutes=11))
    assert (session.outcome, session.finished_at) == (Outcome.INCOMPLETE, NOW + timedelta(minutes=11))


def test_a_session_we_ended_ourselves_stays_ended(db: Session, session: UssdSession) -> None:
    session.outcome = Outcome.ENDED
    db.flush()
    sweep(db, timedelta(minutes=11))
    assert session.outcome is Outcome.ENDED
    assert session.finished_at is not None


def test_the_day_a_session_was_closed_never_moves(db: Session, session: UssdSession) -> None:
    sweep(db, timedelta(minutes=11))
    sweep(db, timedelta(minutes=31))
    assert session.finished_at == NOW + timedelta(minutes=11)


def test_words_are_forgotten_after_a_day(db: Session, session: UssdSession) -> None:
    sweep(db, timedelta(hours=23))
    assert session.text
    sweep(db, timedelta(hours=25))
    everything = [str(vars(row)) for model in (UssdSession, UssdHop) for row in db.scalars(select(model))]
    assert len(everything) == 1
    assert "private" not in everything[0]


def test_the_carriers_word_that_comes_hours_late_holds_over_our_guess_and_is_counted_once(
    db: Session, session: UssdSession
) -> None:
    sweep(db, timedelta(minutes=11))
    tallies.roll_up(db, NOW + timedelta(hours=1))
    db.flush()
    for status in ("success", "failed"):
        sessions.end(db, SessionEnd(session.id, status, 3, 192), NOW + timedelta(hours=2))
        db.flush()
        assert session.outcome is Outcome.SUCCESS
        assert +health.sessions(db) == {"success": 1}


def test_a_spooled_ending_counts_from_now_and_a_spooled_sms_from_when_it_came() -> None:
    later = NOW + timedelta(hours=3)
    assert [arrivals.moment(hook, NOW, later) for hook in ("ussd-ended", "delivery", "sms")] == [later, later, NOW]
