"""Signing in as people do: the pages, the cookie, and what a thief of either gets."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import accounts, database, queue
from gateway.accounts import Place
from gateway.settings import Settings
from models import Role, SignInFailure, Staff, StaffSession
from tests import grounds
from tests.grounds import NOW
from tests.handlers.staff import PASSWORD, code, enter, hire, post, sign_in, token

SIGN_IN = "/console/sign-in"
NEW = "tractor under violet ceilings"


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


def test_an_admin_enters_a_code_after_the_password_and_not_before(client: FlaskClient) -> None:
    hire("root", Role.ADMIN)
    page = post(client, SIGN_IN, name="root", password=PASSWORD)
    assert page.request.path == "/console/second-factor"
    assert client.get("/console/").headers["Location"] == "/console/second-factor"
    page = post(client, "/console/second-factor", page, code=code("root"))
    assert "Cases" in page.text


def test_a_wrong_code_does_not_open_and_a_used_one_neither(client: FlaskClient) -> None:
    hire("root", Role.ADMIN)
    page = post(client, SIGN_IN, name="root", password=PASSWORD)
    page = post(client, "/console/second-factor", page, code="000000")
    assert "That code doesn" in page.text
    now = code("root")
    post(client, "/console/second-factor", page, code=now)
    assert is_in(client)
    other = client.application.test_client()
    page = post(other, SIGN_IN, name="root", password=PASSWORD)
    assert "That code doesn" in post(other, "/console/second-factor", page, code=now).text
    assert not is_in(other)


def test_an_admin_without_a_second_factor_enrols_one_at_the_first_sign_in(client: FlaskClient, kept: Session) -> None:
    hire("root", Role.ADMIN, totp_secret=None)
    page = post(client, SIGN_IN, name="root", password=PASSWORD)
    assert page.request.path == "/console/second-factor/new"
    assert 'src="data:image/svg+xml' in page.text
    assert client.get("/console/").headers["Location"] == "/console/second-factor/new"
    secret = kept.scalars(select(StaffSession.drawn_secret)).one()
    assert secret
    page = post(client, "/console/second-factor/new", page, code="000000")
    assert kept.scalars(select(Staff.totp_confirmed_at)).one() is None
    page = post(client, "/console/second-factor/new", page, code=pyotp.TOTP(secret).now())
    assert "counts from now on" in page.text
    kept.expire_all()
    assert kept.scalars(select(Staff.totp_secret)).one() == secret
    assert client.get("/console/second-factor/new").headers["Location"] == "/console/account"


def test_a_drawn_password_must_be_changed_before_anything_else(client: FlaskClient) -> None:
    hire(must_change_password=True)
    page = post(client, SIGN_IN, name="asha", password=PASSWORD)
    assert page.request.path == "/console/password"
    assert client.get("/console/").headers["Location"] == "/console/password"
    assert "must differ" in post(client, "/console/password", page, new=PASSWORD, again=PASSWORD).text
    assert "differ" in post(client, "/console/password", page, new=NEW, again=NEW + "x").text
    assert (
        "first that are guessed"
        in post(client, "/console/password", page, new="Kapsabet-1548-Nandi", again="Kapsabet-1548-Nandi").text
    )
    page = post(client, "/console/password", page, new=NEW, again=NEW)
    assert "Cases" in page.text


@pytest.mark.parametrize(
    "more",
    [
        {"name": "nobody"},
        {"password": "a guess"},
        {"name": "ASHA "},
        {"name": "disabled"},
        {"name": "resting"},
        {"name": "'--"},
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(client: FlaskClient, more: dict[str, str]) -> None:
    hire()
    hire("disabled", disabled_at=NOW)
    hire("resting", locked_until=NOW + timedelta(days=10_000))
    form = {"name": "asha", "password": PASSWORD, **more}
    answer = post(client, SIGN_IN, **form)
    is_right = form["name"].strip().lower() == "asha" and form["password"] == PASSWORD
    assert is_in(client) is is_right
    assert ("fit, or the account rests" in answer.text) is not is_right


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


def test_htmx_is_told_to_go_to_the_sign_in(client: FlaskClient) -> None:
    answer = client.get("/console/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, SIGN_IN)


def test_who_signs_in_comes_back_to_the_page_they_wanted(client: FlaskClient) -> None:
    hire("root", Role.ADMIN)
    wanted = client.get("/console/staff?x=1").headers["Location"]
    page = post(client, wanted, name="root", password=PASSWORD)
    page = post(client, "/console/second-factor", page, code=code("root"))
    assert (page.request.path, page.request.query_string) == ("/console/staff", b"x=1")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/console/\\evil.example",
        "/console//../..//evil.example",
        "/console/../../evil",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/console/\r\nX-Evil: 1",
        "/console/\tx",
        " /console/staff",
        "%2F%2Fevil.example",
        "/console@evil.example",
        "/consoleevil",
        "console/staff",
        "/%5cevil.example",
        "/\u2044evil.example",
        "/",
        "",
    ],
)
def test_no_next_leads_out_of_the_console(client: FlaskClient, wanted: str) -> None:
    hire()
    page = client.get(SIGN_IN, query_string={"next": wanted})
    form = {"name": "asha", "password": PASSWORD}
    answer = client.post(SIGN_IN, query_string={"next": wanted}, data={"csrf_token": token(page), **form})
    assert answer.headers["Location"] == "/console/"


def test_without_a_database_the_console_says_to_try_again(client: FlaskClient, settings: Settings) -> None:
    hire()
    enter(client)
    with grounds.connected(replace(settings, database_url="postgresql://postgres@/gateway?host=/nonexistent")):
        for path in ("/console/", SIGN_IN):
            answer = client.get(path)
            assert (answer.status_code, "Try again in a minute" in answer.text) == (503, True)


def test_signing_in_needs_no_redis(client: FlaskClient) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    hire()
    sign_in(client)
    assert is_in(client)


def test_forty_fields_more_change_nothing_but_what_the_form_is_for(client: FlaskClient, kept: Session) -> None:
    hire()
    enter(client)
    extra = dict.fromkeys(("role", "is_admin", "name", "staff_name", "department_code", "rights"), "admin")
    extra |= {column.name: "1" for column in Staff.__table__.columns} | {f"field{n}": "x" for n in range(40)}
    before = kept.execute(select(Staff.__table__)).mappings().one()
    extra.pop("language")
    post(client, "/console/account/language", client.get("/console/account"), **extra, language="sw")
    after = kept.execute(select(Staff.__table__)).mappings().one()
    assert {name for name in before if before[name] != after[name]} == {"language"}


def test_failures_are_kept_by_where_they_came_from_and_tell_no_name(client: FlaskClient, kept: Session) -> None:
    post(client, SIGN_IN, name="a-secret-typed-as-a-name", password="x")
    row = kept.scalars(select(SignInFailure)).one()
    assert row.source == "127.0.0.1"
    assert "secret" not in str(vars(row))
