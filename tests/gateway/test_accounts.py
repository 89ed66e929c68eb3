"""Accounts of the console: weak ones are refused, guessing ends after ten tries, and no reason is ever told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import accounts
from gateway.errors import BadAccount
from models import Role, Staff
from tests.grounds import NOW

PASSWORD = "correct horse battery staple"


def account(name: str = "asha", **more: object) -> Staff:
    return Staff(name=name, role=Role.AGENT, created_at=NOW, **more)


@pytest.fixture
def asha(db: Session) -> Staff:
    """An agent who may sign in."""
    made = account()
    accounts.add(db, made, PASSWORD)
    db.flush()
    return made


def test_the_right_password_signs_in(db: Session, asha: Staff) -> None:
    assert accounts.sign_in(db, "asha", PASSWORD, NOW) is asha


@pytest.mark.parametrize("password", ["", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper(), "x" * 5000])
def test_any_other_password_does_not(db: Session, asha: Staff, password: str) -> None:
    assert accounts.sign_in(db, "asha", password, NOW) is None


@pytest.mark.parametrize("name", ["", "Asha", "asha ", "nobody", "asha' OR '1'='1"])
def test_any_other_name_does_not(db: Session, asha: Staff, name: str) -> None:
    assert accounts.sign_in(db, name, PASSWORD, NOW) is None


def test_after_ten_wrong_tries_an_account_rests_for_a_quarter_of_an_hour(db: Session, asha: Staff) -> None:
    asha.failures = 7
    db.flush()
    for _ in range(3):
        assert accounts.sign_in(db, "asha", "a guess", NOW) is None
    assert accounts.sign_in(db, "asha", PASSWORD, NOW) is None
    assert accounts.sign_in(db, "asha", PASSWORD, NOW + timedelta(minutes=14)) is None
    assert accounts.sign_in(db, "asha", PASSWORD, NOW + timedelta(minutes=16)) is asha


def test_a_right_password_forgives_the_wrong_ones_before_it(db: Session, asha: Staff) -> None:
    asha.failures = 9
    db.flush()
    assert accounts.sign_in(db, "asha", PASSWORD, NOW) is asha
    assert accounts.sign_in(db, "asha", "a guess", NOW) is None
    assert accounts.sign_in(db, "asha", PASSWORD, NOW) is asha


def test_a_disabled_account_is_nobodys(db: Session, asha: Staff) -> None:
    asha.disabled_at = NOW
    db.flush()
    assert accounts.sign_in(db, "asha", PASSWORD, NOW) is None
    assert accounts.find(db, "asha") is None


@pytest.mark.parametrize("password", ["", "fourteen chars", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(db: Session, password: str) -> None:
    with pytest.raises(BadAccount, match="15 to 256 characters"):
        accounts.add(db, account(), password)


def test_a_taken_name_is_refused(db: Session, asha: Staff) -> None:
    with pytest.raises(BadAccount, match="'asha' already"):
        accounts.add(db, account(), PASSWORD)


def test_an_unknown_department_is_refused(db: Session) -> None:
    with pytest.raises(BadAccount, match="no department 'treasury'"):
        accounts.add(db, account(department_code="treasury"), PASSWORD)


def test_the_password_itself_is_kept_nowhere(db: Session, asha: Staff) -> None:
    assert asha.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(vars(asha))


def test_the_first_account_is_made_once_and_its_password_works(db: Session) -> None:
    made = accounts.add_first(db, NOW)
    assert made is not None
    db.flush()
    assert accounts.add_first(db, NOW) is None
    assert db.scalars(select(Staff.role)).all() == [Role.ADMIN]
    assert accounts.sign_in(db, *made, NOW) is not None
