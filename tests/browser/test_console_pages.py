"""Every page of the console, in both languages: no barrier that a machine can find, and as wide as its screen."""

import pytest
from playwright.sync_api import Page, expect

from models import Role
from tests.browser.consoles import Console, check_accessible, check_fits
from tests.browser.furnished import addresses, furnish
from tests.handlers.staff import PASSWORD, hire

pytestmark = pytest.mark.browser
LANGUAGES, WIDTHS = ("en", "sw"), (1440, 360)  # CSS pixels
ZOOMED = 720  # what is left of 1440 at 200 %


def _checked(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    check_fits(page)
    check_accessible(page)


def _looked_at(page: Page) -> None:
    """Checks the page that is open at every width, without asking for it again."""
    for width in WIDTHS:
        _checked(page, width)


@pytest.mark.timeout(600)  # some fifty pages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_fits(page: Page, console: Console, language: str, width: int) -> None:
    made = furnish(language)
    console.sign_in(page, "root")
    for address in addresses(made):
        page.goto(f"{console.url}/{address}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)  # what the page asks for by itself has come
        _checked(page, width)


def test_every_page_fits_when_it_is_shown_twice_as_large(page: Page, console: Console) -> None:
    made = furnish("sw")  # its words are longer
    console.sign_in(page, "root")
    page.set_viewport_size({"width": ZOOMED, "height": 800})
    for address in addresses(made):
        page.goto(f"{console.url}/{address}")
        check_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_in_is_accessible_and_fits_on_a_phone(page: Page, console: Console, language: str) -> None:
    hire("root", Role.ADMIN, totp_secret=None, must_change_password=True, language=language)
    page.set_extra_http_headers({"Accept-Language": language})
    for address in (console.url.removesuffix("/console") + "/", f"{console.url}/sign-in"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        _looked_at(page)
    page.fill("[name=name]", "root")
    page.fill("[name=password]", "not the password")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    _looked_at(page)
    page.fill("[name=name]", "root")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/password")
    _looked_at(page)
    for name in ("new", "again"):
        page.fill(f"[name={name}]", "tractor under violet ceilings")
    page.press("[name=again]", "Enter")
    page.wait_for_url("**/second-factor/new")
    _looked_at(page)


def test_the_question_for_a_code_is_accessible_and_fits_on_a_phone(page: Page, console: Console) -> None:
    hire("root", Role.ADMIN)
    page.goto(f"{console.url}/sign-in")
    page.fill("[name=name]", "root")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/second-factor")
    _looked_at(page)


def test_whoever_may_not_see_a_page_is_told_so_in_the_console(page: Page, console: Console) -> None:
    hire()
    console.sign_in(page)
    page.goto(f"{console.url}/staff")
    expect(page.get_by_role("heading", name="This page is not yours to see.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Folders and pages")).to_be_visible()
    _looked_at(page)


def test_a_stranger_chooses_the_language_of_the_sign_in(page: Page, console: Console) -> None:
    page.goto(f"{console.url}/sign-in")
    page.get_by_role("button", name="Kiswahili").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    page.goto(console.url.removesuffix("/console") + "/")
    expect(page.get_by_role("heading", name="Ongea na kaunti yako, upate jibu")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Talk to your county, and hear back")).to_be_visible()
