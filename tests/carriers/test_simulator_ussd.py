"""USSD as the stand-in runs it: is every request, limit and ending as Africa's Talking documents or was seen to do?"""

import gzip
import re

import pytest

from tests.carriers.standins import OTHER, PHONE, Hooks, Says, Simulator, eventually


def texts(hooks: Hooks) -> list[str]:
    return [request.form["text"] for request in hooks.at("ussd")]


def the_end(simulator: Simulator, session: str) -> dict[str, str]:
    """Gives the form of the session's only end notification."""
    (notice,) = eventually(lambda: simulator.session(session)["ended"])
    form: dict[str, str] = notice["fields"]
    return form


def test_a_dial_is_one_request_as_it_was_captured(simulator: Simulator, hooks: Hooks) -> None:
    screen = simulator.dial()
    (request,) = hooks.at("ussd")
    assert re.fullmatch(
        r"phoneNumber=%2B254700000001&serviceCode=%2A1548%23&text=&sessionId=ATUid_[0-9a-f]{32}&networkCode=63902",
        request.raw,
    )
    assert request.headers["User-Agent"] == "at-ussd-api/1.0"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.form["sessionId"] == screen["session"]


def test_a_screen_is_the_text_without_its_prefix_and_counts_it(simulator: Simulator, hooks: Hooks) -> None:
    hooks.plan("ussd", b"CON Karibu\n1 {Malalamiko}")
    screen = simulator.dial()
    assert (screen["screen"], screen["open"], screen["error"]) == ("Karibu\n1 {Malalamiko}", True, None)
    assert screen["length"] == len("CON Karibu\n1 {Malalamiko}") + 2  # a brace weighs two
    assert set(screen) == {"session", "screen", "open", "length", "answer_ms", "error"}


def test_the_text_only_grows_and_stars_are_not_escaped(simulator: Simulator, hooks: Hooks) -> None:
    session = simulator.dial()["session"]
    for typed in ("1", "a*b", "", "maji & +2"):
        simulator.answer(session, typed)
    assert texts(hooks) == ["", "1", "1*a*b", "1*a*b*", "1*a*b**maji & +2"]


def test_an_empty_first_reply_looks_like_a_new_session(simulator: Simulator, hooks: Hooks) -> None:
    session = simulator.dial()["session"]
    simulator.answer(session, "")
    simulator.answer(session, "1")
    assert texts(hooks) == ["", "", "1"]


@pytest.mark.parametrize(("switch", "first"), [("prefill", "2*5"), ("strip", "")])
def test_a_long_dial_is_carried_or_cut(simulator: Simulator, hooks: Hooks, switch: str, first: str) -> None:
    simulator.faults(ussd={"long_dial": switch})
    session = simulator.dial(code="*1548*2*5#")["session"]
    simulator.answer(session, "1")
    assert texts(hooks) == [first, f"{first}*1" if first else "1"]
    assert {request.form["serviceCode"] for request in hooks.at("ussd")} == {"*1548#"}


@pytest.mark.parametrize("code", ["*1549#", "*15481#", "*1#"])
def test_another_code_reaches_nobody(simulator: Simulator, hooks: Hooks, code: str) -> None:
    screen = simulator.dial(code=code)
    assert (screen["open"], screen["screen"]) == (False, "Connection problem or invalid MMI code.")
    assert code in screen["error"]
    assert hooks.heard == []


@pytest.mark.parametrize(("phone", "code"), [("0700000001", "*1548#"), (PHONE, "1548"), (PHONE, "*15a#")])
def test_what_no_phone_could_dial_is_refused(simulator: Simulator, phone: str, code: str) -> None:
    assert simulator.call("POST", "ussd/dial", {"phone": phone, "code": code})[0] == 400


def test_an_end_closes_the_session_with_success(simulator: Simulator, hooks: Hooks) -> None:
    hooks.plan("ussd", b"CON Hello", b"END Goodbye")
    session = simulator.dial()["session"]
    assert simulator.answer(session, "1")["open"] is False
    form = the_end(simulator, session)
    assert (form["status"], form["hopsCount"], form["input"]) == ("Success", "2", "1")
    assert form["lastAppResponse"] == "END Goodbye"
    assert list(form) == [
        *("durationInMillis", "phoneNumber", "errorMessage", "serviceCode", "lastAppResponse", "hopsMetadata"),
        *("hopsCount", "status", "sessionId", "cost", "date", "networkCode", "input"),
    ]


def test_who_hangs_up_leaves_an_incomplete_session(simulator: Simulator) -> None:
    session = simulator.dial()["session"]
    assert simulator.ask("POST", "ussd/drop", {"session": session}) == {"dropped": True}
    assert the_end(simulator, session)["status"] == "Incomplete"
    assert simulator.call("POST", "ussd/drop", {"session": session})[0] == 404


