"""What every carrier adapter owes the outbox, tried over real HTTP: each answer of the carrier has one meaning."""

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.carriers import Carrier, LaneOrder, Verdict
from gateway.carriers.africastalking import AfricasTalking
from tests.carriers.adapters import adapter, only
from tests.carriers.standins import API_KEY, OTHER, PHONE, SENDER, THIRD, USERNAME, Hooks, Simulator

ACCEPTED, NOT_SENT, REJECTED = Verdict.ACCEPTED, Verdict.NOT_SENT, Verdict.REJECTED
HELD, UNKNOWN = Verdict.HELD, Verdict.UNKNOWN
GO_ON, PAUSE, STOP = LaneOrder.GO_ON, LaneOrder.PAUSE, LaneOrder.STOP


def test_an_accepted_sms_has_an_id_a_cost_and_is_in_the_citizens_inbox(simulator: Simulator, carrier: Carrier) -> None:
    result = only(carrier)
    received = simulator.inbox(PHONE)[0]
    assert (result.verdict, result.carrier_id, result.cost) == (ACCEPTED, received["id"], "KES 0.8000")
    assert (received["text"], received["from"]) == ("Water is back.", SENDER)


@pytest.mark.parametrize("code", [100, 101, 102])
def test_processed_sent_and_queued_all_mean_accepted(simulator: Simulator, carrier: Carrier, code: int) -> None:
    simulator.faults({"mode": "recipient", "code": code})
    assert only(carrier).verdict is ACCEPTED


@pytest.mark.parametrize(
    ("code", "reason", "verdict", "lane"),
    [
        (401, "RiskHold", HELD, GO_ON),
        (402, "InvalidSenderId", NOT_SENT, STOP),
        (403, "InvalidPhoneNumber", REJECTED, GO_ON),
        (404, "UnsupportedNumberType", REJECTED, GO_ON),
        (405, "InsufficientBalance", NOT_SENT, PAUSE),
        (406, "UserInBlacklist", REJECTED, GO_ON),
        (407, "CouldNotRoute", NOT_SENT, GO_ON),
        (409, "DoNotDisturbRejection", REJECTED, GO_ON),
        (500, "InternalServerError", NOT_SENT, GO_ON),
        (501, "GatewayError", NOT_SENT, GO_ON),
        (502, "RejectedByGateway", REJECTED, GO_ON),
        (777, "code 777", UNKNOWN, GO_ON),
    ],
)
def test_each_code_of_a_recipient_has_one_meaning(
    simulator: Simulator, carrier: Carrier, code: int, reason: str, verdict: Verdict, lane: LaneOrder
) -> None:
    simulator.faults({"mode": "recipient", "code": code})
    result = only(carrier)
    assert (result.verdict, result.reason, result.lane) == (verdict, reason, lane)
    assert (result.carrier_id, result.http_status) == (None, 201)


@pytest.mark.parametrize(("code", "limit"), [(405, None), (407, 2), (500, 3), (501, 3)])
def test_some_faults_are_worth_only_a_few_attempts(
    simulator: Simulator, carrier: Carrier, code: int, limit: int | None
) -> None:
    simulator.faults({"mode": "recipient", "code": code})
    assert only(carrier).attempts_limit == limit


def test_only_a_number_on_the_blacklist_opts_out(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "recipient", "code": 406, "phone": PHONE}, {"mode": "recipient", "code": 403})
    results = carrier.send("Hello", [PHONE, OTHER])
    assert [results[phone].opts_out for phone in (PHONE, OTHER)] == [True, False]


@pytest.mark.parametrize("code", [500, 501])
def test_an_error_with_an_id_was_taken_and_its_report_decides(
    simulator: Simulator, carrier: Carrier, code: int
) -> None:
    simulator.faults({"mode": "recipient", "code": code, "accepts": True})
    result = only(carrier)
    assert (result.verdict, result.carrier_id) == (ACCEPTED, simulator.ledger()["accepted"][0]["id"])


