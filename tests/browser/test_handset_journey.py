"""The whole house as `make run` starts it, with a citizen at a phone and an agent at the console."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.consoles import press
from tests.browser.started import Started
from tests.browser.thumbs import BY_SMS, answer, choose, hear, see, text

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOON = 20_000  # ms until a page has asked for what is new


def report(phone: Locator) -> str:
    """Has the citizen report that there is no water; gives the reference."""
    phone.get_by_test_id("green").click()
    see(phone, "1548")
    answer(phone, "1")  # English, in the choice every first call begins with
    for label in ("Report a problem", "Water", "Emgwen", "Kapsabet"):
        choose(phone, label)
    see(phone, "What is wrong")
    answer(phone, "No water at the market tap since Monday")
    choose(phone, "Send")
    see(phone, "Thank you")
    reference = re.search(r"\w{3}-\w{3}-\w{3}", phone.get_by_test_id("screen").inner_text())
    assert reference
    return reference[0]


def write(desk: Page, key: str, words: str, told: str) -> None:
    """Has the agent choose what to do by its key, write, and send."""
    press(desk, key)
    expect(desk.locator("#words")).to_be_focused()
    desk.keyboard.type(words)
    expect(desk.locator("#preview .sms")).to_contain_text(words)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".flashes")).to_contain_text(told)


def test_a_problem_is_reported_answered_resolved_and_contested(page: Page, browser: Browser, started: Started) -> None:
    desk = browser.new_context(reduced_motion="reduce").new_page()
    started.sign_in(desk, "agent", started.passwords["agent"])
    desk.goto(f"{started.url}/console/tickets?folder=all")
    expect(desk.get_by_role("heading", name="No ticket is open")).to_be_visible()
    page.goto(f"{started.url}/handset")
    phone = page.get_by_test_id("handset").first
    reference = report(phone)
    expect(phone.get_by_test_id("unread")).to_have_text("1", timeout=BY_SMS)
    phone.get_by_test_id("messages").click()
    hear(phone, reference)

    desk.get_by_role("link", name=reference).click(timeout=SOON)  # it came by itself
    desk.wait_for_url("**/tickets/" + reference)
    write(desk, "r", "A plumber comes on Tuesday.", "The answer goes out.")
    hear(phone, "A plumber comes on Tuesday.")
    expect(desk.locator("#timeline")).to_contain_text("delivered", timeout=BY_SMS)
    write(desk, "e", "The pump is mended.", "The case has moved.")
    hear(phone, "The pump is mended.")
    desk.goto(f"{started.url}/console/tickets?folder=all")
    expect(desk.get_by_role("heading", name="No ticket is open")).to_be_visible()

    text(phone, "2")
    back = desk.get_by_role("listitem").filter(has_text=reference)
    expect(back).to_contain_text("reopened", timeout=BY_SMS)
    desk.get_by_role("link", name="Contested").click()
    expect(desk.get_by_role("link", name=reference)).to_be_visible()
    desk.context.close()
