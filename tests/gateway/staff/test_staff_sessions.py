"""Sessions of staff: each ends by itself, and what was done to the account ends it at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.staff import accounts, staff_sessions
from gateway.staff.staff_sessions import Step
from models import Role, SignInFailure, Staff, StaffSession
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def asha(db: Session) -> Staff:
    """An agent without a second factor."""
    made = Staff(name="asha", role=Role.AGENT, created_at=NOW)
    accounts.add(db, made, PASSWORD)
    return made


@pytest.fixture
def token(db: Session, asha: Staff) -> str:
    """The token of her session."""
    return staff_sessions.begin(db, asha, NOW)[0]


def test_what_the_database_holds_opens_nothing(db: Session, token: str) -> None:
    session = db.scalars(select(StaffSession)).one()
    assert token not in session.digest
    assert staff_sessions.find(db, session.digest, NOW) is None
    assert staff_sessions.find(db, token, NOW) is not None


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "x" * 10_000])
def test_a_made_up_token_opens_nothing(db: Session, asha: Staff, token: str) -> None:
    assert staff_sessions.find(db, token, NOW) is None


def test_no_two_tokens_are_alike(db: Session, asha: Staff) -> None:
    assert len({staff_sessions.begin(db, asha, NOW)[0] for _ in range(20)}) == 20


def test_half_an_hour_without_a_deed_ends_it(db: Session, token: str) -> None:
    assert staff_sessions.find(db, token, NOW + 29 * MINUTE) is not None
    assert staff_sessions.find(db, token, NOW + 58 * MINUTE) is not None
    assert staff_sessions.find(db, token, NOW + 88 * MINUTE) is None


def test_what_the_page_asks_by_itself_keeps_it_not_alive(db: Session, token: str) -> None:
    for minute in range(30):
        assert staff_sessions.find(db, token, NOW + minute * MINUTE, is_by_hand=False) is not None
    assert staff_sessions.find(db, token, NOW + 30 * MINUTE, is_by_hand=False) is None


def test_twelve_hours_end_it_however_busy_it_is(db: Session, token: str) -> None:
    for step in range(1, 12 * 6):
        assert staff_sessions.find(db, token, NOW + step * 10 * MINUTE) is not None
    assert staff_sessions.find(db, token, NOW + 12 * HOUR) is None


def test_it_is_written_down_once_a_minute_at_most(db: Session, token: str) -> None:
    session = db.scalars(select(StaffSession)).one()
    staff_sessions.find(db, token, NOW + timedelta(seconds=59))
    assert session.seen_at == NOW
    staff_sessions.find(db, token, NOW + timedelta(seconds=61))
    assert session.seen_at == NOW + timedelta(seconds=61)


def test_half_a_sign_in_ends_after_ten_minutes(db: Session, asha: Staff) -> None:
    asha.totp_secret, asha.totp_confirmed_at = SECRET, NOW
    token, visit = staff_sessions.begin(db, asha, NOW)
    assert visit.step is Step.SECOND_FACTOR
    assert staff_sessions.find(db, token, NOW + 9 * MINUTE) is not None
    assert staff_sessions.find(db, token, NOW + 10 * MINUTE) is None


def test_a_disabled_account_has_no_session_even_where_a_row_was_left(db: Session, asha: Staff, token: str) -> None:
    asha.disabled_at = NOW
    db.flush()
    assert staff_sessions.find(db, token, NOW) is None


@pytest.mark.parametrize(
    ("more", "has_proved", "step"),
    [
        ({}, False, None),
        ({"must_change_password": True}, False, Step.PASSWORD),
        ({"totp_confirmed_at": NOW}, False, Step.SECOND_FACTOR),
        ({"totp_confirmed_at": NOW}, True, None),
        ({"totp_confirmed_at": NOW, "must_change_password": True}, False, Step.SECOND_FACTOR),
        ({"totp_confirmed_at": NOW, "must_change_password": True}, True, Step.PASSWORD),
        ({"role": Role.ADMIN}, False, Step.ENROL),
        ({"role": Role.ADMIN, "must_change_password": True}, False, Step.PASSWORD),
        ({"role": Role.APPROVER, "totp_confirmed_at": NOW}, True, None),
        ({"must_enrol": True}, False, Step.ENROL),
    ],
)
def test_what_must_be_done_first_comes_in_one_order(
    db: Session, asha: Staff, more: dict[str, object], has_proved: bool, step: Step | None
) -> None:
    for name, value in more.items():
        setattr(asha, name, value)
    _, visit = staff_sessions.begin(db, asha, NOW, has_proved=has_proved)
    assert visit.step is step


def test_one_sign_out_ends_one_session_and_everywhere_ends_all(db: Session, asha: Staff, token: str) -> None:
    others = [staff_sessions.begin(db, asha, NOW)[0] for _ in range(2)]
    staff_sessions.end(db, token)
    assert staff_sessions.find(db, token, NOW) is None
    assert staff_sessions.find(db, others[0], NOW) is not None
    staff_sessions.end_all(db, "asha")
    assert [staff_sessions.find(db, other, NOW) for other in others] == [None, None]


def test_what_has_ended_is_forgotten_and_what_lives_is_kept(db: Session, asha: Staff, token: str) -> None:
    later = NOW + timedelta(days=1, hours=1)
    kept, _ = staff_sessions.begin(db, asha, later)
    db.add_all([SignInFailure(source="192.0.2.1", at=NOW), SignInFailure(source="192.0.2.1", at=later)])
    db.flush()
    staff_sessions.forget(db, later)
    assert len(db.scalars(select(StaffSession)).all()) == 1
    assert staff_sessions.find(db, kept, later) is not None
    assert db.scalars(select(SignInFailure.at)).all() == [later]
