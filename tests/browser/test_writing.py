"""What somebody writes on a ticket's page while the world goes on: it is told, and nothing typed is lost."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select, update

from gateway import database
from gateway.tickets import filing, merging, references
from gateway.tickets.casework import Deed
from gateway.tickets.filing import Filing
from models import EventKind, Message, Priority, Role, Staff, StaffSession, State, Ticket
from tests.browser.consoles import Console, check_accessible, sign_in_again, wait_for_scripts
from tests.grounds import NOW
from tests.handlers.desks import happens, ticket
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser
EVERY = 10_000  # ms between two looks
TOLD = ".flashes"
HALF = "A plumber comes on Tues"


def _opened_with_a_colleague(page: Page, console: Console) -> str:
    """Opens a case as asha, the page's clock in the test's hand; baraka works here too. Gives its reference."""
    there = ticket()
    hire()
    hire("baraka")
    page.clock.install()
    console.sign_in(page)
    console.open_ticket(page, there)
    return there


def _done_by_baraka(reference: str, rule: Callable[..., None], *wishes: object) -> None:
    """Does one deed on a case at a colleague's desk."""
    with database.transaction() as db:
        found = db.scalars(select(Ticket).where(Ticket.reference == references.read(reference))).one()
        rule(db, Deed(db.get_one(Staff, "baraka"), found.reference, found.version, uuid4(), NOW), *wishes)


def _end_sessions() -> None:
    with database.transaction() as db:
        db.execute(delete(StaffSession))


