"""What a person does with the phones on the page: look, press, read."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House

BY_SMS = 40_000  # ms until an SMS has gone its way through the whole house


def phones(page: Page, house: House) -> Locator:
    """Opens the page and gives its phones, the leftmost first."""
    page.goto(house.page_url)
    return page.get_by_test_id("handset")


def press(phone: Locator, keys: str) -> None:
    """Presses keys of the keypad one after the other."""
    for key in keys:
        phone.get_by_test_id(f"key-{key}").click()


def see(phone: Locator, words: str) -> None:
    """Waits until the screen shows the words; fails when it does not."""
    expect(phone.get_by_test_id("screen")).to_contain_text(words)


def answer(phone: Locator, typed: str) -> None:
    """Types an answer to a screen and sends it."""
    phone.get_by_test_id("answer").fill(typed)
    phone.get_by_test_id("answer").press("Enter")


def choose(phone: Locator, label: str) -> None:
    """Answers with the number that stands before the label."""
    see(phone, label)
    found = re.search(rf"^(\d+) {re.escape(label)}", phone.get_by_test_id("screen").inner_text(), re.MULTILINE)
    assert found, label
    answer(phone, found[1])


def text(phone: Locator, words: str) -> None:
    """Writes an SMS to the county, from the inbox, which is open."""
    phone.get_by_test_id("soft-left").click()
    phone.get_by_test_id("sms-text").fill(words)
    phone.get_by_test_id("soft-left").click()


def hear(phone: Locator, words: str) -> None:
    """Waits for an SMS with these words in the inbox, which is open."""
    expect(phone.get_by_test_id("inbox")).to_contain_text(words, timeout=BY_SMS)
