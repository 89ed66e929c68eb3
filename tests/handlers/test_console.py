"""The console's door and its first page: who may come in, and what of a citizen staff get to see."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import travel

from gateway import database
from gateway.outbox import lanes
from gateway.tickets import references
from handlers.console import frame
from models import EventKind, LaneName, Role, Ticket, TicketEvent
from tests.grounds import NOW
from tests.handlers.phones import SUBMIT, TO_THE_WORDS, WORDS, Phone
from tests.handlers.queries import counted
from tests.handlers.staff import PASSWORD, hire, sign_in, token

# English, report a problem, more, corruption, Aldai, Kabwareng, the words, whether the number is shown, send.
CORRUPTION = ("1", "1", "98", "11", "1", "1", "The officer asked me for money")
SHOWN, HIDDEN = "1", "2"


def test_nobody_sees_the_cases_without_signing_in(client: FlaskClient) -> None:
    answer = client.get("/console/")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/console/sign-in")


def test_the_right_password_opens_the_console(client: FlaskClient) -> None:
    hire()
    assert "All open" in sign_in(client).text
    assert client.get("/console/").status_code == 200


def test_whatever_is_wrong_is_said_in_one_and_the_same_sentence(client: FlaskClient) -> None:
    hire()
    wrong = [sign_in(client, "asha", "a wrong password"), sign_in(client, "nobody", PASSWORD)]
    sentences = {page.text.count("fit, or the account rests") for page in wrong}
    assert sentences == {1}
    assert client.get("/console/").status_code == 302


def test_a_resting_account_stays_shut_to_the_right_password(client: FlaskClient) -> None:
    hire(failures=9)
    sign_in(client, "asha", "a guess")
    assert "the account rests" in sign_in(client).text
    assert client.get("/console/").status_code == 302


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    hire()
    answer = client.post("/console/sign-in", data={"name": "asha", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get("/console/").status_code == 302


def test_who_signed_out_is_out(client: FlaskClient) -> None:
    hire()
    page = sign_in(client)
    assert client.post("/console/sign-out").status_code == 400
    client.post("/console/sign-out", data={"csrf_token": token(page)})
    assert client.get("/console/").status_code == 302


def test_who_signed_in_keeps_a_cookie_that_scripts_and_other_sites_never_get(client: FlaskClient) -> None:
    hire()
    form = {"name": "asha", "password": PASSWORD, "csrf_token": token(client.get("/console/sign-in"))}
    cookies = client.post("/console/sign-in", data=form).headers.getlist("Set-Cookie")
    (session,) = (cookie for cookie in cookies if cookie.startswith("session="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


def _newest() -> str:
    with database.transaction() as db:
        return db.scalars(select(Ticket.reference).order_by(Ticket.id.desc()).limit(1)).one()


def _ticket(client: FlaskClient) -> str:
    return client.get(f"/console/tickets/{_newest()}").text


def test_staff_see_the_words_and_never_the_whole_number(client: FlaskClient, phone: Phone) -> None:
    phone.reports(*TO_THE_WORDS, WORDS, SUBMIT)
    hire()
    page = sign_in(client).text
    assert WORDS in page
    assert "…001" not in page
    assert WORDS in _ticket(client)
    assert "+2547…001" in _ticket(client)
    assert "700000001" not in page + _ticket(client)


def test_a_citizens_words_are_words_and_no_markup(client: FlaskClient, phone: Phone) -> None:
    phone.reports(*TO_THE_WORDS, "<script>alert(1)</script> \"'><img src=x onerror=alert(2)>", SUBMIT)
    hire()
    for page in (sign_in(client).text, _ticket(client)):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("role", "sees_it"),
    [(Role.AGENT, False), (Role.OFFICIAL, False), (Role.SUPERVISOR, True), (Role.ADMIN, True), (Role.AUDITOR, True)],
)
def test_a_sensitive_case_is_shown_to_few(client: FlaskClient, phone: Phone, role: Role, sees_it: bool) -> None:
    phone.reports(*CORRUPTION, SHOWN, SUBMIT)
    hire(role=role)
    assert ("asked me for money" in sign_in(client).text) is sees_it
    assert ("asked me for money" in client.get("/console/?folder=everything&q=money").text) is sees_it
    assert ("asked me for money" in _ticket(client)) is sees_it


def test_a_number_its_citizen_hid_is_hidden_even_in_part(client: FlaskClient, phone: Phone) -> None:
    phone.reports(*CORRUPTION, HIDDEN, SUBMIT)
    hire(role=Role.SUPERVISOR)
    sign_in(client)
    page = _ticket(client)
    assert "asked me for money" in page
    assert "hidden: the citizen asked for it" in page
    assert "…001" not in page


def test_an_officer_sees_the_own_department_only(client: FlaskClient, phone: Phone) -> None:
    phone.reports(*TO_THE_WORDS, WORDS, SUBMIT)
    hire("lands", Role.OFFICER, department_code="lands")
    hire("health", Role.OFFICER, department_code="health")
    assert WORDS in sign_in(client, "lands").text
    client.delete_cookie("session")
    assert WORDS not in sign_in(client, "health").text
    assert client.get(f"/console/tickets/{_newest()}").status_code == 404


def test_staff_read_what_a_citizen_added_and_which_case_was_quoted(client: FlaskClient, phone: Phone) -> None:
    hire()
    phone.reports(*TO_THE_WORDS, WORDS, SUBMIT)
    with database.transaction() as db:
        first = db.scalars(select(Ticket)).one()
        db.add(TicketEvent(ticket_id=first.id, kind=EventKind.WROTE, at=first.opened_at, body="Still no water <today>"))
        first.linked_id = first.id
        quoted = references.printed(first.reference)
    sign_in(client)
    page = _ticket(client)
    assert "Still no water &lt;today&gt;" in page
    assert f"<code>{quoted}</code>" in page


def test_a_closed_lane_is_told_to_whoever_looks_within_seconds(client: FlaskClient) -> None:
    hire()
    with travel(NOW, tick=False) as clock:
        assert "lane replies" not in sign_in(client).text
        with database.transaction() as db:
            lanes.stop(db, LaneName.REPLIES, "HTTP 401")
        clock.shift(frame.CHECKED_EVERY)
        assert "lane replies: HTTP 401" in client.get("/console/").text


def test_what_operators_must_know_is_not_asked_anew_for_each_page(client: FlaskClient) -> None:
    hire()
    with travel(NOW, tick=False):
        sign_in(client)
        with counted() as asked:
            client.get("/console/")
    assert [statement for statement in asked if "FROM lane" in statement] == []


def test_the_language_is_the_browsers_until_one_is_chosen_and_then_stays(client: FlaskClient) -> None:
    hire()
    page = sign_in(client)
    assert 'lang="en"' in page.text
    chosen = {"language": "sw", "page": "/console/tickets?folder=mine", "csrf_token": token(page)}
    answer = client.post("/console/language", data=chosen)
    assert answer.headers["Location"] == "/console/tickets?folder=mine"
    assert "Bila mhusika" in client.get("/console/", headers={"Accept-Language": "en"}).text


def test_choosing_a_language_leads_nowhere_else(client: FlaskClient) -> None:
    hire()
    form = {"language": "sw", "csrf_token": token(sign_in(client))}
    for page in ("https://example.org/", "//example.org/console/", "/console/\\x", "/console/ x", ""):
        answer = client.post("/console/language", data={**form, "page": page})
        assert answer.headers["Location"] in ("/console/", "/console/tickets"), page
    assert client.post("/console/language", data={**form, "language": "xx"}).status_code == 400


def test_a_stranger_chooses_a_language_for_the_way_in(client: FlaskClient) -> None:
    page = client.get("/console/sign-in")
    form = {"csrf_token": token(page), "language": "sw"}
    for back in ("/console/sign-in", "/"):
        assert client.post("/console/language", data={**form, "page": back}).headers["Location"] == back
        assert 'lang="sw"' in client.get(back).text
    hire()
    assert 'lang="sw"' in sign_in(client).text


def test_whoever_is_inside_is_told_of_an_error_in_the_frame_of_the_console(client: FlaskClient) -> None:
    rail = 'id="rail"'
    assert rail not in client.get("/console/nothing").text
    hire(language="sw")
    sign_in(client)
    for path, status in (("/console/nothing", 404), ("/console/staff", 403), ("/console/tickets/XXX-XXX-XXX", 404)):
        page = client.get(path)
        assert (page.status_code, rail in page.text, 'lang="sw"' in page.text) == (status, True, True)
    assert rail not in client.get("/nothing").text


def test_the_list_of_keys_names_what_the_role_may_do(client: FlaskClient) -> None:
    told = {Role.AGENT: ("Take it", "Note for staff"), Role.OFFICER: ("Note for staff",), Role.AUDITOR: ()}
    for role, does in told.items():
        hire(role.value, role)
        sign_in(client, role.value)
        keys = client.get("/console/tickets").text.partition("<dialog")[2]
        assert tuple(each for each in ("Take it", "Note for staff") if f"<dd>{each}</dd>" in keys) == does
        client.delete_cookie("session")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/console/campaigns/new", "/console/campaigns/new"),
        ("/console/campaigns/fill", "/console/campaigns"),
        ("/console/campaigns/new?upload=1", "/console/campaigns/new"),
        ("/console/nowhere/at/all", "/console"),
    ],
)
def test_from_the_answer_to_a_form_the_other_language_leads_to_a_page_that_can_be_asked_for(
    author: FlaskClient, path: str, page: str
) -> None:
    answer = author.post(path, data={"csrf_token": token(author.get("/console/campaigns/new"))})
    assert answer.status_code in (404, 422)
    assert f'name="page" value="{page}"' in answer.text