def test_a_page_that_stays_open_tells_who_else_looks_and_how_an_sms_fared(
    page: Page, console: Console, browser: Browser
) -> None:
    there = _opened_with_a_colleague(page, console)
    page.get_by_label("Your words").fill("A plumber comes on Tuesday.")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("#timeline")).to_contain_text("queued")
    second = browser.new_context(reduced_motion="reduce").new_page()
    console.sign_in(second, "baraka")
    console.open_ticket(second, there)
    with database.transaction() as db:
        db.execute(update(Message).values(state=State.DELIVERED))
    page.clock.run_for(EVERY)
    expect(page.get_by_text("Also looking at this case: baraka")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("delivered")
    second.context.close()


def test_a_case_whose_page_can_ask_no_more_does_not_look_up_to_date(page: Page, console: Console) -> None:
    _opened_with_a_colleague(page, console)
    behind = page.get_by_text("Not up to date since")
    expect(behind).to_be_hidden()
    page.route("**/*poll=1*", lambda route: route.fulfill(status=503))
    page.clock.run_for(EVERY)
    expect(behind).to_be_visible()
    page.unroute("**/*poll=1*")
    page.clock.run_for(EVERY)
    expect(behind).to_be_hidden()


def test_who_was_shown_what_happened_may_act_on_it(page: Page, console: Console, browser: Browser) -> None:
    there = _opened_with_a_colleague(page, console)
    page.get_by_label("Your words").fill("Nobody knows yet.")
    page.get_by_text("The citizen called").click()
    page.get_by_label("What was said").fill("Asks for news")
    second = browser.new_context(reduced_motion="reduce").new_page()
    console.sign_in(second, "baraka")
    console.open_ticket(second, there)
    second.keyboard.press("t")
    expect(second.locator(TOLD)).to_have_text("The case is baraka's.")
    second.context.close()
    page.clock.run_for(EVERY)
    show = page.get_by_role("link", name="Something happened: show it")
    expect(show).to_be_visible()
    expect(page.locator("#timeline")).not_to_contain_text("to baraka")
    show.click()
    expect(page.locator("#timeline")).to_contain_text("to baraka")
    expect(page.locator("#facts")).to_contain_text("baraka")
    expect(page.locator("#marks")).to_contain_text("open")
    expect(show).to_have_count(0)
    expect(page.get_by_label("Your words")).to_have_value("Nobody knows yet.")
    expect(page.get_by_label("What was said")).to_have_value("Asks for news")
    happens(there, EventKind.WROTE, "Still dry")
    page.clock.run_for(EVERY)
    expect(show).to_be_visible()
    page.get_by_role("button", name="Do it").click()  # what the citizen wrote makes no answer stale
    expect(page.locator(TOLD)).to_have_text("The answer goes out.")


def test_who_was_shown_what_a_colleague_filed_does_not_file_it_back(page: Page, console: Console) -> None:
    there = _opened_with_a_colleague(page, console)
    page.get_by_text("File it anew").click()
    page.locator("#refile-priority").select_option("high")
    _done_by_baraka(there, filing.refile, Filing("roads", "755", Priority.NORMAL))
    page.clock.run_for(EVERY)
    page.get_by_role("link", name="Something happened: show it").click()
    expect(page.locator("#refile-category")).to_have_value("roads")
    expect(page.locator("#refile-priority")).to_have_value("high")
    page.get_by_role("button", name="File", exact=True).click()
    expect(page.locator(TOLD)).to_have_text("The case is filed anew.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roads & bridges")
    expect(page.locator("#marks")).to_contain_text("high")


def test_who_was_shown_that_the_case_was_merged_can_answer_it_no_more(page: Page, console: Console) -> None:
    there, other = _opened_with_a_colleague(page, console), ticket("No water at the market")
    page.get_by_label("Your words").fill("A plumber comes on Tuesday.")
    _done_by_baraka(there, merging.merge, other)
    page.clock.run_for(EVERY)
    page.get_by_role("link", name="Something happened: show it").click()
    expect(page.locator("#desk-notice")).to_contain_text("Answer there: both citizens get it.")
    expect(page.locator("#desk-notice").get_by_role("link", name=other)).to_be_visible()
    expect(page.get_by_label("Answer", exact=True)).to_have_count(0)
    expect(page.get_by_label("Note for staff")).to_be_checked()
    expect(page.locator("#preview")).to_contain_text("Only staff read this.")
    expect(page.get_by_label("Your words")).to_have_value("A plumber comes on Tuesday.")
    check_accessible(page)


def test_what_was_half_written_is_there_after_the_session_ended_and_the_next_sign_in(
    page: Page, console: Console
) -> None:
    there = ticket()
    hire()
    console.sign_in(page)
    console.open_ticket(page, there)
    page.keyboard.press("i")
    page.get_by_label("Your words").press_sequentially("Between us: ")
    expect(page.locator("#preview")).to_contain_text("Only staff read this.")
    _end_sessions()
    page.get_by_label("Your words").press_sequentially("the pump was sold")  # the preview finds the session ended
    sign_in_again(page)
    expect(page.get_by_role("heading", level=1, name=there)).to_be_visible()
    expect(page.get_by_label("Your words")).to_have_value("Between us: the pump was sold")
    expect(page.get_by_label("Note for staff")).to_be_checked()  # or it would go to the citizen
    expect(page.locator("#preview")).to_contain_text("Only staff read this.")
    _end_sessions()
    page.get_by_role("button", name="Do it").click()
    sign_in_again(page)
    expect(page.get_by_label("Your words")).to_have_value("Between us: the pump was sold")
    page.get_by_role("button", name="Do it").dblclick()
    expect(page.locator(TOLD)).to_have_text("The note stands on the timeline.")
    wait_for_scripts(page)  # which forget the words
    expect(page.get_by_label("Your words")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("")


def test_another_form_of_the_page_takes_no_words_away(page: Page, console: Console) -> None:
    there = ticket()
    hire()
    console.sign_in(page)
    console.open_ticket(page, there)
    page.get_by_label("Your words").fill(HALF)
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(TOLD)).to_have_text("The case is asha's.")
    expect(page.get_by_label("Your words")).to_have_value(HALF)
    expect(page.locator("#preview .sms")).to_contain_text(HALF)
    page.get_by_text("The citizen called").click()
    page.get_by_label("What was said").fill("Asks for news")
    page.get_by_text("Merge into another case").click()
    page.get_by_label("Its reference").fill("nonsense")
    page.locator("summary", has_text="Merge").last.click()
    page.get_by_role("button", name="Merge into it").last.click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such case")
    expect(page.get_by_label("Your words")).to_have_value(HALF)
    expect(page.get_by_label("What was said")).to_have_value("Asks for news")
    page.get_by_role("button", name="Note the call").click()
    expect(page.locator(TOLD)).to_have_text("The call stands on the timeline.")
    expect(page.get_by_label("Your words")).to_have_value(HALF)
    expect(page.get_by_label("What was said")).to_have_value("")
    page.get_by_role("button", name="Kiswahili").click()
    expect(page.locator("#words")).to_have_value(HALF)


@pytest.mark.parametrize("leaving", ["Sign out", "Sign out everywhere", "the session ends"])
def test_nobody_else_at_this_computer_reads_what_was_half_written(page: Page, console: Console, leaving: str) -> None:
    there = ticket()
    hire()
    hire("baraka")
    console.sign_in(page)
    console.open_ticket(page, there)
    page.get_by_label("Your words").fill(HALF)
    if leaving == "the session ends":
        _end_sessions()
        page.reload()
    else:
        page.goto(f"{console.url}/account")
        page.get_by_role("button", name=leaving, exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()
    kept = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft'))")
    assert (len(kept) == 0) is (leaving != "the session ends")
    console.sign_in(page, "baraka")
    console.open_ticket(page, there)
    expect(page.get_by_label("Your words")).to_have_value("")
    assert HALF not in str(page.evaluate("Object.values(sessionStorage)"))


def test_a_campaigns_texts_are_there_after_the_session_ended(page: Page, console: Console) -> None:
    hire("chebet", Role.OFFICIAL)
    console.sign_in(page, "chebet")
    page.goto(f"{console.url}/campaigns/new")
    page.get_by_label("Text in English").fill("Water is back in {ward}.")
    expect(page.locator("#preview")).to_contain_text("1 segment")
    _end_sessions()
    page.get_by_label("Text in Kiswahili").fill("Maji yamerudi {ward}.")
    sign_in_again(page, "chebet")
    expect(page.get_by_label("Text in English")).to_have_value("Water is back in {ward}.")
    expect(page.get_by_label("Text in Kiswahili")).to_have_value("Maji yamerudi {ward}.")


def test_who_stopped_a_request_on_a_slow_link_can_send_the_form_again(page: Page, console: Console) -> None:
    there = _opened_with_a_colleague(page, console)
    page.get_by_label("Your words").fill(HALF)
    send = page.get_by_role("button", name="Do it")
    page.route("**/work", lambda route: route.fulfill(status=204))  # the page stays, as when somebody presses Stop
    with page.expect_response("**/work"):
        send.click()
    page.unroute("**/work")
    page.clock.run_for(5_000)
    send.click()
    expect(page.locator(TOLD)).to_have_text("The answer goes out.")
    assert page.url.endswith(there)


def test_one_page_exports_more_than_once(page: Page, console: Console) -> None:
    ticket()
    hire(role=Role.SUPERVISOR)
    page.clock.install()
    console.sign_in(page)
    page.goto(f"{console.url}/exports")
    page.get_by_label("Reason").fill("For the county assembly")
    for _ in range(2):
        with page.expect_download():
            page.get_by_role("button", name="Export and record it").click()
        page.clock.run_for(5_000)
