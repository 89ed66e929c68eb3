"""Who may: every route of the console, for every role, for nobody, and for those who are only halfway in.

What each view declares is compared with what happens when somebody asks for it.
"""

import hashlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from gateway import database
from gateway.settings import Settings
from gateway.staff.rights import RIGHTS, Right
from handlers import create_app
from handlers.console.access import Door, any_staff, door_of, needs, public
from models import Base, Role, Staff
from tests import grounds
from tests.grounds import NOW
from tests.handlers.staff import TOKEN, enter

NOBODY, HALFWAY, NEWCOMER, UNENROLLED = "nobody", "halfway", "newcomer", "unenrolled"
STEP_PAGES = {
    HALFWAY: "/console/second-factor",
    NEWCOMER: "/console/password",
    UNENROLLED: "/console/second-factor/new",
}
SIGN_IN = "/console/sign-in"
# What a page may write although it was only asked for: that somebody is there. Never a deed.
PRESENCE = {"staff_session", "ticket_viewer"}


@pytest.fixture
def app(county: Engine, clean_database: Engine, settings: Settings) -> Iterator[Flask]:
    """The application, with one member of each role and three who are halfway in. No sign-in page is part of this."""
    made = create_app(settings)
    with grounds.connected(settings):
        hire_each()
        yield made


def hire_each() -> None:
    """Makes one member of each role, an officer of health among them, and three who are halfway in."""
    common = {"created_at": NOW, "password_hash": "none", "totp_confirmed_at": NOW}
    with database.transaction() as db:
        for role in Role:
            department = "health" if role is Role.OFFICER else None
            db.add(Staff(name=role.value, role=role, department_code=department, **common))
        db.add(Staff(name=HALFWAY, role=Role.ADMIN, **common))
        db.add(Staff(name=NEWCOMER, role=Role.ADMIN, must_change_password=True, **common))
        db.add(Staff(name=UNENROLLED, role=Role.ADMIN, created_at=NOW, password_hash="none"))


