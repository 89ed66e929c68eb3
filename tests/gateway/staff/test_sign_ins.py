"""Signing in: who proves to be whom gets in, guessing ends, and no reason is ever told."""

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.staff import accounts, passwords, sign_ins
from models import AuditEntry, Role, SignInFailure, Staff, StaffSession
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def asha(db: Session) -> Staff:
    """An agent who may sign in."""
    made = Staff(name="asha", role=Role.AGENT, created_at=NOW)
    accounts.add(db, made, PASSWORD)
    return made


@pytest.fixture
def admin(db: Session) -> Staff:
    """An admin with a second factor."""
    made = Staff(name="root", role=Role.ADMIN, created_at=NOW, totp_secret=SECRET)
    accounts.add(db, made, PASSWORD)
    return made


def prove(
    db: Session, name: str = "asha", password: str = PASSWORD, at: datetime = NOW, source: str = HERE
) -> Staff | None:
    return sign_ins.prove_password(db, name, password, source, at)


def fail(db: Session, at: datetime = NOW) -> None:
    """Fails once, from somewhere else."""
    assert prove(db, "asha", "a guess", at, "198.51.100.1") is None


def tire(db: Session, source: str, times: int) -> None:
    """Has a network fail, which takes long when it is done one by one."""
    prove(db, "nobody", source=source)
    (network,) = db.scalars(select(SignInFailure.source).distinct())
    db.add_all(SignInFailure(source=network, at=NOW) for _ in range(times - 1))


def test_the_right_password_signs_in(db: Session, asha: Staff) -> None:
    assert prove(db) is asha


@pytest.mark.parametrize("name", ["Asha", " ASHA ", "asha "])
def test_a_name_is_known_however_a_phones_keyboard_writes_it(db: Session, asha: Staff, name: str) -> None:
    assert prove(db, name) is asha


@pytest.mark.parametrize("password", ["", "correct horse", PASSWORD + " ", PASSWORD.upper(), "x" * 10_000])
def test_a_wrong_password_does_not(db: Session, asha: Staff, password: str) -> None:
    assert prove(db, password=password) is None
    assert asha.failures == 1


@pytest.mark.parametrize("name", ["", "nobody", "asha%", "' OR 1=1 --", "a" * 10_000])
def test_an_unknown_name_does_not(db: Session, asha: Staff, name: str) -> None:
    assert prove(db, name) is None


def test_after_ten_wrong_tries_an_account_rests_for_a_quarter_of_an_hour(db: Session, asha: Staff) -> None:
    asha.failures = 8
    fail(db)
    assert prove(db) is asha
    fail(db)
    assert prove(db) is None
    assert prove(db, at=NOW + timedelta(minutes=14)) is None
    assert prove(db, at=NOW + timedelta(minutes=16)) is asha


def test_each_rest_is_twice_as_long_for_a_day_at_most_and_never_for_ever(db: Session, admin: Staff) -> None:
    at, rests = NOW, []
    for _ in range(9):
        admin.failures = 9
        assert sign_ins.prove_code(db, "root", "000000", HERE, at) is None
        assert admin.locked_until is not None
        rests.append((admin.locked_until - at).total_seconds() / 60)
        at = admin.locked_until
    assert rests == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert prove(db, "root", at=at) is admin


def test_while_it_rests_nothing_makes_it_rest_longer(db: Session, asha: Staff) -> None:
    asha.failures = 9
    fail(db)
    until, asha.failures = asha.locked_until, 9
    fail(db, NOW + timedelta(minutes=10))
    assert asha.locked_until == until


def test_a_whole_sign_in_forgives_what_failed_before(db: Session, asha: Staff) -> None:
    asha.failures, asha.locks = 9, 3
    sign_ins.let_in(db, asha, NOW)
    assert (asha.failures, asha.locks) == (0, 0)


def test_a_right_password_alone_buys_no_more_codes(db: Session, admin: Staff) -> None:
    for number in range(10):
        sign_ins.let_in(db, admin, NOW)
        assert sign_ins.prove_code(db, "root", "000000", f"198.51.100.{number}", NOW) is None
    assert admin.locked_until is not None
    assert sign_ins.prove_code(db, "root", pyotp.TOTP(SECRET).at(NOW), HERE, NOW) is None
    assert prove(db, "root") is None


def test_a_right_code_is_taken_once(db: Session, admin: Staff) -> None:
    code = pyotp.TOTP(SECRET).at(NOW)
    assert sign_ins.prove_code(db, "root", code, HERE, NOW) is admin
    assert sign_ins.prove_code(db, "root", code, HERE, NOW) is None


def test_a_source_that_failed_twenty_times_in_five_minutes_is_refused_unheard(db: Session, asha: Staff) -> None:
    tire(db, HERE, 19)
    assert prove(db) is asha
    tire(db, HERE, 1)
    assert prove(db) is None
    assert prove(db, source=THERE) is asha
    assert prove(db, at=NOW + timedelta(minutes=6)) is asha


def test_what_is_refused_unheard_costs_an_account_nothing(db: Session, asha: Staff) -> None:
    db.add_all(SignInFailure(source=HERE, at=NOW) for _ in range(20))
    assert prove(db, password="a guess") is None
    assert asha.failures == 0


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "somewhere", False),
    ],
)
def test_a_guesser_who_owns_a_whole_network_is_one_guesser(
    db: Session, asha: Staff, one: str, other: str, are_one: bool
) -> None:
    tire(db, one, 20)
    assert (prove(db, source=other) is None) is are_one


def test_a_disabled_account_is_nobodys(db: Session, asha: Staff) -> None:
    asha.disabled_at = NOW
    assert prove(db) is None


def test_an_account_without_the_console_has_no_password_that_fits(db: Session) -> None:
    accounts.add(db, Staff(name="field", role=Role.AGENT, phone="0712345678", created_at=NOW), None)
    assert prove(db, "field", "") is None


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    db: Session, asha: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    fits = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda kept, typed: compared.append(typed) or fits(kept, typed))
    prove(db, "nobody", "a guess")
    prove(db, "asha", "a guess")
    assert compared == ["a guess"] * 2


def test_sign_ins_and_rests_are_recorded_and_guesses_are_not(db: Session, asha: Staff) -> None:
    sign_ins.let_in(db, asha, NOW)
    asha.failures = 9
    fail(db)
    prove(db, "my secret typed as a name")
    actions = [(entry.actor, entry.action, entry.subject) for entry in db.scalars(select(AuditEntry))]
    assert actions[1:] == [("asha", "signed_in", "staff:asha"), ("(nobody)", "sign_in_locked", "staff:asha")]


def test_who_owes_a_second_factor_gets_half_a_session_with_a_secret_in_it(db: Session) -> None:
    chief = Staff(name="chief", role=Role.APPROVER, created_at=NOW)
    accounts.add(db, chief, PASSWORD)
    sign_ins.let_in(db, chief, NOW)
    session = db.scalars(select(StaffSession)).one()
    assert not session.is_whole
    assert session.drawn_secret
