"""The whole house as `make run` starts it, with an official, an approver and those who read what the two send out.

The campaigns are emergencies, so that they go out at whatever hour the test runs.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.started import Started
from tests.browser.thumbs import BY_SMS, answer, hear, see, text

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WARD = "Kabiyet"
SLOWLY = "2"  # segments per second: there is time to pause it on the way
FIRST = {"English": "Water is back in Kabiyet.", "Kiswahili": "Maji yamerudi Kabiyet."}
SECOND = {"English": "Boil the water of Kabiyet.", "Kiswahili": "Chemsheni maji ya Kabiyet."}
AT_ITS_END = 90_000  # ms until all had their turn


@pytest.fixture
def desks(browser: Browser) -> Iterator[list[Page]]:
    """Three desks with a browser each: an admin's, an official's and an approver's."""
    contexts = [browser.new_context(reduced_motion="reduce") for _ in range(3)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def follow(phone: Locator) -> None:
    """Has a citizen dial, choose English, and ask by SMS for the news of the ward."""
    phone.get_by_test_id("green").click()
    see(phone, "1548")
    answer(phone, "1")
    see(phone, "Report a problem")
    phone.get_by_test_id("red").click()
    phone.get_by_test_id("messages").click()
    text(phone, f"FOLLOW {WARD}")
    hear(phone, f"the news of {WARD}")


def hire(admin: Page, started: Started, name: str, role: str, phone: str = "") -> str:
    """Has the admin add somebody; gives the password that was drawn for them."""
    admin.goto(f"{started.url}/console/new-staff")
    admin.get_by_label("Name to sign in with").fill(name)
    admin.get_by_label("Role").select_option(role)
    admin.get_by_label("Phone for SMS").fill(phone)
    admin.get_by_role("button", name="Add", exact=True).click()
    expect(admin.get_by_role("heading", name=f"A password for {name}")).to_be_visible()
    return admin.get_by_role("main").locator("code").inner_text()


def write(desk: Page, started: Started, title: str, texts: dict[str, str], rate: str = "") -> None:
    """Has the official write a campaign to the people of the ward and to those who follow it."""
    desk.goto(f"{started.url}/console/campaigns")
    desk.get_by_role("link", name="Write a campaign").click()
    desk.get_by_label("Title").fill(title)
    for source in ("People of wards and sub-counties", "Followers of a ward"):
        places = desk.locator("details").filter(has_text=source)
        places.locator("summary").click()
        places.get_by_label(WARD, exact=True).check()
    for language, words in texts.items():
        desk.get_by_label(f"Text in {language}").fill(words)
        expect(desk.locator("#preview")).to_contain_text(words)
    desk.get_by_label("Segments per second").fill(rate)
    desk.get_by_label("This is an emergency").check()
    desk.get_by_role("button", name="Keep the draft").click()
    told(desk, "The draft is kept.")


def submit(desk: Page, own: Locator, texts: dict[str, str]) -> None:
    """Has the official send the campaign to their own phone, read it there, and submit it."""
    desk.get_by_role("button", name="Send them to me").click()
    told(desk, "The texts are on their way to your phone.")
    for words in texts.values():
        hear(own, words)
    desk.get_by_role("button", name="Submit it").click()
    told(desk, "It is submitted")


def approve(desk: Page, started: Started, title: str) -> None:
    """Has the approver find the campaign, wait for its count, and say yes."""
    desk.goto(f"{started.url}/console/campaigns")
    waiting = desk.get_by_role("main").locator("section").filter(has_text="For you to decide")
    waiting.get_by_role("link", name=title).click()
    desk.get_by_text("Approve …").click()
    desk.get_by_role("button", name="Approve it").click()
    told(desk, "It is approved and begins now.")


def told(desk: Page, words: str) -> None:
    expect(desk.locator(".flashes")).to_contain_text(words)


def stands(desk: Page, status: str, timeout: int = BY_SMS) -> None:
    """Waits until the page says by itself where the campaign stands."""
    expect(desk.locator(".heading .mark").first).to_have_text(status, timeout=timeout)


def had_their_turn(desk: Page) -> int:
    return int(desk.locator(".how-far b").inner_text())


def sums(desk: Page, *lines: str) -> None:
    """Checks lines of the sum: what, and how many."""
    shown = " ".join(desk.locator("#progress").inner_text().split())
    assert [line for line in lines if line not in shown] == [], shown


@pytest.mark.timeout(300)
def test_a_campaign_is_written_approved_paused_resumed_and_no_more_wanted(
    page: Page, desks: list[Page], started: Started
) -> None:
    admin, official, approver = desks
    page.goto(f"{started.url}/handset")
    phone, own = page.get_by_test_id("handset").nth(0), page.get_by_test_id("handset").nth(1)
    own.get_by_test_id("messages").click()
    follow(phone)
    assert "30 sample citizens" in started.operate("citizens", "sample", "--number", "30", "--ward", "777")
    started.sign_in_first(admin, "admin", started.passwords["admin"])
    passwords = [hire(admin, started, "chebet", "official", "0700000002"), hire(admin, started, "rono", "approver")]
    for desk, name, password in zip((official, approver), ("chebet", "rono"), passwords, strict=True):
        started.sign_in_first(desk, name, password)
        expect(desk.get_by_role("heading", level=1, name="Campaigns")).to_be_visible()

    write(official, started, "The water", FIRST, SLOWLY)
    expect(official.locator("#outlook")).to_contain_text(re.compile(r"31\s+recipients"))
    submit(official, own, FIRST)
    approve(approver, started, "The water")
    for desk in (official, approver):
        stands(desk, "goes out now")
    official.get_by_role("button", name="Pause").click()
    told(official, "It pauses.")
    stands(approver, "paused")
    assert had_their_turn(approver) < 31
    approver.get_by_role("button", name="Resume").click()
    told(approver, "It goes on.")
    for desk in (official, approver):
        stands(desk, "done", AT_ITS_END)
        sums(desk, "31 of 31 recipients", "Recipients 31", "Audience 31")
    hear(phone, FIRST["English"])

    text(phone, "STOP")
    hear(phone, "You get no more news from us.")
    write(official, started, "Boil it", SECOND)
    expect(official.locator("#outlook")).to_contain_text(re.compile(r"30\s+recipients"))
    expect(official.locator("#outlook")).to_contain_text("said STOP1")
    submit(official, own, SECOND)
    approve(approver, started, "Boil it")
    for desk in (official, approver):
        stands(desk, "done", AT_ITS_END)
        sums(desk, "30 of 30 recipients", "Recipients 30", "Left out: said STOP 1", "Audience 31")
    expect(phone.get_by_test_id("inbox").locator("li")).to_have_count(3)  # what it follows, the first, and its goodbye
