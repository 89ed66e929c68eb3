"""A call written down while the session ends: nothing of it is lost, and nothing of it meets the next caller."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from gateway import database
from models import StaffSession
from tests.browser.consoles import Console, check_accessible, sign_in_again, wait_for_scripts
from tests.grounds import OTHER, PHONE
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser
SAID = "The bridge is gone"


def _write(page: Page, phone: str, words: str) -> None:
    page.get_by_label("The caller's number").fill(phone)
    page.get_by_label("What the caller says").fill(words)
    page.get_by_label("Category").select_option("roads")


def _lost(page: Page, console: Console) -> None:
    """A call is written down and sent when the session has ended; its agent signs in again."""
    hire()
    console.sign_in(page)
    page.goto(f"{console.url}/calls/new")
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()
    page.route("**/calls/known", lambda route: route.fulfill(body=""))  # or it might find out before the form does
    _write(page, PHONE, SAID)
    with database.transaction() as db:
        db.execute(delete(StaffSession))
    page.get_by_role("button", name="Open the case").click()
    sign_in_again(page)
    expect(page.get_by_role("heading", name="New call")).to_be_visible()
    wait_for_scripts(page)


def test_a_call_sent_after_the_session_ended_is_offered_whole_until_it_is_opened(page: Page, console: Console) -> None:
    _lost(page, console)
    expect(page.get_by_label("The caller's number")).to_have_value("")  # offered, and not put in
    check_accessible(page)
    page.get_by_label("The caller's number").fill(OTHER)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("The caller's number")).to_have_value(PHONE)
    expect(page.get_by_label("What the caller says")).to_have_value(SAID)
    expect(page.get_by_label("Category")).to_have_value("roads")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator(".flashes")).to_contain_text("is opened")
    wait_for_scripts(page)  # which forget the call
    page.goto(f"{console.url}/calls/new")
    wait_for_scripts(page)
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()
    assert SAID not in str(page.evaluate("Object.values(sessionStorage)"))


def test_the_next_callers_form_is_empty_and_forgets_the_one_before(page: Page, console: Console) -> None:
    _lost(page, console)
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()
    assert PHONE not in str(page.evaluate("Object.values(sessionStorage)"))
    _write(page, "nonsense", "Another matter")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wait_for_scripts(page)  # which offer what is kept
    expect(page.get_by_label("What the caller says")).to_have_value("Another matter")
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()  # it stands in the form
