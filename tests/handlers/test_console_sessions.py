"""Sessions in a browser: the cookie, what ends it, and what a thief of it gets."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import accounts, database
from gateway.accounts import Place
from models import Role, StaffSession
from tests.grounds import NOW
from tests.handlers.staff import PASSWORD, code, enter, hire, post, sign_in

SIGN_IN = "/console/sign-in"


def is_in(client: FlaskClient) -> bool:
    return client.get("/console/account").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    return found.value


def age(kept: Session, **older: timedelta) -> None:
    """Makes every session older than it is."""
    changes = {name: getattr(StaffSession, name) - by for name, by in older.items()}
    kept.execute(update(StaffSession).values(changes))


def test_nobody_can_hand_a_session_to_somebody_who_signs_in(client: FlaskClient, kept: Session) -> None:
    hire("root", Role.ADMIN)
    client.get(SIGN_IN)
    before = cookie(client)
    post(client, SIGN_IN, name="root", password=PASSWORD)
    halfway, first = cookie(client), kept.scalars(select(StaffSession.digest)).one()
    page = client.get("/console/second-factor")
    post(client, "/console/second-factor", page, code=code("root"))
    assert kept.scalars(select(StaffSession.digest)).one() != first
    for stolen in (before, halfway):
        thief = client.application.test_client()
        thief.set_cookie("session", stolen)
        assert not is_in(thief)


def test_a_cookie_is_worth_nothing_after_its_owner_signed_out(client: FlaskClient) -> None:
    hire()
    page = sign_in(client)
    stolen = cookie(client)
    post(client, "/console/sign-out", page)
    client.set_cookie("session", stolen)
    assert not is_in(client)


def test_signing_out_everywhere_ends_other_browsers_too(client: FlaskClient) -> None:
    hire()
    other = client.application.test_client()
    enter(other)
    enter(client)
    post(client, "/console/account/sign-out-everywhere", client.get("/console/account"))
    assert not is_in(other)
    assert not is_in(client)


@pytest.mark.parametrize("deed", ["disable", "demote", "reset", "lose"])
def test_what_an_admin_does_holds_from_the_next_request_on(client: FlaskClient, deed: str) -> None:
    hire()
    enter(client)
    assert is_in(client)
    with database.transaction() as db:
        if deed == "disable":
            accounts.disable(db, "asha", "root", NOW)
        elif deed == "demote":
            accounts.move(db, "asha", Place(Role.AUDITOR), "root", NOW)
        elif deed == "reset":
            accounts.reset_password(db, "asha", "root", NOW)
        else:
            accounts.lose_second_factor(db, "asha", "root", NOW)
    assert not is_in(client)


def test_half_an_hour_of_quiet_ends_a_session(client: FlaskClient, kept: Session) -> None:
    hire()
    enter(client)
    age(kept, seen_at=timedelta(minutes=29))
    assert is_in(client)
    age(kept, seen_at=timedelta(minutes=31))
    assert not is_in(client)


def test_a_page_that_asks_by_itself_does_not_count_as_somebody(client: FlaskClient, kept: Session) -> None:
    hire()
    enter(client)
    age(kept, seen_at=timedelta(minutes=20))
    seen = kept.scalars(select(StaffSession.seen_at)).one()
    client.get("/console/?poll=1", headers={"HX-Request": "true"})
    assert kept.scalars(select(StaffSession.seen_at)).one() == seen
    client.get("/console/", headers={"HX-Request": "true"})
    kept.expire_all()
    assert kept.scalars(select(StaffSession.seen_at)).one() > seen


def test_twelve_hours_end_a_session_that_is_in_use(client: FlaskClient, kept: Session) -> None:
    hire()
    enter(client)
    age(kept, started_at=timedelta(hours=12))
    assert not is_in(client)
