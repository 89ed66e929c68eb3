"""The forms of a ticket's page: each says what it did, comes back as it was typed, and changes nothing by itself."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gateway import database
from models import Base, Category, Citizen, Project, ProjectStatus, Ward
from tests.grounds import NOW
from tests.handlers import desks
from tests.handlers.cases import ticket
from tests.handlers.desk_pages import at_work
from tests.handlers.staff import hire, token

LANDLINE = "+254535252355"
_SELECT = re.compile(r'<select[^>]* id="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]*)"( selected)?')


def chosen(page: str) -> dict[str, str]:
    """Gives what each list of a page would send as it stands: the chosen option, else the first."""
    lists = {name: _OPTION.findall(options) for name, options in _SELECT.findall(page)}
    return {name: next((code for code, mark in all_ if mark), all_[0][0]) for name, all_ in lists.items() if all_}


def put(model: type[Base], code: str, **values: Any) -> None:
    """Sets columns of what the county has."""
    with database.transaction() as db:
        for name, value in values.items():
            setattr(db.get_one(model, code), name, value)


def test_an_answer_to_a_landline_says_that_nothing_is_sent(client: FlaskClient, kept: Session) -> None:
    with database.transaction() as db:
        db.add(Citizen(phone=LANDLINE, first_seen_at=NOW))
    page = at_work(client, desks.ticket(phone=LANDLINE))
    assert "nothing is sent" in page.press("preview", what="answer", words="A plumber comes.").text
    page.press("work", what="answer", words="A plumber comes.")
    shown = page.load()
    assert "there is no mobile number: nothing is sent" in shown
    assert "The answer goes out." not in shown


def test_what_was_split_off_comes_back_with_its_category_and_ward(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    assert chosen(page.seen.text)["split-category"] == ""
    page.press("work", what="note", words="x")
    page.press("assign", name="asha")  # from now on the page is behind
    refused = page.press("split", second="the bridge is broken", category="roads", ward="777")
    assert refused.status_code == 409
    assert "the bridge is broken</textarea>" in refused.text
    now = chosen(refused.text)
    assert (now["split-category"], now["split-ward"]) == ("roads", "777")
    assert (now["refile-category"], now["refile-ward"]) == ("water", "755")


def test_what_was_filed_anew_comes_back_as_it_was_chosen(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    page.press("assign", name="asha")
    refused = page.press("refile", category="roads", ward="", priority="low")
    now = chosen(refused.text)
    assert (now["refile-category"], now["refile-ward"], now["refile-priority"]) == ("roads", "", "low")
    assert (now["split-category"], now["split-ward"]) == ("", "755")


def test_a_refused_filing_shows_what_a_colleague_filed_in_the_lists_that_were_left_alone(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    shown = {"was_category": "water", "was_ward": "755", "was_priority": "normal"}
    page.press("refile", category="roads", ward="755", priority="normal", **shown)  # from now on the page is behind
    refused = page.press("refile", category="water", ward="777", priority="normal", **shown)
    assert refused.status_code == 409
    now = chosen(refused.text)
    assert (now["refile-category"], now["refile-ward"], now["refile-priority"]) == ("roads", "777", "normal")
    page.seen = refused  # once read, it can still be filed
    again = dict(re.findall(r'name="(was_\w+)" value="(\w*)"', refused.text))
    assert again == {"was_category": "roads", "was_ward": "755", "was_priority": "normal"}
    page.press("refile", category="water", ward="777", priority="normal", **shown)
    kept = ticket(page.reference.replace("-", ""))
    assert (kept.category_code, kept.ward_code) == ("roads", "777")


def test_how_it_was_shown_is_refused_where_it_is_nonsense(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    assert page.press("refile", category="water", ward="755", priority="low", was_priority="x").status_code == 400


def test_what_the_county_has_given_up_stays_chosen_until_somebody_chooses_another(client: FlaskClient) -> None:
    hire("gone")
    with database.transaction() as db:
        facts = {"name": "Old road", "department_code": "works", "is_county_wide": True, "percent_done": 1}
        more = {"source_document": "ADP", "as_of": NOW.date(), "is_sample": False, "retired_at": NOW}
        db.add(Project(code="P1", status=ProjectStatus.ONGOING, **facts, **more))
        db.get_one(Category, "water").retired_at = db.get_one(Ward, "755").retired_at = NOW
    try:
        page = at_work(client, desks.ticket(assignee="gone", project_code="P1"))
        now = chosen(page.seen.text)
        names = ("refile-category", "refile-ward", "link-project", "assign-name")
        assert [now[name] for name in names] == ["water", "755", "P1", "gone"]
        again = {"category": now["refile-category"], "ward": now["refile-ward"], "priority": "high"}
        assert page.press("refile", **again).status_code == 302
        kept = ticket(page.reference.replace("-", ""))
        assert (kept.category_code, kept.ward_code, kept.priority.value) == ("water", "755", "high")
    finally:
        put(Category, "water", retired_at=None)
        put(Ward, "755", retired_at=None)


def test_a_mistyped_reference_to_merge_into_is_told_on_the_page(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    refused = page.press("merge", into="K7Q-M2P-4XX")
    assert refused.status_code == 422
    assert "There is no such case among those you may see." in refused.text
    assert 'value="K7Q-M2P-4XX"' in refused.text


def test_from_a_refused_form_the_other_language_leads_to_the_case(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    page.press("assign", name="asha")
    shown = page.press("work", what="answer", words="x", version="1").text
    assert f'name="page" value="{page.path}"' in shown


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["by a form", "by htmx"])
def test_why_a_number_is_not_shown_stands_beside_the_question(client: FlaskClient, headers: dict[str, str]) -> None:
    page = at_work(client, desks.ticket(hides_phone=True))
    asked = client.get(f"{page.path}/phone")
    form = {"csrf_token": token(asked), "reason": "The line broke off"}
    answer = client.post(f"{page.path}/phone", data=form, headers=headers)
    assert answer.status_code == 200
    assert "The citizen hid this number: only a supervisor may see it." in answer.text
    assert ('value="The line broke off"' in answer.text, "700000001" in answer.text) == (True, False)
