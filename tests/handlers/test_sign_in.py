"""Signing in as people do: the pages, their one answer to whatever is wrong, and where they lead."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import queue
from gateway.settings import Settings
from models import Role, SignInFailure, Staff, StaffSession
from tests import grounds
from tests.grounds import NOW
from tests.handlers.staff import PASSWORD, code, enter, hire, post, sign_in, token

SIGN_IN = "/console/sign-in"
NEW = "tractor under violet ceilings"


def is_in(client: FlaskClient) -> bool:
    return client.get("/console/account").status_code == 200


def test_an_admin_enters_a_code_after_the_password_and_not_before(client: FlaskClient) -> None:
    hire("root", Role.ADMIN)
    page = post(client, SIGN_IN, name="root", password=PASSWORD)
    assert page.request.path == "/console/second-factor"
    assert client.get("/console/").headers["Location"] == "/console/second-factor"
    page = post(client, "/console/second-factor", page, code=code("root"))
    assert "Tickets" in page.text


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
    assert "Tickets" in page.text


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
    post(client, "/console/language", client.get("/console/account"), **extra, language="sw")
    after = kept.execute(select(Staff.__table__)).mappings().one()
    assert {name for name in before if before[name] != after[name]} == {"language"}


def test_failures_are_kept_by_where_they_came_from_and_tell_no_name(client: FlaskClient, kept: Session) -> None:
    post(client, SIGN_IN, name="a-secret-typed-as-a-name", password="x")
    row = kept.scalars(select(SignInFailure)).one()
    assert row.source == "127.0.0.1"
    assert "secret" not in str(vars(row))
