"""The phones on the table and their messages, in a real browser, against the real simulator."""

from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.thumbs import phones, see

pytestmark = pytest.mark.browser


def send_sms(house: House, phone: str, text: str) -> None:
    """Sends as the gateway does, through the carrier's own API."""
    form = urlencode({"username": "simulator", "to": phone, "message": text, "from": "1548"}).encode()
    headers = {"apiKey": "simulator-key", "Accept": "application/json"}
    with urlopen(Request(f"{house.simulator.url}/version1/messaging", form, headers)) as reply:
        assert reply.status == 201


def test_there_are_one_to_four_phones(page: Page, house: House) -> None:
    all_phones = phones(page, house)
    page.get_by_test_id("add").click()
    page.get_by_test_id("add").click()
    expect(all_phones).to_have_count(4)
    expect(page.get_by_test_id("add")).to_be_disabled()
    for left in (3, 2, 1):
        all_phones.first.get_by_test_id("remove").click()
        expect(all_phones).to_have_count(left)
    expect(all_phones.first.get_by_test_id("remove")).to_be_hidden()
    expect(all_phones.first.get_by_test_id("number")).to_have_text("+254 700 000 004")


@pytest.mark.parametrize("number", ["0200 123 456", "+256 700 000 001", "07000", "no number"])
def test_a_number_that_is_no_kenyan_mobile_is_refused_with_a_sentence(page: Page, house: House, number: str) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("owner").locator("summary").click()
    phone.get_by_test_id("new-number").fill(number)
    phone.get_by_test_id("keep-number").click()
    expect(phone.get_by_test_id("objection")).to_contain_text("not a Kenyan mobile number")
    expect(phone.get_by_test_id("number")).to_have_text("+254 700 000 001")


def test_a_phone_takes_another_number_and_a_reload_keeps_it(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("owner").locator("summary").click()
    phone.get_by_test_id("new-number").fill("0110 000 009")
    phone.get_by_test_id("new-network").select_option(label="Equitel")
    phone.get_by_test_id("keep-number").click()
    page.reload()
    expect(phone.get_by_test_id("number")).to_have_text("+254 110 000 009")
    phone.get_by_test_id("green").click()
    see(phone, "Karibu")
    form = house.hooks.log[-1][0].form
    assert (form["phoneNumber"], form["networkCode"]) == ("+254110000009", "63999")


def test_two_phones_never_share_a_number(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("owner").locator("summary").click()
    phone.get_by_test_id("new-number").fill("0700000002")
    phone.get_by_test_id("keep-number").click()
    expect(phone.get_by_test_id("objection")).to_contain_text("Another phone")


def test_an_sms_arrives_is_counted_read_and_stays_read(page: Page, house: House) -> None:
    both = phones(page, house)
    send_sms(house, "+254700000001", "Your case <b>K7Q-M2P-4XD</b> was received.")
    expect(both.first.get_by_test_id("unread")).to_have_text("1")
    expect(both.first.get_by_test_id("news")).to_have_text("1 new message")
    expect(both.nth(1).get_by_test_id("unread")).to_be_hidden()
    both.first.get_by_test_id("messages").click()
    expect(both.first.get_by_test_id("inbox")).to_contain_text("<b>K7Q-M2P-4XD</b>")
    expect(both.first.get_by_test_id("inbox")).to_contain_text("1 part")
    expect(both.first.get_by_test_id("unread")).to_be_hidden()
    page.reload()
    expect(both.first.get_by_test_id("inbox").locator("li")).to_have_count(1)
    expect(both.first.get_by_test_id("unread")).to_be_hidden()


def test_an_sms_is_written_to_the_county(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("messages").click()
    phone.get_by_test_id("soft-left").click()
    phone.get_by_test_id("sms-text").fill("Maji hakuna Kapsabet")
    with page.expect_response("**/handset/api/sms") as sent:
        phone.get_by_test_id("soft-left").click()
    assert sent.value.json()["status"] == 200
    form = house.hooks.log[-1][0].form
    assert (form["from"], form["to"], form["text"]) == ("+254700000001", "1548", "Maji hakuna Kapsabet")
    expect(phone.get_by_text("No messages yet")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 640, 720])
def test_nothing_runs_over_the_edge_of_a_small_or_enlarged_page(page: Page, house: House, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 450})
    phones(page, house).first.get_by_test_id("green").click()
    see(page.get_by_test_id("handset").first, "Karibu")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_finger_is_enough_and_no_keyboard_covers_the_phone(browser: Browser, house: House) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = phones(context.new_page(), house).first
    phone.get_by_test_id("green").tap()
    see(phone, "Karibu")
    expect(phone.get_by_test_id("answer")).not_to_be_focused()
    phone.get_by_test_id("key-1").tap()
    expect(phone.get_by_test_id("answer")).to_have_value("1")
    phone.locator(".labels .left").tap()
    see(phone, "What happened?")
    context.close()
