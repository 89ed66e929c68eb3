"""What the network does to a send: before the body nothing was sent, after it nobody knows, and nothing is repeated."""

import importlib.metadata
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.carriers import Carrier, Verdict
from gateway.carriers.africastalking import AfricasTalking
from gateway.carriers.africastalking_request import Limits
from tests.carriers.adapters import adapter, only
from tests.carriers.standins import API_KEY, SENDER, Simulator

IMPATIENT = Limits(connect=0.3)


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
    assert (result.verdict, result.reason, result.carrier_id) == (Verdict.UNKNOWN, reason, None)
    ledger = simulator.ledger()
    assert (len(ledger["accepted"]), ledger["requests"]) == (is_taken, 1)


def test_proxies_and_passwords_of_the_machine_are_left_alone(
    simulator: Simulator, carrier: Carrier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert only(carrier).verdict is Verdict.ACCEPTED


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
    assert (result.verdict, result.reason, result.http_status) == (Verdict.NOT_SENT, "connect: refused", None)


def test_a_name_nobody_knows_sent_nothing() -> None:
    too_long_to_be_asked_for = "127." + "a." * 130 + "x"
    result = only(adapter(f"http://{too_long_to_be_asked_for}"))
    assert (result.verdict, result.reason) == (Verdict.NOT_SENT, "connect: name not found")


def test_a_name_that_is_looked_up_for_too_long_sent_nothing(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    look_up = socket.getaddrinfo

    def slow(*asked: Any, **named: Any) -> Any:
        answered.wait(60)
        return look_up(*asked, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    result = only(adapter(simulator.url.replace("127.0.0.1", "localhost"), limits=IMPATIENT))
    was_looking = not answered.is_set()
    answered.set()
    assert (result.verdict, result.reason, was_looking) == (Verdict.NOT_SENT, "connect: timeout", True)
    monkeypatch.undo()
    assert simulator.ledger()["requests"] == 0


def test_of_a_names_addresses_the_next_is_tried_where_one_refuses(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(simulator.url.rsplit(":", 1)[1])
    tried = []
    connect = socket.create_connection

    def two(*_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

    def counted(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address[0])
        with monkeypatch.context() as real:
            real.setattr(socket, "getaddrinfo", look_up)
            return connect(address, timeout=timeout)

    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", two)
    monkeypatch.setattr(socket, "create_connection", counted)
    result = only(adapter(simulator.url))
    monkeypatch.undo()
    assert (result.verdict, tried) == (Verdict.ACCEPTED, ["127.0.0.9", "127.0.0.1"])


def test_a_host_that_does_not_pick_up_sent_nothing(deaf: socket.socket) -> None:
    waiting = [socket.socket() for _ in range(3)]  # they fill the queue, so that the next one is not even refused
    for caller in waiting:
        caller.setblocking(False)
        caller.connect_ex(deaf.getsockname())
    result = only(adapter(f"http://127.0.0.1:{port_of(deaf)}", limits=IMPATIENT))
    for caller in waiting:
        caller.close()
    assert (result.verdict, result.reason) == (Verdict.NOT_SENT, "connect: timeout")


def test_a_handshake_that_never_ends_sent_nothing(deaf: socket.socket) -> None:
    result = only(adapter(f"https://127.0.0.1:{port_of(deaf)}", limits=IMPATIENT))
    assert (result.verdict, result.reason) == (Verdict.NOT_SENT, "connect: timeout")


def test_a_host_that_does_not_speak_tls_sent_nothing(simulator: Simulator) -> None:
    result = only(adapter(simulator.url.replace("http:", "https:")))
    assert (result.verdict, result.reason) == (Verdict.NOT_SENT, "connect: TLS fault")
    assert simulator.ledger()["requests"] == 0


def test_after_an_unknown_the_adapter_itself_tries_nothing_again(simulator: Simulator, carrier: Carrier) -> None:
    simulator.faults({"mode": "accept_then_close", "times": 1})
    assert [only(carrier).verdict, simulator.ledger()["requests"]] == [Verdict.UNKNOWN, 1]


def test_the_sdk_is_the_one_whose_insides_were_read() -> None:
    assert importlib.metadata.version("africastalking") == "2.0.3"


@pytest.mark.parametrize(
    ("username", "host"), [("sandbox", "api.sandbox.africastalking.com"), ("county", "api.africastalking.com")]
)
def test_without_an_address_it_is_the_carriers_own(username: str, host: str) -> None:
    carrier = AfricasTalking(username, API_KEY, SENDER)
    assert carrier._sms._make_url("/messaging") == f"https://{host}/version1/messaging"