@pytest.mark.parametrize(
    ("status", "verdict", "lane"),
    [
        (400, REJECTED, GO_ON),
        (401, NOT_SENT, STOP),
        (402, NOT_SENT, STOP),
        (403, NOT_SENT, STOP),
        (404, REJECTED, GO_ON),
        (405, NOT_SENT, STOP),
        (409, NOT_SENT, STOP),
        (415, NOT_SENT, STOP),
        (418, UNKNOWN, GO_ON),
        (422, REJECTED, GO_ON),
        (429, NOT_SENT, PAUSE),
        (500, UNKNOWN, GO_ON),
        (502, UNKNOWN, GO_ON),
        (503, UNKNOWN, GO_ON),
        (504, UNKNOWN, GO_ON),
    ],
)
def test_each_http_status_has_one_meaning(
    simulator: Simulator, carrier: Carrier, status: int, verdict: Verdict, lane: LaneOrder
) -> None:
    simulator.faults({"mode": "http", "status": status})
    result = only(carrier)
    assert (result.verdict, result.lane, result.http_status) == (verdict, lane, status)
    assert result.reason == f"HTTP {status}"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("17", 17.0), (None, 30.0), ("soon", 30.0), ("nan", 30.0), ("-5", 1.0), ("999999", 3600.0)],
)
def test_too_many_requests_says_how_long_to_wait(
    simulator: Simulator, carrier: Carrier, header: str | None, seconds: float
) -> None:
    simulator.faults({"mode": "http", "status": 429, "retry_after": header})
    assert only(carrier).retry_after == seconds


def test_a_wrong_key_or_user_name_stops_the_lane_and_fails_nothing(simulator: Simulator) -> None:
    for name, key in ((USERNAME, "another-key"), ("another-county", API_KEY)):
        result = only(AfricasTalking(name, key, SENDER, base_url=simulator.url))
        assert (result.verdict, result.lane, result.http_status) == (NOT_SENT, STOP, 401)


def test_a_sender_the_carrier_does_not_know_stops_the_lane(simulator: Simulator) -> None:
    result = only(AfricasTalking(USERNAME, API_KEY, "NOBODY", base_url=simulator.url))
    assert (result.verdict, result.lane, result.reason) == (NOT_SENT, STOP, "InvalidSenderId")
    assert simulator.ledger()["accepted"] == []


def test_an_empty_list_of_recipients_without_a_cause_tells_nothing(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "empty_recipients"})
    assert only(carrier).verdict is UNKNOWN


def test_json_is_read_whatever_the_content_type_adds(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "charset"})
    assert only(carrier).verdict is ACCEPTED


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(
    simulator: Simulator, hooks: Hooks, carrier: Carrier
) -> None:
    simulator.faults({"mode": "redirect", "location": hooks.url})
    result = only(carrier)
    assert (result.verdict, result.lane, result.http_status) == (NOT_SENT, STOP, 307)
    assert hooks.heard == []


def test_a_recipient_missing_from_the_answer_is_unknown_and_the_others_are_not(
    simulator: Simulator, carrier: Carrier
) -> None:
    simulator.faults({"mode": "missing_recipient", "phone": OTHER})
    results = carrier.send("Hello", [PHONE, OTHER, THIRD])
    assert [results[phone].verdict for phone in (PHONE, OTHER, THIRD)] == [ACCEPTED, UNKNOWN, ACCEPTED]


def test_a_request_may_be_accepted_in_part(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "recipient", "code": 405, "phone": OTHER})
    results = carrier.send("Hello", [PHONE, OTHER, THIRD])
    assert [results[phone].verdict for phone in (PHONE, OTHER, THIRD)] == [ACCEPTED, NOT_SENT, ACCEPTED]
    assert [entry["phone"] for entry in simulator.ledger()["accepted"]] == [PHONE, THIRD]


