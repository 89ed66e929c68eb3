"""Sessions in a browser: the cookie, what ends it, and what a thief of it gets."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.staff import accounts
from gateway.staff.accounts import Place
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


PAGE = "/console/tickets/K7QM2P4XD"


@pytest.mark.parametrize(
    ("address", "page", "back"),
    [
        pytest.param(f"{PAGE}/preview", f"http://localhost{PAGE}", PAGE, id="a page"),
        pytest.param(f"{PAGE}/preview", f"http://localhost{PAGE}/work", PAGE, id="a form that was refused"),
        pytest.param(f"{PAGE}/preview", f"http://localhost{PAGE}?what=note", f"{PAGE}?what%3Dnote", id="a choice"),
        pytest.param(f"{PAGE}/work", None, PAGE, id="a form that was sent"),
        pytest.param("/console/campaigns/7/edit", None, "/console/campaigns/7/edit", id="a form on a page of its own"),
        pytest.param(f"{PAGE}/preview", f"https://elsewhere.example{PAGE}", PAGE, id="another host: its path here"),
        pytest.param(f"{PAGE}/preview", "https://elsewhere.example", None, id="another host alone"),
        pytest.param(f"{PAGE}/preview", "http://localhost//elsewhere.example/x", None, id="no page of the console"),
        pytest.param(f"{PAGE}/preview", "http://[", None, id="no address"),
        pytest.param(f"{PAGE}/preview", "http://localhost" + "/x" * 3000, None, id="a long one"),
    ],
)
def test_whose_session_ended_while_they_wrote_is_led_back_to_the_page(
    client: FlaskClient, address: str, page: str | None, back: str | None
) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": page} if page else {}
    answer = client.post(address, headers=asked)
    assert answer.status_code == (204 if page else 302)
    led = answer.headers["HX-Redirect" if page else "Location"]
    assert led == (f"{SIGN_IN}?next={back}" if back else SIGN_IN)


def test_a_page_that_asked_by_itself_leads_back_to_where_it_was(client: FlaskClient) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://localhost/console/tickets?folder=mine"}
    answer = client.get("/console/tickets?poll=1&folder=mine", headers=asked)
    assert answer.headers["HX-Redirect"] == f"{SIGN_IN}?next=/console/tickets?folder%3Dmine"