def test_a_second_dial_ends_the_first_but_not_a_neighbours(simulator: Simulator) -> None:
    first, neighbour = simulator.dial()["session"], simulator.dial(OTHER)["session"]
    assert simulator.dial()["session"] != first
    assert the_end(simulator, first)["status"] == "Incomplete"
    assert simulator.answer(neighbour, "1")["open"] is True


def test_silence_ends_a_session(simulator: Simulator) -> None:
    simulator.faults(ussd={"idle_ms": 50})
    session = simulator.dial()["session"]
    assert the_end(simulator, session)["status"] == "Incomplete"
    assert simulator.call("POST", "ussd/answer", {"session": session, "input": "1"})[0] == 404


def test_a_session_ends_however_much_is_said(simulator: Simulator) -> None:
    simulator.faults(ussd={"session_ms": 50})
    assert the_end(simulator, simulator.dial()["session"])["status"] == "Incomplete"


def test_nobody_can_answer_a_session_that_never_was(simulator: Simulator) -> None:
    for path in ("ussd/answer", "ussd/drop"):
        assert simulator.call("POST", path, {"session": "ATUid_0", "input": "1"})[0] == 404
    assert simulator.call("GET", "ussd/sessions/ATUid_0")[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Hello",
        b" CON Hello",
        b"\nEND Hello",
        b"\xef\xbb\xbfCON Hello",
        b"CONHello",
        b'"CON Hello"',
        b"con Hello",
    ],
)
def test_an_answer_must_begin_with_exactly_con_or_end(simulator: Simulator, hooks: Hooks, body: bytes) -> None:
    hooks.plan("ussd", body)
    screen = simulator.dial()
    assert (screen["open"], screen["screen"]) == (False, "Connection problem or invalid MMI code.")
    assert "CON or END" in screen["error"]
    assert the_end(simulator, screen["session"])["status"] == "Failed"


@pytest.mark.parametrize("status", [302, 404, 415, 500, 530])
def test_an_error_of_the_gateway_fails_the_session(simulator: Simulator, hooks: Hooks, status: int) -> None:
    hooks.plan("ussd", Says(b"CON Hello", status))
    screen = simulator.dial()
    form = the_end(simulator, screen["session"])
    assert (screen["open"], form["status"]) == (False, "Failed")
    assert form["errorMessage"].startswith(f"Received unexpected response code: {status} ")


def test_an_answer_after_the_ceiling_is_lost(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(ussd={"ceiling_ms": 100})
    hooks.plan("ussd", Says(waits=0.4))
    screen = simulator.dial()
    assert (screen["open"], screen["error"]) == (False, "no answer in time")
    assert the_end(simulator, screen["session"])["status"] == "Failed"


@pytest.mark.parametrize(("network", "most"), [("63902", 160), ("63903", 184)])
def test_a_screen_longer_than_the_network_carries_is_noted(
    simulator: Simulator, hooks: Hooks, network: str, most: int
) -> None:
    hooks.plan("ussd", b"CON " + b"x" * (most - 4), b"CON " + b"x" * (most - 3))
    session = simulator.dial(network=network)["session"]
    assert simulator.answer(session, "1")["length"] == most + 1
    notes = [exchange["notes"] for exchange in simulator.session(session)["exchanges"]]
    assert notes == [[], [f"{most + 1} characters, the network carries {most}"]]


def test_characters_no_phone_shows_are_noted(simulator: Simulator, hooks: Hooks) -> None:
    hooks.plan("ussd", "CON It’s here".encode())
    session = simulator.dial()["session"]
    assert "7-bit" in simulator.session(session)["exchanges"][0]["notes"][0]


def test_a_request_may_come_twice(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(ussd={"duplicate": 1})
    hooks.plan("ussd", b"CON First", b"CON Second")
    assert simulator.dial()["screen"] == "First"
    assert texts(hooks) == ["", ""]


def test_a_label_in_the_answer_comes_back_with_the_next_request(simulator: Simulator, hooks: Hooks) -> None:
    labels = [{"at-ussd-hop-metadata": label} for label in ("home", "ward")]
    hooks.plan("ussd", *(Says(headers=label) for label in labels), b"END Bye")
    session = simulator.dial()["session"]
    simulator.answer(session, "1")
    simulator.answer(session, "2")
    assert [request.headers.get("at-ussd-hop-metadata") for request in hooks.at("ussd")] == [None, "home", "ward"]
    assert the_end(simulator, session)["hopsMetadata"] == "home|ward"


def test_a_compressed_answer_is_read(simulator: Simulator, hooks: Hooks) -> None:
    hooks.plan("ussd", Says(gzip.compress(b"END Bye"), headers={"Content-Encoding": "gzip"}))
    assert simulator.dial()["screen"] == "Bye"
