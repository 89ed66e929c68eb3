"""The USSD webhook against what Africa's Talking is known to send: every request gets a screen or a clear refusal."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from menus.words import gsm7
from models import Ticket, UssdSession
from tests.grounds import PHONE
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, TO_THE_WORDS, WORDS, Phone

TYPED = [
    "Maji * hakuna * tangu jana",
    "Water & roads + 50% of # wards",
    "Café déjà fermé, señor",
    "No water \N{DROPLET}\N{SHRUG} ‘since’ Monday…",
    "x" * 80,
    "Bomba " * 83 + "ok",
]


def test_a_first_request_is_answered_with_a_screen(phone: Phone) -> None:
    assert phone.dial().startswith("CON Nandi County 1548")


def test_each_longer_text_leads_one_step_on(phone: Phone) -> None:
    phone.dial()
    assert "Report a problem" in phone.type("1")
    assert "What is it about?" in phone.type("1")
    assert "Which sub-county?" in phone.type("1")
    assert "Which ward?" in phone.type("1")
    assert "What is wrong" in phone.type("1")
    assert WORDS in phone.type(WORDS)
    assert phone.type(SUBMIT).startswith("END Thank you. Case ")


@pytest.mark.parametrize("words", TYPED)
def test_what_a_citizen_types_is_kept_to_the_letter(phone: Phone, kept: Session, words: str) -> None:
    shown = phone.reports(*TO_THE_WORDS, words)
    assert gsm7(words)[:20].split(" ")[0] in shown
    assert phone.type(SUBMIT).startswith("END Thank you")
    assert kept.scalars(select(Ticket.words)).all() == [words.strip()]


def test_nul_and_half_a_surrogate_pair_never_reach_the_database(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_WORDS)
    before = "%2A".join(TO_THE_WORDS)
    for typed in ("%2ANo+water%00+at+the+tap%ED%A0%80", "%2ANo+water%00+at+the+tap%ED%A0%80%2A1"):
        body = f"phoneNumber=%2B254700000001&serviceCode=%2A1548%23&sessionId=ATUid_1&text={before}{typed}"
        answer = phone.client.post(f"{phone.hooks}/ussd", data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    (words,) = kept.scalars(select(Ticket.words)).all()
    assert words.startswith("No water at the tap")
    assert "\0" not in words


def test_a_star_alone_is_an_input_like_any_other(phone: Phone) -> None:
    phone.reports(*TO_THE_WORDS)
    assert "A little more" in phone.type("*")


def test_an_empty_input_in_the_middle_is_asked_again(phone: Phone) -> None:
    phone.reports(*TO_THE_WORDS)
    assert "Please type it." in phone.type("")


def test_an_empty_first_reply_shows_the_first_screen_again(phone: Phone) -> None:
    assert phone.dial() == phone.ask("") == phone.ask("")


def test_a_hash_after_a_number_is_not_part_of_it(phone: Phone) -> None:
    assert "What is it about?" in phone.reports("1#", "1#")


@pytest.mark.parametrize("network", ["63902", "63910", "99999", "", "not a network at all"])
def test_any_network_will_do(phone: Phone, network: str) -> None:
    assert phone.ask("", networkCode=network).startswith("CON ")


@pytest.mark.parametrize("missing", ["networkCode", "text"])
def test_without_a_network_or_a_text_it_is_a_first_request(phone: Phone, missing: str) -> None:
    fields = {"phoneNumber": PHONE, "serviceCode": "*1548#", "text": "", "sessionId": "s", "networkCode": "63902"}
    del fields[missing]
    answer = phone.post("ussd", **fields)
    assert (answer.status_code, answer.text[:4]) == (200, "CON ")


@pytest.mark.parametrize("written", ["254700000001", " 254700000001", " +254700000001 ", "+254700000001"])
def test_a_number_is_the_same_however_its_plus_arrives(phone: Phone, kept: Session, written: str) -> None:
    phone.ask("", phoneNumber=written)
    assert kept.scalars(select(UssdSession.phone)).all() == [PHONE]


def test_a_foreign_service_code_is_told_off_and_leaves_nothing(phone: Phone, kept: Session) -> None:
    assert phone.ask("", serviceCode="*384*1#").startswith("END ")
    assert kept.scalar(select(func.count()).select_from(UssdSession)) == 0


@pytest.mark.parametrize("secret", ["", "x", "é", "%00", "0" * 64])
def test_a_wrong_secret_finds_nothing(phone: Phone, secret: str) -> None:
    answer = phone.client.post(f"/hooks/{secret}/ussd", data={"phoneNumber": PHONE, "sessionId": "s"})
    assert answer.status_code == 404


@pytest.mark.parametrize("hook", ["ussd", "ussd-ended", "delivery"])
def test_a_hook_is_posted_to(phone: Phone, hook: str) -> None:
    assert phone.client.get(f"{phone.hooks}/{hook}").status_code == 405


@pytest.mark.parametrize(
    "changes",
    [
        {"phoneNumber": ""},
        {"phoneNumber": "anonymous"},
        {"phoneNumber": "+2547"},
        {"phoneNumber": "+254700000001 OR 1=1"},
        {"phoneNumber": "٢٥٤٧٠٠٠٠٠٠٠١"},
        {"sessionId": ""},
        {"sessionId": " "},
        {"sessionId": "x" * 129},
    ],
)
def test_without_a_phone_or_a_session_nobody_can_be_answered(
    phone: Phone, kept: Session, changes: dict[str, str]
) -> None:
    answer = phone.post("ussd", **{"phoneNumber": PHONE, "sessionId": "s", "serviceCode": "*1548#", **changes})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert kept.scalar(select(func.count()).select_from(UssdSession)) == 0


def test_a_field_that_comes_twice_is_refused(phone: Phone) -> None:
    twice = {"phoneNumber": [PHONE, "+254700000002"], "sessionId": "s", "serviceCode": "*1548#", "text": ""}
    assert phone.client.post(f"{phone.hooks}/ussd", data=twice).status_code == 400


def test_fields_in_the_address_are_not_read(phone: Phone) -> None:
    query = {"phoneNumber": PHONE, "sessionId": "s", "serviceCode": "*1548#", "text": ""}
    assert phone.client.post(f"{phone.hooks}/ussd", query_string=query).status_code == 400


def test_a_body_of_a_mebibyte_is_too_large(phone: Phone) -> None:
    assert phone.post("ussd", phoneNumber=PHONE, sessionId="s", text="x" * 2**20).status_code == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded;charset=utf-8",
        "APPLICATION/X-WWW-FORM-URLENCODED",
    ],
)
def test_the_carriers_content_types_are_understood(phone: Phone, content_type: str) -> None:
    body = "phoneNumber=%2B254700000001&serviceCode=%2A1548%23&text=&sessionId=s&networkCode=63902"
    answer = phone.client.post(f"{phone.hooks}/ussd", data=body, content_type=content_type)
    assert answer.text.startswith("CON ")


def test_json_is_not_the_carriers(phone: Phone) -> None:
    answer = phone.client.post(f"{phone.hooks}/ussd", json={"phoneNumber": PHONE, "sessionId": "s"})
    assert answer.status_code == 400


def test_a_text_of_a_thousand_inputs_is_survived(phone: Phone) -> None:
    assert phone.ask("*".join(["1"] * 1000)).startswith(("CON ", "END "))


def test_every_answer_is_plain_text_that_nobody_sniffs(phone: Phone) -> None:
    answer = phone.post("ussd", phoneNumber=PHONE, sessionId="s", serviceCode="*1548#", text=TO_THE_CHECK[0])
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
