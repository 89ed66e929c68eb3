"""Departments, categories and wards are called by their names, in the language of the reader."""

from flask.testing import FlaskClient
from markupsafe import escape

from gateway import database
from gateway.staff import accounts
from models import Department, Role
from tests.handlers import desks
from tests.handlers.cases import filed
from tests.handlers.desk_pages import TicketPage, at_work
from tests.handlers.staff import enter, hire


def called(language: str) -> str:
    """Gives what the department of lands is called."""
    with database.transaction() as db:
        return str(escape(db.get_one(Department, "lands").names[language]))


def test_departments_are_named_in_the_language_of_the_reader(client: FlaskClient) -> None:
    filed()
    hire("root", Role.ADMIN)
    hire("kip", Role.OFFICER, department_code="lands")
    enter(client, "root")
    english, swahili = called("en"), called("sw")
    assert english != swahili
    pages = ("/console/reports?by=department", "/console/supervision", "/console/staff", "/console/staff/kip")
    for page in pages:
        assert english in client.get(page).text, page
    with database.transaction() as db:
        accounts.speak(db, "root", "sw")
    for page in pages:
        shown = client.get(page).text
        assert (swahili in shown, english in shown) == (True, False), page


def test_the_timeline_names_what_a_case_was_filed_as(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    page.press("refile", category="roads", ward="772", priority="normal")
    page.load()
    page.press("transfer", department="health", note="The clinic's own road.")
    shown = page.load()
    assert "ward: Kapsabet, category: Roads &amp; bridges" in shown
    assert "department: Health" in shown
    page.press("refile", category="roads", ward="", priority="normal")
    assert "ward: –" in page.load()


def test_the_timeline_names_in_the_language_of_the_reader(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    page.press("refile", category="roads", ward="772", priority="normal")
    hire("juma", language="sw")
    enter(client, "juma")
    assert "category: Roads" not in TicketPage(client, page.reference).seen.text
