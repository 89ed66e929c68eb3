"""A citizen's number, shown in place by the page's script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.consoles import Console, check_accessible
from tests.handlers.desks import ticket
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser


def test_the_keyboard_goes_on_from_the_number_and_back_to_the_case(page: Page, console: Console) -> None:
    there = ticket()
    hire()
    console.sign_in(page)
    page.goto(f"{console.url}/tickets/{there}/phone")
    reason = page.get_by_label("Reason")
    expect(reason).to_be_focused()
    page.keyboard.type("no")
    page.get_by_role("button", name="Show the number").press("Enter")
    expect(page.locator("#phone .wrong")).to_be_visible()
    expect(reason).to_be_focused()
    reason.fill("The line broke off")
    page.get_by_role("button", name="Show the number").press("Enter")
    expect(page.locator("a.number")).to_be_focused()
    check_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=there)).to_be_visible()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
