"""The console in a real browser: served on a free port, before a member of staff who has signed in."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.handlers.staff import PASSWORD, code

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True)
class Console:
    """Where the console is."""

    url: str

    def sign_in(self, page: Page, name: str = "asha") -> None:
        """Signs in as `tests.handlers.staff.hire` made the account, with the second factor where it is asked for."""
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.url.endswith("/second-factor"):
            page.fill("[name=code]", code(name))
            page.press("[name=code]", "Enter")
            page.wait_for_url(lambda url: "/second-factor" not in url)

    def open_ticket(self, page: Page, reference: str) -> None:
        """Opens the page of a ticket, and waits until it listens."""
        page.goto(f"{self.url}/tickets/{reference}")
        expect(page.get_by_role("heading", level=1, name=reference)).to_be_visible()
        wait_for_scripts(page)


def sign_in_again(page: Page, name: str = "asha") -> None:
    """Gives name and password where the ended session led to the sign-in."""
    expect(page.get_by_label("Password")).to_be_visible()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def wait_for_scripts(page: Page) -> None:
    """Waits until the page's scripts have run, all in one go; the button is one of theirs."""
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    """Presses keys on a page that was just reached, as soon as it listens to them."""
    wait_for_scripts(page)
    for key in keys:
        page.keyboard.press(key)


def check_accessible(page: Page) -> None:
    """Checks what a machine can check of WCAG 2.2 AA."""
    found = Axe().run(page, options=RULES)
    faults = [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found.response["violations"]]
    assert faults == [], faults


def check_fits(page: Page) -> None:
    """Checks that nothing makes the page scroll sideways."""
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((one) => !one.closest('.table-wrap, .visually-hidden, .skip')"
        " && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide
