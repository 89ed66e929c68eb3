"""Who asks with a wrong secret finds nothing, however often and from wherever; who has it is never held up."""

import itertools
import time
from dataclasses import replace
from typing import cast

import pytest
from flask.testing import FlaskClient

from gateway.settings import Settings
from handlers import create_app, strangers
from handlers.strangers import Standing, Strangers
from tests.handlers.phones import Phone

ATTEMPTS = 200
SOURCE = "203.0.113.9"
HOOKS = ("ussd", "ussd-ended", "sms", "delivery", "opt-out")
REPORT = {"id": "ATXid_1", "status": "Success", "phoneNumber": "+254700000001", "networkCode": "63902"}
FORMS = (
    "{}",
    "{}, 10.0.0.1",
    "10.0.0.1, {}",
    " {} ",
    "{}:4711",
    '"{}"',
    "for={}",
    "unknown, {}",
    "{},{}",
    "::ffff:{}",
    "[::1], {}",
    ", {}",
    "{}\t",
    "127.0.0.1, {}",
    "x" * 500 + "{}",
)
HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP")


def guess(client: FlaskClient, path: str = "a-wrong-one", *, address: str = SOURCE, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.post(f"/hooks/{path}/ussd", data=REPORT, headers=named, environ_overrides={"REMOTE_ADDR": address})
    return answer.status_code


def known_to(client: FlaskClient) -> Strangers:
    return cast(Strangers, client.application.extensions["gateway_strangers"])


def test_two_hundred_wrong_secrets_find_nothing(client: FlaskClient) -> None:
    assert {guess(client, f"secret-{number}") for number in range(ATTEMPTS)} == {404}
    assert known_to(client).knock(SOURCE, time.monotonic()) is Standing.BEYOND


@pytest.mark.parametrize("hook", HOOKS)
def test_beyond_the_limit_a_wrong_secret_is_answered_without_words_and_the_line_is_cut(
    client: FlaskClient, hook: str
) -> None:
    for _ in range(ATTEMPTS):
        answer = client.post(f"/hooks/wrong/{hook}", data=REPORT)
    assert (answer.status_code, answer.data, answer.headers["Connection"]) == (404, b"", "close")


def test_the_carrier_is_served_while_a_stranger_behind_its_address_guesses(client: FlaskClient, phone: Phone) -> None:
    for _ in range(ATTEMPTS):
        assert client.post("/hooks/wrong/delivery", data=REPORT).status_code == 404
    assert phone.post("delivery", **REPORT).status_code == 200
    assert phone.dial().startswith("CON ")


def test_no_header_makes_one_source_look_like_many(client: FlaskClient) -> None:
    spoofed = [(header, form) for header in HEADERS for form in FORMS]
    assert len(spoofed) >= 60
    for number, (header, form) in enumerate(spoofed):
        made_up = f"198.51.100.{number}"
        assert guess(client, **{header.replace("-", "_"): form.format(made_up, made_up)}) == 404
    assert len(known_to(client)) == 1
    assert known_to(client).knock(SOURCE, time.monotonic()) is Standing.BEYOND


def test_behind_a_proxy_the_address_it_saw_counts_not_those_before_it(settings: Settings) -> None:
    client = create_app(replace(settings, trusted_proxies=1)).test_client()
    for number in range(ATTEMPTS):
        guess(client, address="10.0.0.1", X_Forwarded_For=f"198.51.100.{number}, {SOURCE}")
    assert len(known_to(client)) == 1
    assert known_to(client).knock(SOURCE, time.monotonic()) is Standing.BEYOND


def test_a_source_that_was_quiet_for_a_while_starts_anew() -> None:
    known = Strangers()
    standings = [known.knock(SOURCE, 0.0) for _ in range(22)]
    assert standings == [Standing.WITHIN] * 20 + [Standing.REACHED, Standing.BEYOND]
    assert known.knock(SOURCE, 3.0) is Standing.WITHIN
    assert known.knock(SOURCE, 3.0) is Standing.BEYOND
    assert [known.knock(SOURCE, 300.0) for _ in range(21)][-1] is Standing.REACHED


def test_another_source_is_not_held_for_it() -> None:
    known = Strangers()
    for _ in range(ATTEMPTS):
        known.knock(SOURCE, 0.0)
    assert known.knock("203.0.113.10", 0.0) is Standing.WITHIN


def test_however_many_sources_there_are_few_are_remembered() -> None:
    known = Strangers()
    for high, low in itertools.product(range(20), range(250)):
        known.knock(f"10.0.{high}.{low}", 0.0)
    assert len(known) == strangers.MOST_SOURCES


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (SOURCE, SOURCE),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_one_subscriber_is_one_source(address: str | None, name: str) -> None:
    assert strangers.source(address) == name