def console(app: Flask) -> list[Rule]:
    """Gives the console's routes."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")]


def routes(app: Flask) -> list[tuple[Rule, Door, str]]:
    """Gives every route of the console with what it declares, once for each method."""
    found = []
    for rule in console(app):
        door = door_of(app.view_functions[rule.endpoint])
        assert door is not None, rule.endpoint
        found += [(rule, door, method) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return found


def browser(app: Flask, who: str) -> FlaskClient:
    """Gives a browser in which `who` is signed in, or halfway."""
    client = app.test_client()
    if who != NOBODY:
        enter(client, who, has_proved=who not in (HALFWAY, UNENROLLED))
    return client


def ask(client: FlaskClient, rule: Rule, method: str) -> TestResponse:
    return client.open(re.sub(r"<[^>]+>", "1", rule.rule), method=method)


def verdict(answer: TestResponse) -> str:
    """Gives what became of a request: refused, sent to a page of the sign-in, or let in."""
    to = answer.headers.get("Location", "").partition("?")[0]
    assert answer.status_code < 500
    if answer.status_code == 403:
        return "refused"
    return to if answer.status_code == 302 and to in {SIGN_IN, *STEP_PAGES.values()} else "in"


def expected(door: Door, who: str) -> str:
    """Gives what a declaration promises."""
    if who == NOBODY:
        return SIGN_IN
    if who in STEP_PAGES:
        return STEP_PAGES[who]
    may = door.right is None or door.right in RIGHTS[Role(who)]
    return "in" if may else "refused"


def is_open_to(door: Door, who: str) -> bool:
    """Whether a view is part of the way in for somebody who is halfway."""
    page = {"second factor": HALFWAY, "own password": NEWCOMER, "enrol": UNENROLLED}
    return who in {page[step.value] for step in door.steps}


def test_every_route_of_the_console_declares_whom_it_is_for(app: Flask) -> None:
    assert [rule.endpoint for rule in console(app) if door_of(app.view_functions[rule.endpoint]) is None] == []
    assert {rule.endpoint.partition(".")[0] for rule in console(app)} == {"console"}


def test_only_the_sign_in_and_its_language_are_for_everybody(app: Flask) -> None:
    assert {rule.endpoint for rule, door, _ in routes(app) if door.is_public} == {
        "console.sign_in",
        "console.choose_language",
    }


@pytest.mark.parametrize("who", [NOBODY, *Role, *STEP_PAGES])
def test_every_route_lets_in_whom_it_declares_and_nobody_else(app: Flask, who: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # a form without its token must meet the door
    wrong = []
    for rule, door, method in routes(app):
        if door.is_public or is_open_to(door, who):
            continue
        if rule.endpoint in ("console.sign_out", "console.sign_out_everywhere") and who in list(Role):
            continue  # it leads to the sign-in: test_who_may_sign_out
        found = verdict(ask(browser(app, who), rule, method))
        if found != expected(door, who):
            wrong.append((rule.rule, method, found))
    assert wrong == []


@pytest.mark.parametrize("who", [*Role, *STEP_PAGES])
def test_whoever_came_in_may_go_out(app: Flask, who: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = browser(app, who)
    assert client.post("/console/sign-out").headers["Location"] == SIGN_IN
    assert client.get("/console/account").headers["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("who", STEP_PAGES)
def test_whoever_is_halfway_sees_the_page_of_the_next_step(app: Flask, who: str) -> None:
    assert browser(app, who).get(STEP_PAGES[who]).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_role_lands_on_a_page_it_may_see(app: Flask, role: Role) -> None:
    answer = browser(app, role).get(SIGN_IN, follow_redirects=True)
    assert (answer.status_code, answer.request.path != SIGN_IN) == (200, True)


def test_no_form_is_taken_without_its_token_or_with_a_wrong_one(app: Flask) -> None:
    client, stranger = browser(app, "admin"), browser(app, "admin")
    found = TOKEN.search(stranger.get("/console/account").text)
    assert found
    taken = []
    for rule, door, method in routes(app):
        if method == "GET" or (door.steps and rule.endpoint != "console.sign_out" and not door.is_public):
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for form in ({}, {"csrf_token": ""}, {"csrf_token": "wrong"}, {"csrf_token": found[1]}):
            if client.open(path, method=method, data=form).status_code != 400:
                taken.append((rule.rule, method, form))
    assert taken == []


def marks(engine: Engine) -> dict[str, str]:
    """Gives a mark of each table's content."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in PRESENCE:
                rows = connection.execute(text(f'SELECT t::text FROM "{table.name}" t ORDER BY 1')).scalars()  # noqa: S608
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_asking_changes_nothing(app: Flask, engine: Engine) -> None:
    clients = [browser(app, who) for who in ("admin", "agent", NOBODY, *STEP_PAGES)]
    before = marks(engine)
    for rule, _, method in routes(app):
        if method == "GET":
            for client in clients:
                ask(client, rule, "GET")
                ask(client, rule, "HEAD")
    assert marks(engine) == before


def test_a_view_that_declares_nothing_is_shut_even_to_an_admin(app: Flask) -> None:
    app.add_url_rule("/console/forgotten", "console.forgotten", lambda: "secrets")
    answer = browser(app, "admin").get("/console/forgotten")
    assert (answer.status_code, "secrets" in answer.text) == (403, False)
    app.testing = True
    assert browser(app, "admin").get("/console/forgotten").status_code == 500


def test_each_declaration_says_what_it_means() -> None:
    def view() -> None: ...

    assert door_of(view) is None
    assert door_of(needs(Right.EXPORT)(view)) == Door(Right.EXPORT)
    assert door_of(any_staff()(view)) == Door()
    assert door_of(public(view)) == Door(is_public=True)


def test_no_cache_and_no_frame_keeps_a_page_of_the_console(app: Flask) -> None:
    for path in ("/console/", "/console/account", "/console/staff", "/console/staff/nobody", SIGN_IN):
        for who in ("admin", "official", NOBODY):
            headers = browser(app, who).get(path).headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Frame-Options"] == "DENY"
            assert "script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
