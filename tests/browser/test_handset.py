"""Calls on the handset in a real browser, against the real simulator; the gateway's answers are scripted."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import DIALOGUE, House
from tests.browser.thumbs import phones, press, see

pytestmark = pytest.mark.browser


def test_a_citizen_dials_with_the_keypad_answers_and_reads_the_farewell(page: Page, house: House) -> None:
    phone = phones(page, house).first
    press(phone, "*1548#")
    expect(phone.get_by_test_id("dialled")).to_have_value("*1548#")
    expect(phone.get_by_test_id("dialled")).to_be_focused()
    phone.get_by_test_id("green").click()
    see(phone, "1 Report a problem")
    press(phone, "1")
    phone.get_by_test_id("soft-left").click()
    see(phone, "What happened?")
    phone.get_by_test_id("answer").fill("no water")
    phone.get_by_test_id("green").click()
    see(phone, "K7Q-M2P-4XD")
    expect(phone.get_by_test_id("answer")).to_be_hidden()
    phone.get_by_test_id("soft-left").click()
    expect(phone.get_by_test_id("dialled")).to_have_value("")


def test_the_keyboard_alone_is_enough(page: Page, house: House) -> None:
    phone = phones(page, house).first
    page.keyboard.type("*1548#")
    page.keyboard.press("Enter")
    see(phone, "Karibu")
    expect(phone.get_by_test_id("answer")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    see(phone, "What happened?")
    expect(phone.get_by_test_id("answer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(phone.get_by_test_id("dialled")).to_be_focused()


def test_every_key_has_a_name_to_be_read_aloud(page: Page, house: House) -> None:
    phone = phones(page, house).first
    for name in ("1", "9", "*", "#", "Call", "End", "Clear one character", "Up", "OK", "Down", "Messages", "Redial"):
        expect(phone.get_by_role("button", name=name, exact=True)).to_have_count(1)
    phone.get_by_test_id("green").click()
    expect(phone.get_by_role("status")).to_contain_text("Karibu 1548")


def test_letters_come_by_pressing_a_key_again(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    see(phone, "Karibu")
    press(phone, "22")
    expect(phone.get_by_test_id("answer")).to_have_value("22")
    phone.get_by_test_id("clear").click()
    phone.get_by_test_id("clear").click()
    phone.get_by_test_id("letters").click()
    expect(phone.get_by_test_id("letters")).to_have_text("abc")
    press(phone, "92")
    phone.get_by_test_id("key-5").evaluate("key => { key.click(); key.click(); }")  # no pause between the two
    expect(phone.get_by_test_id("answer")).to_have_value("wak")


def test_the_counter_counts_what_the_network_carries_and_warns_above_160(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    expect(phone.get_by_test_id("count")).to_have_text(f"{len(DIALOGUE[''])}/160")
    phone.get_by_test_id("answer").fill("2")
    phone.get_by_test_id("answer").press("Enter")
    expect(phone.get_by_test_id("count")).to_have_text("184/160")
    expect(phone.get_by_test_id("count")).to_have_class("over")
    expect(phone.get_by_test_id("cause")).to_contain_text("a phone would cut this screen")


def test_the_red_key_hangs_up_and_the_carrier_is_told(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    see(phone, "Karibu")
    with page.expect_response("**/handset/api/drop") as dropped:
        phone.get_by_test_id("red").click()
    assert dropped.value.json() == {"dropped": True}
    expect(phone.get_by_test_id("screen")).to_be_hidden()


def test_reading_messages_does_not_end_the_call(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    see(phone, "Karibu")
    phone.get_by_test_id("messages").click()
    expect(phone.get_by_test_id("screen")).to_be_hidden()
    phone.get_by_test_id("soft-right").click()
    expect(phone.get_by_test_id("screen")).to_be_visible()
    phone.get_by_test_id("answer").fill("1")
    phone.get_by_test_id("answer").press("Enter")
    see(phone, "What happened?")


def test_redial_keeps_the_last_code_even_over_a_reload(page: Page, house: House) -> None:
    phone = phones(page, house).first
    phone.get_by_test_id("dialled").fill("*1548*1#")
    phone.get_by_test_id("green").click()
    see(phone, "What happened?")
    page.reload()
    phone.get_by_test_id("soft-right").click()
    see(phone, "What happened?")


def test_phones_side_by_side_hold_their_own_sessions(page: Page, house: House) -> None:
    both = phones(page, house)
    expect(both).to_have_count(2)
    both.nth(0).get_by_test_id("green").click()
    see(both.nth(0), "Karibu")
    both.nth(1).get_by_test_id("green").click()
    see(both.nth(1), "Karibu")
    both.nth(0).get_by_test_id("answer").fill("1")
    both.nth(0).get_by_test_id("answer").press("Enter")
    see(both.nth(0), "What happened?")
    see(both.nth(1), "Karibu")
    callers = {asked.form["phoneNumber"] for asked, _ in house.hooks.log}
    assert callers == {"+254700000001", "+254700000002"}


def test_a_gateway_that_fails_looks_as_on_a_phone_and_the_cause_stands_outside(page: Page, house: House) -> None:
    house.hooks.expect_ordered_request("/hooks/secret/ussd").respond_with_data("", status=503)
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    see(phone, "Connection problem or invalid MMI code.")
    expect(phone.get_by_test_id("cause")).to_contain_text("503")
    expect(phone.locator(".shell").get_by_text("503")).to_have_count(0)


def test_without_a_simulator_there_is_no_service_and_a_dial_says_why(page: Page, house: House) -> None:
    phone = phones(page, house).first
    expect(phone).to_contain_text("Safaricom")
    house.simulator.stop()
    expect(phone).to_contain_text("No service")
    phone.get_by_test_id("green").click()
    see(phone, "Connection problem or invalid MMI code.")
    expect(phone.get_by_test_id("cause")).to_contain_text("simulator")


def test_a_silent_session_ends_when_the_network_ends_it(page: Page, house: House) -> None:
    page.clock.install()
    phone = phones(page, house).first
    phone.get_by_test_id("green").click()
    see(phone, "Karibu")
    page.clock.run_for(31_000)
    see(phone, "Session timed out.")
    expect(phone.get_by_test_id("cause")).to_contain_text("nothing was sent for 30 s")
