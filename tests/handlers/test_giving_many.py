"""The page on which a supervisor gives many cases at once."""

import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import database
from models import AuditEntry, Role, Ticket
from tests.grounds import NOW
from tests.handlers.cases import filed, ticket
from tests.handlers.staff import enter, hire, post


def come(client: FlaskClient) -> None:
    hire(role=Role.SUPERVISOR)
    enter(client)


def test_chosen_cases_go_to_one_person_after_a_question(client: FlaskClient, kept: Session) -> None:
    come(client)
    hire("kip")
    first, second, left = filed(), filed(), filed()
    page = client.get("/console/supervision/give?assignee=-")
    assert "Whoever had them has them no more" in page.text
    shown = re.findall(r'name="picks" value="([^"]+)"', page.text)
    assert len(shown) == 3
    press = re.search(r'name="press" value="([^"]+)"', page.text)
    assert press
    chosen = [pick for pick in shown if pick.replace("-", "")[:9] in (first, second)]
    path = "/console/supervision/give?assignee=-"
    answer = post(client, path, page, picks=chosen, to="kip", press=press[1])
    assert "2 cases given." in answer.text
    assert {ticket(first).assignee, ticket(second).assignee} == {"kip"}
    assert ticket(left).assignee is None
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "assigned_many")).one().actor == "asha"


def test_a_case_that_somebody_changed_meanwhile_is_named_with_why(client: FlaskClient) -> None:
    come(client)
    reference = filed(version=7)
    page = client.get("/console/supervision/give")
    picks = [f"{reference}:3", "nonsense", "x:y", f"{reference}:99999999999999"]
    answer = post(client, "/console/supervision/give", page, picks=picks, to="asha", press=str(uuid4()))
    assert "0 cases given." in answer.text
    assert "Somebody else changed this case" in answer.text
    assert ticket(reference).assignee is None


@pytest.mark.parametrize("form", [{"to": ""}, {"to": "asha", "press": "no press"}, {"to": "asha"}])
def test_without_a_person_a_press_or_a_case_nothing_is_given(client: FlaskClient, form: dict[str, str]) -> None:
    come(client)
    reference = filed()
    page = client.get("/console/supervision/give")
    answer = post(client, "/console/supervision/give", page, **{"press": str(uuid4()), **form})
    assert "Choose" in answer.text
    assert ticket(reference).assignee is None


@pytest.mark.parametrize("forgotten", [{"to": ""}, {"press": "no press"}])
def test_who_forgets_to_whom_the_cases_go_keeps_every_tick(client: FlaskClient, forgotten: dict[str, str]) -> None:
    come(client)
    first, second, left = filed(), filed(), filed()
    path = "/console/supervision/give?assignee=-"
    page = client.get(path)
    shown = re.findall(r'name="picks" value="([^"]+)"', page.text)
    chosen = [pick for pick in shown if pick.replace("-", "")[:9] != left]
    with database.transaction() as db:
        db.execute(update(Ticket).where(Ticket.reference == second).values(version=9))
    again = post(client, path, page, **{"picks": chosen, "to": "asha", "press": str(uuid4()), **forgotten})
    assert (again.status_code, "Choose to whom the cases go." in again.text) == (422, True)
    assert re.findall(r'name="picks" value="([^"]+)" checked', again.text) == chosen
    press = re.search(r'name="press" value="([^"]+)"', again.text)
    assert press
    done = post(client, path, again, picks=chosen, to="asha", press=press[1])
    assert "1 case given." in done.text
    assert "Somebody else changed this case" in done.text  # what its chooser saw is long past
    assert [ticket(each).assignee for each in (first, second, left)] == ["asha", None, None]


def test_the_page_says_whose_cases_it_shows_also_where_they_have_left(client: FlaskClient) -> None:
    come(client)
    hire("kip", disabled_at=NOW)
    filed(assignee="kip")
    page = client.get("/console/supervision/give?assignee=kip").text
    assert "<option selected>kip</option>" in page
    assert '<option value="kip">' not in page  # nobody can be given to them


def test_giving_needs_the_forms_token(client: FlaskClient) -> None:
    come(client)
    form = {"picks": f"{filed()}:1", "to": "asha", "press": str(uuid4())}
    assert client.post("/console/supervision/give", data=form).status_code == 400
