"""What a person does with the phones on the page: look, press, read."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House


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
