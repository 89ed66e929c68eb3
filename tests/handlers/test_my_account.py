"""My account: what members of staff change themselves, and what a thief of their session can't."""

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.staff import passwords
from models import Staff, StaffSession
from tests.handlers.staff import PASSWORD, SECRET, code, enter, hire, post

ACCOUNT = "/console/account"
ENROL = "/console/account/second-factor"
NEW = "tractor under violet ceilings"


@pytest.fixture
def asha(client: FlaskClient) -> FlaskClient:
    """An agent's browser."""
    hire()
    enter(client)
    return client


def kept_password(kept: Session) -> str:
    kept.expire_all()
    return kept.scalars(select(Staff.password_hash)).one()


def test_a_new_password_needs_the_old_one(asha: FlaskClient, kept: Session) -> None:
    page = post(asha, "/console/password", current="a guess", new=NEW, again=NEW)
    assert "That is not your password" in page.text
    assert passwords.fits(kept_password(kept), PASSWORD)


def test_a_new_password_ends_other_sessions_and_keeps_this_one(asha: FlaskClient, kept: Session) -> None:
    other = asha.application.test_client()
    enter(other)
    page = post(asha, "/console/password", current=PASSWORD, new=NEW, again=NEW)
    assert "Your password was changed." in page.text
    assert passwords.fits(kept_password(kept), NEW)
    assert (asha.get(ACCOUNT).status_code, other.get(ACCOUNT).status_code) == (200, 302)


@pytest.mark.parametrize(("enrolled", "is_taken"), [(True, True), (False, False)])
def test_a_short_password_is_for_those_with_a_second_factor(
    client: FlaskClient, kept: Session, enrolled: bool, is_taken: bool
) -> None:
    hire(totp_secret=SECRET if enrolled else None)
    enter(client)
    page = post(client, "/console/password", current=PASSWORD, new="vQ8!mZr2", again="vQ8!mZr2")
    assert ("Your password was changed." in page.text) is is_taken
    assert passwords.fits(kept_password(kept), "vQ8!mZr2") is is_taken


def test_a_second_factor_is_enrolled_with_the_password_and_a_code(asha: FlaskClient, kept: Session) -> None:
    assert "That is not your password" in post(asha, ENROL, asha.get(ACCOUNT), current="a guess").text
    page = post(asha, ENROL, asha.get(ACCOUNT), current=PASSWORD)
    secret = kept.scalars(select(StaffSession.drawn_secret)).one()
    assert secret
    assert "".join(page.text.split()).count(secret[:4]) >= 1
    post(asha, "/console/second-factor/new", page, code=pyotp.TOTP(secret).now())
    kept.expire_all()
    assert kept.scalars(select(Staff.totp_secret)).one() == secret
    assert "Enrolled" in asha.get(ACCOUNT).text
    assert secret not in asha.get(ACCOUNT).text


def test_the_old_second_factor_counts_until_the_new_one_is_confirmed(client: FlaskClient, kept: Session) -> None:
    hire(totp_secret=SECRET)
    enter(client)
    page = post(client, ENROL, client.get(ACCOUNT), current=PASSWORD)
    post(client, "/console/second-factor/new", page, code=code())
    kept.expire_all()
    assert kept.scalars(select(Staff.totp_secret)).one() == SECRET


@pytest.mark.parametrize(("language", "is_kept"), [("sw", True), ("en", True), ("xx", False), ("", False)])
def test_the_language_is_one_of_the_consoles(asha: FlaskClient, kept: Session, language: str, is_kept: bool) -> None:
    post(asha, "/console/language", asha.get(ACCOUNT), language=language)
    assert (kept.scalars(select(Staff.language)).one() == language) is is_kept
