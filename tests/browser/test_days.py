"""What each role does on a day at the console, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway import database
from gateway.tickets import references
from models import Role, Status, Ticket, Verdict
from tests.browser.consoles import Console, press
from tests.handlers.desks import ticket
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser
TOLD = ".flashes"


def _status(reference: str) -> Status:
    with database.transaction() as db:
        return db.query(Ticket).filter_by(reference=references.read(reference)).one().status


def test_an_agent_takes_answers_and_resolves_a_case_by_keyboard_alone(page: Page, console: Console) -> None:
    there = ticket()
    hire()
    console.sign_in(page)
    press(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1, name=there)).to_be_visible()
    press(page, "t")
    expect(page.locator(TOLD)).to_have_text("The case is asha's.")
    press(page, "r")
    expect(page.get_by_label("Your words")).to_be_focused()
    page.keyboard.type("A plumber comes on Tuesday.")
    expect(page.locator("#preview")).to_contain_text("1 segment")
    expect(page.locator("#preview .sms")).to_contain_text("A plumber comes on Tuesday.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(TOLD)).to_have_text("The answer goes out.")
    expect(page.locator("#timeline")).to_contain_text("A plumber comes on Tuesday.")
    press(page, "e")
    expect(page.get_by_label("Resolve")).to_be_checked()
    page.keyboard.type("The pump is mended.")
    expect(page.locator("#preview")).to_contain_text("Is it fixed")
    page.keyboard.press("Control+Enter")
    expect(page.locator(TOLD)).to_have_text("The case has moved.")
    assert _status(there) == Status.RESOLVED


def test_the_arrows_walk_through_the_choices_of_the_desk(page: Page, console: Console) -> None:
    there = ticket()
    hire()
    console.sign_in(page)
    console.open_ticket(page, there)
    page.get_by_label("Answer", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Note for staff")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    expect(page.get_by_label("Note for staff")).to_be_checked()
    expect(page.get_by_label("Your words")).to_be_focused()


def test_an_agent_logs_a_call_and_finds_it_by_its_reference(page: Page, console: Console) -> None:
    hire()
    console.sign_in(page)
    press(page, "n")
    page.get_by_label("The caller's number").fill("0700 000 009")
    page.get_by_label("What the caller says").fill("The bridge at the mill is broken")
    page.get_by_label("Category").select_option("roads")
    page.get_by_role("button", name="Open the case").click()
    told = page.locator(TOLD)
    expect(told).to_contain_text("is opened")
    found = re.search(r"\w{3}-\w{3}-\w{3}", told.inner_text())
    assert found
    page.goto(f"{console.url}/tickets")
    press(page, "/")
    page.keyboard.type(found[0].lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=found[0])).to_be_visible()
    expect(page.get_by_text("The bridge at the mill is broken").first).to_be_visible()


def test_the_second_at_a_case_sees_who_looks_and_keeps_the_words_when_refused(
    page: Page, console: Console, browser: Browser
) -> None:
    there = ticket()
    hire()
    hire("baraka")
    console.sign_in(page)
    console.open_ticket(page, there)
    second = browser.new_context(reduced_motion="reduce").new_page()
    console.sign_in(second, "baraka")
    console.open_ticket(second, there)
    expect(second.get_by_text("Also looking at this case: asha")).to_be_visible()
    page.get_by_label("Your words").fill("A plumber comes on Tuesday.")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(TOLD)).to_have_text("The answer goes out.")
    second.get_by_label("Your words").fill("Nobody knows yet.")
    second.get_by_role("button", name="Do it").click()
    expect(second.get_by_role("alert")).to_contain_text("Read what came in between above")
    expect(second.get_by_label("Your words")).to_have_value("Nobody knows yet.")
    expect(second.locator("#timeline")).to_contain_text("A plumber comes on Tuesday.")
    second.get_by_role("button", name="Do it").click()
    expect(second.locator(TOLD)).to_have_text("The answer goes out.")
    second.context.close()


def test_a_supervisor_gives_many_cases_at_once(page: Page, console: Console) -> None:
    for name, role in (("asha", Role.AGENT), ("baraka", Role.AGENT), ("chebet", Role.SUPERVISOR)):
        hire(name, role)
    first, second = ticket(assignee="asha"), ticket("The bridge is broken", assignee="asha")
    console.sign_in(page, "chebet")
    page.get_by_role("link", name="Team", exact=True).click()
    page.get_by_role("row", name="asha").get_by_role("link", name="Give …").click()
    for reference in (first, second):
        page.get_by_label(reference).check()
    page.get_by_label("Give to").select_option("baraka")
    page.get_by_text("Give the chosen cases …").click()
    page.get_by_role("button", name="Give them").click()
    expect(page.locator(TOLD)).to_have_text("2 cases given.")
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page.get_by_role("row", name="baraka")).to_contain_text("2")


def test_a_supervisor_reads_a_contested_case_and_calls_its_citizen(page: Page, console: Console) -> None:
    there = ticket(status=Status.REOPENED, verdict=Verdict.NOT_FIXED, reopened=1, resolved_by="asha")
    hire("chebet", Role.SUPERVISOR)
    console.sign_in(page, "chebet")
    page.get_by_role("link", name="Contested").click()
    page.get_by_role("link", name=there).click()
    expect(page.get_by_text("The citizen says it is not fixed. Somebody else than asha")).to_be_visible()
    page.get_by_role("link", name="Show it").click()
    page.get_by_label("Reason").fill("To ask what is still broken")
    page.get_by_role("button", name="Show the number").click()
    expect(page.locator("#phone a.number")).to_have_attribute("href", re.compile(r"^tel:.*700000001$"))


def test_an_officer_says_what_the_department_did(page: Page, console: Console) -> None:
    there, other = ticket(), ticket("No drugs", department_code="health")
    hire("kip", Role.OFFICER, department_code="lands")
    console.sign_in(page, "kip")
    expect(page.get_by_role("link", name=other)).to_have_count(0)
    page.get_by_role("link", name=there).click()
    expect(page.locator("#desk")).to_be_visible()
    press(page, "i")
    page.keyboard.type("The pump was mended on Monday.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(TOLD)).to_have_text("The note stands on the timeline.")
    expect(page.locator("#timeline")).to_contain_text("The pump was mended on Monday.")


def test_an_admin_adds_somebody_resets_a_second_factor_and_finds_both_in_the_log(page: Page, console: Console) -> None:
    hire("root", Role.ADMIN)
    hire("approver", Role.APPROVER)
    console.sign_in(page, "root")
    page.get_by_role("link", name="Staff").click()
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("Name to sign in with").fill("baraka")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("It is shown now and never again.")).to_be_visible()
    page.get_by_role("link", name="I have told it").click()
    page.get_by_role("link", name="approver").click()
    page.get_by_role("link", name="Second factor lost").click()
    page.get_by_role("button", name="Second factor lost").click()
    expect(page.locator(TOLD)).to_have_text("The second factor is forgotten.")
    page.get_by_role("link", name="Audit log").click()
    entries = page.get_by_role("main").get_by_role("listitem")
    expect(entries.filter(has_text="second factor lost").filter(has_text="staff:approver")).to_be_visible()
    expect(entries.filter(has_text="account added").filter(has_text="staff:baraka")).to_be_visible()


def test_an_auditor_reads_and_can_change_nothing(page: Page, console: Console) -> None:
    there = ticket(is_sensitive=True)
    hire("wanjiru", Role.AUDITOR)
    console.sign_in(page, "wanjiru")
    page.get_by_role("link", name=there).click()
    expect(page.get_by_text("No water at the tap since Monday").first).to_be_visible()
    main = page.get_by_role("main")
    expect(main.get_by_role("button")).to_have_count(0)
    expect(main.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("heading", name="Audit log")).to_be_visible()


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.APPROVER])
def test_who_has_no_tickets_lands_on_a_page_of_theirs(page: Page, console: Console, role: Role) -> None:
    hire("chepkoech", role)
    console.sign_in(page, "chepkoech")
    expect(page.get_by_role("heading", level=1, name="Campaigns")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)
