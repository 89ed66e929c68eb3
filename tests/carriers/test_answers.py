"""Answers of Africa's Talking that no simulator gives: recorded ones, damaged ones, and ones nobody has seen yet."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.carriers import SendResult, Verdict
from gateway.carriers.africastalking_request import Answer
from gateway.carriers.africastalking_results import classify, retry_after

PHONE, OTHER = "+254700000001", "+254700000002"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def row(number: str = PHONE, **more: Any) -> dict[str, Any]:
    return {
        "cost": "KES 0.8000",
        "messageId": "ATXid_1",
        "number": number,
        "status": "Success",
        "statusCode": 101,
    } | more


def read(*rows: Any, phones: tuple[str, ...] = (PHONE,)) -> dict[str, SendResult]:
    content = {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": rows}}
    return classify(Answer(201, {}, json.dumps(content).encode()), phones, NOW)


def test_the_recorded_live_answer_is_understood() -> None:
    body = (
        b'{"SMSMessageData":{"Message":"Sent to 1/1 Total Cost: KES 0.8000","Recipients":[{"cost":"KES 0.8000",'
        b'"messageId":"ATXid_081365ccc485678b5c0413e1795ab53e","messageParts":1,"number":"+254700000001",'
        b'"status":"Success","statusCode":100}]}}'
    )
    result = classify(Answer(201, {}, body), [PHONE], NOW)[PHONE]
    assert (result.verdict, result.cost) == (Verdict.ACCEPTED, "KES 0.8000")
    assert result.carrier_id == "ATXid_081365ccc485678b5c0413e1795ab53e"


def test_the_recorded_answer_of_an_empty_account_carries_no_id() -> None:
    result = read(row(cost="0", messageId="None", status="InsufficientBalance", statusCode=405))[PHONE]
    assert (result.verdict, result.carrier_id, result.cost) == (Verdict.NOT_SENT, None, "0")


def test_rows_belong_to_numbers_not_to_places() -> None:
    results = read(row(OTHER, messageId="ATXid_2"), row(PHONE, statusCode=403), phones=(PHONE, OTHER))
    assert (results[PHONE].verdict, results[OTHER].carrier_id) == (Verdict.REJECTED, "ATXid_2")


@pytest.mark.parametrize("number", ["254700000001", " 254700000001", "+254700000001 "])
def test_a_number_that_lost_its_plus_is_still_the_number(number: str) -> None:
    assert read(row(number))[PHONE].verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("code", ["101", 101])
def test_a_code_may_be_written_as_text(code: object) -> None:
    assert read(row(statusCode=code))[PHONE].verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("code", ["", "Success", "-1", 101.5, True, [], 10**30, "٤٠٣"])
def test_a_code_that_is_none_tells_nothing(code: object) -> None:
    assert read(row(statusCode=code))[PHONE].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("status", "message_id", "verdict"),
    [
        ("Success", "ATXid_1", Verdict.ACCEPTED),
        ("Could Not Send", "None", Verdict.NOT_SENT),
        ("Could Not Send", "ATXid_1", Verdict.ACCEPTED),
        ("InvalidPhoneNumber", "None", Verdict.REJECTED),
        ("RiskHold", "None", Verdict.HELD),
        ("SomethingNew", "None", Verdict.UNKNOWN),
        (None, "None", Verdict.UNKNOWN),
    ],
)
def test_without_a_code_the_status_decides(status: str | None, message_id: str, verdict: Verdict) -> None:
    assert read({"number": PHONE, "status": status, "messageId": message_id, "cost": "0"})[PHONE].verdict is verdict


def test_two_rows_that_contradict_each_other_never_allow_a_second_sms() -> None:
    assert read(row(statusCode=407), row())[PHONE].verdict is Verdict.ACCEPTED
    assert read(row(statusCode=407), row(statusCode=777))[PHONE].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("message_id", ["None", "", "  ", None, 7, "x" * 129, "a\x00b", "ATXid_é"])
def test_an_id_that_can_not_be_kept_is_no_id(message_id: object) -> None:
    result = read(row(messageId=message_id))[PHONE]
    assert (result.verdict, result.carrier_id) == (Verdict.ACCEPTED, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"Success"',
        b"{}",
        b'{"SMSMessageData":null}',
        b'{"SMSMessageData":{"Message":"InvalidSenderId"}}',
        b'{"SMSMessageData":{"Message":"Sent","Recipients":null}}',
        b'{"SMSMessageData":{"Message":"Sent","Recipients":["+254700000001"]}}',
        b"<html>",
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_an_unreadable_answer_leaves_every_outcome_unknown(body: bytes) -> None:
    results = classify(Answer(200, {}, body), [PHONE, OTHER], NOW)
    assert [results[phone].verdict for phone in (PHONE, OTHER)] == [Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_no_reason_repeats_what_the_carrier_wrote() -> None:
    results = read(row(statusCode=None, status="Hello citizen"), row(OTHER, statusCode=888), phones=(PHONE, OTHER))
    assert {result.reason for result in results.values()} == {"code 0", "code 888"}


@given(st.binary(max_size=200), st.integers(min_value=100, max_value=999))
def test_no_answer_whatever_it_is_raises_or_forgets_a_phone(body: bytes, status: int) -> None:
    assert set(classify(Answer(status, {}, body), [PHONE, OTHER], NOW)) == {PHONE, OTHER}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 15:01:30 +0300", 90.0),
        ("Mon, 23 Nov 2026 12:01:30 -0000", 90.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 1.0),
        ("Mon, 23 Nov 2099 11:00:00 GMT", 3600.0),
        ("Mon, 99 Nov 2026 12:01:30 GMT", 30.0),
    ],
)
def test_a_date_after_which_to_retry_is_counted_from_now(header: str, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds
