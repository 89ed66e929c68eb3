"""What every carrier adapter owes the outbox, tried over real HTTP: each answer of the carrier has one meaning."""

import importlib.metadata
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.carriers import Carrier, LaneOrder, SendResult, Verdict
from gateway.carriers.africastalking import AfricasTalking
from gateway.carriers.africastalking_request import Limits
from tests.carriers.standins import API_KEY, OTHER, PHONE, SENDER, THIRD, USERNAME, Hooks, Simulator

ACCEPTED, NOT_SENT, REJECTED = Verdict.ACCEPTED, Verdict.NOT_SENT, Verdict.REJECTED
HELD, UNKNOWN = Verdict.HELD, Verdict.UNKNOWN
GO_ON, PAUSE, STOP = LaneOrder.GO_ON, LaneOrder.PAUSE, LaneOrder.STOP
IMPATIENT = Limits(connect=0.3)


def adapter(url: str, **more: Any) -> AfricasTalking:
    return AfricasTalking(USERNAME, API_KEY, SENDER, base_url=url, **more)


@pytest.fixture
def carrier(simulator: Simulator) -> Carrier:
    return adapter(simulator.url)


def only(carrier: Carrier) -> SendResult:
    """Sends one SMS to one phone and gives its result."""
    results = carrier.send("Water is back.", [PHONE])
    assert list(results) == [PHONE]
    return results[PHONE]


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


@pytest.mark.parametrize(
    ("mode", "limits", "is_taken", "reason"),
    [
        ("hang", Limits(read=0.3), False, "read: timeout"),
        ("accept_then_hang", Limits(read=0.3), True, "read: timeout"),
        ("close", Limits(), False, "read: connection lost"),
        ("accept_then_close", Limits(), True, "read: connection lost"),
        ("drip", Limits(total=0.8), True, "read: total time over"),
        ("html", Limits(), True, "unreadable answer"),
        ("truncated", Limits(), True, "read: answer cut short"),
    ],
)
def test_whatever_goes_wrong_after_the_body_may_have_been_sent(
    simulator: Simulator, mode: str, limits: Limits, is_taken: bool, reason: str
) -> None:
    simulator.faults({"mode": mode})
    result = only(adapter(simulator.url, limits=limits))
    assert (result.verdict, result.reason, result.carrier_id) == (UNKNOWN, reason, None)
    ledger = simulator.ledger()
    assert (len(ledger["accepted"]), ledger["requests"]) == (is_taken, 1)


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
    results = adapter(simulator.url, refuses={PHONE}).send("Hello", [PHONE, OTHER])
    assert (results[PHONE].verdict, results[PHONE].reason) == (REJECTED, "sample citizen")
    assert [entry["phone"] for entry in simulator.ledger()["accepted"]] == [OTHER]
    assert adapter(simulator.url, refuses={PHONE}).send("Hello", [PHONE])[PHONE].verdict is REJECTED
    assert simulator.ledger()["requests"] == 1


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


def test_proxies_and_passwords_of_the_machine_are_left_alone(
    simulator: Simulator, carrier: Carrier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert only(carrier).verdict is ACCEPTED


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        yield listener


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_a_refused_connection_sent_nothing(deaf: socket.socket) -> None:
    port = port_of(deaf)
    deaf.close()
    result = only(adapter(f"http://127.0.0.1:{port}"))
    assert (result.verdict, result.reason, result.http_status) == (NOT_SENT, "connect: refused", None)


def test_a_name_nobody_knows_sent_nothing() -> None:
    too_long_to_be_asked_for = "127." + "a." * 130 + "x"
    result = only(adapter(f"http://{too_long_to_be_asked_for}"))
    assert (result.verdict, result.reason) == (NOT_SENT, "connect: name not found")


def test_a_host_that_does_not_pick_up_sent_nothing(deaf: socket.socket) -> None:
    waiting = [socket.socket() for _ in range(3)]  # they fill the queue, so that the next one is not even refused
    for caller in waiting:
        caller.setblocking(False)
        caller.connect_ex(deaf.getsockname())
    result = only(adapter(f"http://127.0.0.1:{port_of(deaf)}", limits=IMPATIENT))
    for caller in waiting:
        caller.close()
    assert (result.verdict, result.reason) == (NOT_SENT, "connect: timeout")


def test_a_handshake_that_never_ends_sent_nothing(deaf: socket.socket) -> None:
    result = only(adapter(f"https://127.0.0.1:{port_of(deaf)}", limits=IMPATIENT))
    assert (result.verdict, result.reason) == (NOT_SENT, "connect: timeout")


def test_a_host_that_does_not_speak_tls_sent_nothing(simulator: Simulator) -> None:
    result = only(adapter(simulator.url.replace("http:", "https:")))
    assert (result.verdict, result.reason) == (NOT_SENT, "connect: TLS fault")
    assert simulator.ledger()["requests"] == 0


def test_after_an_unknown_the_adapter_itself_tries_nothing_again(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "accept_then_close", "times": 1})
    assert [only(carrier).verdict, simulator.ledger()["requests"]] == [UNKNOWN, 1]


def test_the_sdk_is_the_one_whose_insides_were_read() -> None:
    assert importlib.metadata.version("africastalking") == "2.0.3"


@pytest.mark.parametrize(
    ("username", "host"), [("sandbox", "api.sandbox.africastalking.com"), ("county", "api.africastalking.com")]
)
def test_without_an_address_it_is_the_carriers_own(username: str, host: str) -> None:
    carrier = AfricasTalking(username, API_KEY, SENDER)
    assert carrier._sms._make_url("/messaging") == f"https://{host}/version1/messaging"