def test_a_recipient_named_twice_in_the_answer_is_one_sms(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "duplicate_recipient"})
    assert only(carrier).carrier_id == simulator.ledger()["accepted"][0]["id"]


def test_an_answer_of_2016_without_status_codes_is_understood(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "old_shape"})
    assert only(carrier).verdict is ACCEPTED


def test_a_report_may_come_before_the_answer(simulator: Simulator, hooks: Hooks, carrier: Carrier) -> None:
    simulator.faults(reports={"before_answer": True})
    result = only(carrier)
    assert [request.form["id"] for request in hooks.at("delivery")] == [result.carrier_id] * 4


def test_a_phone_given_twice_gets_one_sms(simulator: Simulator, carrier: Carrier) -> None:
    assert list(carrier.send("Hello", [PHONE, OTHER, PHONE])) == [PHONE, OTHER]
    assert len(simulator.ledger()["accepted"]) == 2


def test_sample_citizens_are_never_written_to(simulator: Simulator) -> None:
    results = adapter(simulator.url, refuses=lambda _: {PHONE}).send("Hello", [PHONE, OTHER])
    assert (results[PHONE].verdict, results[PHONE].reason) == (REJECTED, "sample citizen")
    assert [entry["phone"] for entry in simulator.ledger()["accepted"]] == [OTHER]
    assert adapter(simulator.url, refuses=lambda _: {PHONE}).send("Hello", [PHONE])[PHONE].verdict is REJECTED
    assert simulator.ledger()["requests"] == 1


def test_who_is_refused_is_asked_before_a_send_and_not_again_in_it(simulator: Simulator) -> None:
    asked: list[Sequence[str]] = []
    carrier = adapter(simulator.url, refuses=lambda phones: asked.append(phones) or {PHONE})
    refused = carrier.refused([PHONE, OTHER])
    carrier.send("Hello", [PHONE, OTHER], refused)
    assert asked == [[PHONE, OTHER]]
    assert [entry["phone"] for entry in simulator.ledger()["accepted"]] == [OTHER]


@pytest.mark.parametrize("text", ["Maji & umeme + 100% = 1/2? #1", "kiswahili: ng'ombe\nmstari", "😀 £ é ñ"])
def test_the_text_arrives_as_it_was_written(simulator: Simulator, carrier: Carrier, text: str) -> None:
    carrier.send(text, [PHONE])
    assert simulator.inbox(PHONE)[0]["text"] == text


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+",
        "0700000001",
        "254700000001",
        "+2547000000",
        "+2547000000011",
        "+254200000001",
        "+254800000001",
        "+255700000001",
        "+25470000000a",
        "+254700000001\n",
        " +254700000001",
        "+254 700 000 001",
        "+254٧٠٠٠٠٠٠٠١",
        "+254700000001,+254700000002",
    ],
)
def test_what_is_no_kenyan_mobile_sends_nothing_to_anybody(simulator: Simulator, carrier: Carrier, phone: str) -> None:
    with pytest.raises(ValueError, match="Kenyan mobile"):
        carrier.send("Hello", [OTHER, phone])
    assert simulator.ledger()["requests"] == 0


@pytest.mark.parametrize(("text", "phones"), [("", [PHONE]), (" \n", [PHONE]), ("Hello", []), ("Hello", PHONE)])
def test_no_text_no_phones_or_a_bare_string_of_phones_sends_nothing(
    simulator: Simulator, carrier: Carrier, text: str, phones: Any
) -> None:
    with pytest.raises(ValueError, match="phone"):
        carrier.send(text, phones)
    assert simulator.ledger()["requests"] == 0


def test_phones_may_come_from_a_generator(carrier: Carrier) -> None:
    phones: Any = (phone for phone in (PHONE, OTHER))
    assert list(carrier.send("Hello", phones)) == [PHONE, OTHER]


@pytest.mark.parametrize("key", ["", "two\nlines", "kéy"])
def test_a_key_that_fits_no_header_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        AfricasTalking(USERNAME, key, SENDER)
