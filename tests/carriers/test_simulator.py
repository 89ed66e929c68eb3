"""The stand-in as a process: its control API, its faults on demand, its start and its end."""

import re
import signal
import subprocess
import sys
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.carriers.standins import API_KEY, OTHER, PHONE, Hooks, Simulator, form, listening_at, send, start


def test_it_tells_that_it_is_well(simulator: Simulator) -> None:
    assert simulator.ask("GET", "health") == {"ok": True}


def test_an_inbox_holds_one_phones_messages_newest_last(simulator: Simulator) -> None:
    for to, text in ((PHONE, "One"), (OTHER, "Two"), (PHONE, "Three" * 40)):
        send(simulator, to=to, message=text)
    messages = simulator.inbox(PHONE)
    assert [(message["text"], message["segments"]) for message in messages] == [("One", 1), ("Three" * 40, 2)]
    assert set(messages[0]) == {"id", "from", "text", "at", "segments"}


def test_the_ledger_counts_requests_and_what_was_taken(simulator: Simulator) -> None:
    simulator.faults({"mode": "close", "times": 1})
    with pytest.raises(ConnectionError):
        send(simulator)
    send(simulator)
    ledger = simulator.ledger()
    assert (ledger["requests"], len(ledger["accepted"])) == (2, 1)
    assert set(ledger["accepted"][0]) == {"id", "phone", "text", "from", "at"}


def test_a_reset_forgets_everything(simulator: Simulator) -> None:
    send(simulator)
    session = simulator.dial()["session"]
    simulator.faults({"mode": "close"})
    simulator.ask("POST", "reset")
    assert simulator.ledger() == {"accepted": [], "requests": 0}
    assert simulator.call("GET", f"ussd/sessions/{session}")[0] == 404
    assert simulator.ask("GET", "faults")["rules"] == []


def test_a_rule_strikes_as_often_as_it_says_and_only_its_phone(simulator: Simulator) -> None:
    simulator.faults({"mode": "recipient", "code": 407, "times": 1, "phone": OTHER})
    codes = [send(simulator, to=to)["Recipients"][0]["statusCode"] for to in (PHONE, OTHER, OTHER)]
    assert codes == [100, 407, 100]
    assert simulator.ask("GET", "faults")["rules"][0]["times"] == 0


def test_chance_repeats_itself_with_its_seed(simulator: Simulator) -> None:
    runs = []
    for _ in range(2):
        simulator.faults({"mode": "recipient", "code": 407, "share": 0.5}, seed=7)
        runs.append([send(simulator)["Recipients"][0]["statusCode"] for _ in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {100, 407}


@pytest.mark.parametrize(
    "wish", [{"rules": [{"mode": "earthquake"}]}, {"rules": [{}]}, {"weather": 1}, {"ussd": {"long_dial": "maybe"}}]
)
def test_a_fault_that_means_nothing_is_refused(simulator: Simulator, wish: dict[str, Any]) -> None:
    status, told = simulator.call("PUT", "faults", wish)
    assert status == 400
    assert told["error"]


def test_a_port_that_is_taken_is_one_line(simulator: Simulator) -> None:
    port = simulator.url.rpartition(":")[2]
    command = [sys.executable, "-m", "gateway.carriers.simulator", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(rf"simulator: can't listen on 127\.0\.0\.1:{port}: .+\n", ended.stderr)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_even_in_the_middle_of_a_hang(hooks: Hooks, ending: signal.Signals) -> None:
    with start(hooks.url) as process:
        short_lived = Simulator(listening_at(process))
        short_lived.faults({"mode": "hang"})
        with pytest.raises(TimeoutError):
            urlopen(Request(f"{short_lived.url}/version1/messaging", form(), {"apiKey": API_KEY}), timeout=0.3)
        process.send_signal(ending)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
