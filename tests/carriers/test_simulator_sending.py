"""The stand-in's send API: is every answer byte for byte as recorded, and each text cut into the right parts?"""

import json
import re
from contextlib import closing
from http.client import HTTPConnection

import pytest

from gateway.carriers.simulator import alphabet
from tests.carriers.standins import OTHER, PHONE, SENDER, USERNAME, Simulator, form, poll, post, send


def test_an_accepted_sms_is_answered_as_recorded(simulator: Simulator) -> None:
    status, headers, body = post(simulator, "messaging", form())
    assert (status, headers["Content-Type"]) == (201, "application/json")
    assert re.fullmatch(
        rb'\{"SMSMessageData":\{"Message":"Sent to 1/1 Total Cost: KES 0.8000","Recipients":\[\{"cost":"KES 0.8000",'
        rb'"messageId":"ATXid_[0-9a-f]{32}","messageParts":1,"number":"\+254700000001","status":"Success",'
        rb'"statusCode":100\}\]\}\}',
        body,
    )


def test_a_failed_sms_is_answered_as_recorded(simulator: Simulator) -> None:
    simulator.faults({"mode": "recipient", "code": 405})
    assert send(simulator) == {
        "Message": "Sent to 0/1 Total Cost: 0",
        "Recipients": [
            {"cost": "0", "messageId": "None", "number": PHONE, "status": "InsufficientBalance", "statusCode": 405}
        ],
    }


@pytest.mark.parametrize(("enqueue", "code"), [(None, 100), ("1", 102), ("0", 101)])
def test_enqueueing_shows_in_the_code(simulator: Simulator, enqueue: str | None, code: int) -> None:
    assert send(simulator, enqueue=enqueue)["Recipients"][0]["statusCode"] == code


def test_a_long_text_costs_by_the_part(simulator: Simulator) -> None:
    (row,) = send(simulator, message="x" * 161)["Recipients"]
    assert (row["messageParts"], row["cost"]) == (2, "KES 1.6000")


def test_without_a_sender_it_comes_from_the_carriers_own(simulator: Simulator) -> None:
    send(simulator, **{"from": None})
    assert simulator.inbox(PHONE)[0]["from"] == "AFRICASTKNG"


def test_a_number_that_is_none_fails_alone(simulator: Simulator) -> None:
    rows = send(simulator, to=f"{PHONE},0700")["Recipients"]
    assert [row["statusCode"] for row in rows] == [100, 403]


def test_a_wrong_key_is_answered_as_recorded(simulator: Simulator) -> None:
    status, headers, body = post(simulator, "messaging", form(username="someone"))
    assert (status, body) == (401, b"The supplied authentication is invalid")
    assert headers["WWW-Authenticate"] == 'Basic realm="api",charset=UTF-8'


@pytest.mark.parametrize("field", ["username", "to", "message"])
def test_a_missing_field_is_named(simulator: Simulator, field: str) -> None:
    status, _, body = post(simulator, "messaging", form(**{field: None}))
    assert (status, body) == (400, f"Request is missing required form field '{field}'".encode())


def test_the_newer_endpoint_takes_a_list_in_json(simulator: Simulator) -> None:
    order = {"username": USERNAME, "phoneNumbers": [PHONE, OTHER], "message": "Hello", "senderId": SENDER}
    status, _, body = post(simulator, "messaging/bulk", json.dumps(order).encode(), content_type="application/json")
    rows = json.loads(body)["SMSMessageData"]["Recipients"]
    assert (status, [row["number"] for row in rows]) == (201, [PHONE, OTHER])


def test_a_body_too_large_is_refused_before_it_is_read(simulator: Simulator) -> None:
    connection = HTTPConnection(simulator.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/version1/messaging")
    connection.putheader("Content-Length", "1000000000")
    connection.endheaders()
    with closing(connection), connection.getresponse() as answer:
        assert answer.status == 413


def test_other_content_and_paths_are_refused(simulator: Simulator) -> None:
    assert post(simulator, "messaging", b"{}", content_type="application/json")[0] == 415
    assert post(simulator, "nothing", b"")[0] == 404
    assert post(simulator, "user", b"")[0] == 405


def test_the_balance_can_be_asked(simulator: Simulator) -> None:
    assert poll(simulator, f"user?username={USERNAME}") == {"UserData": {"balance": "KES 1785.50"}}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("x" * 159 + "€", 2),
        ("x" * 152 + "€" + "x" * 152, 3),  # the euro sign would straddle the end of the first part
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 66 + "😀" + "ж" * 66, 3),  # so would the surrogate pair
    ],
)
def test_parts_are_counted_as_a_phone_joins_them(text: str, parts: int) -> None:
    assert alphabet.segments(text) == parts
