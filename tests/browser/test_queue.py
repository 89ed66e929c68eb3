"""The queue in a real browser: by keyboard alone, with tickets that come in meanwhile, on phones, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.consoles import Console, check_accessible, press, wait_for_scripts
from tests.handlers.desks import ticket
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser
EVERY = 10_000  # ms between two looks


def _opened(page: Page, console: Console) -> None:
    page.clock.install()
    console.sign_in(page)
    wait_for_scripts(page)


def test_the_keyboard_alone_leads_through_the_queue(page: Page, console: Console) -> None:
    first, second = ticket(), ticket("The bridge is broken", assignee=None)
    hire()
    _opened(page, console)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=first)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=second)).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=first)).to_be_focused()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    press(page, "g", "u")
    expect(page.get_by_role("heading", name="Unassigned")).to_be_visible()
    press(page, "/")
    page.keyboard.type("just broken goes nowhere")
    expect(page.get_by_role("searchbox", name="Search: words or a reference")).to_have_value("just broken goes nowhere")
    page.keyboard.press("Control+a")
    page.keyboard.type(second.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=second)).to_be_visible()


def test_the_keys_are_told_and_can_be_switched_off_for_good(page: Page, console: Console) -> None:
    there = ticket()
    hire()
    _opened(page, console)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.reload()
    press(page, "j", "?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name=there)).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys work").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=there)).to_be_focused()


def test_new_tickets_are_announced_and_move_nothing_until_they_are_asked_for(page: Page, console: Console) -> None:
    there = ticket("was there before")
    hire()
    _opened(page, console)
    page.keyboard.press("j")
    urgent = ticket("came in just now", is_urgent=True)
    page.clock.run_for(EVERY)
    show = page.get_by_role("link", name="1 new ticket: show it")
    expect(show).to_be_visible()
    expect(page.locator("#count-all")).to_have_text("2")
    expect(page.get_by_role("link", name=there)).to_be_focused()
    expect(page.get_by_text("came in just now")).to_have_count(0)
    check_accessible(page)
    show.click()
    expect(page.get_by_role("listitem").filter(has_text=urgent)).to_be_visible()
    expect(page.get_by_role("link", name=urgent)).to_be_focused()
    ticket("one more")
    page.clock.run_for(EVERY)
    expect(show).to_be_visible()


def test_an_empty_queue_fills_by_itself(page: Page, console: Console) -> None:
    hire()
    _opened(page, console)
    expect(page.get_by_role("heading", name="No ticket is open")).to_be_visible()
    ticket("the very first")
    page.clock.run_for(EVERY)
    expect(page.get_by_text("the very first")).to_be_visible()


def test_a_page_that_can_ask_no_more_says_since_when_it_is_behind(page: Page, console: Console) -> None:
    ticket()
    hire()
    _opened(page, console)
    behind = page.get_by_text("Not up to date since")
    expect(behind).to_be_hidden()
    page.route("**/*poll=1*", lambda route: route.abort())
    page.clock.run_for(EVERY)
    expect(behind).to_be_visible()
    page.unroute("**/*poll=1*")
    page.clock.run_for(EVERY)
    expect(behind).to_be_hidden()


def test_whose_session_ended_is_led_to_the_sign_in(page: Page, console: Console) -> None:
    ticket()
    hire()
    _opened(page, console)
    page.context.clear_cookies()
    page.clock.run_for(EVERY)
    expect(page.get_by_label("Password")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_queue_and_a_ticket_are_accessible_at_every_width(page: Page, console: Console, language: str) -> None:
    hire(language=language, department_code="lands")
    console.sign_in(page)
    check_accessible(page)
    there = ticket("No water " * 30, assignee="asha")
    for _ in range(60):
        ticket(is_urgent=True)
    pages = ("tickets", "tickets?folder=all&status=new&ward=none", f"tickets/{there}", "tickets?folder=done")
    for width in (1440, 720, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for address in pages:
            page.goto(f"{console.url}/{address}")
            check_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_on_a_phone_the_folders_are_a_menu_that_needs_no_script(page: Page, console: Console) -> None:
    hire()
    page.set_viewport_size({"width": 360, "height": 740})
    console.sign_in(page)
    folders = page.get_by_role("navigation", name="Folders and pages")
    expect(folders).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(folders).to_be_visible()
    folders.get_by_role("link", name="Overdue").click()
    expect(page.get_by_role("heading", name="Nothing is overdue")).to_be_visible()
    expect(folders).to_be_hidden()
