"""What the stand-in tells the gateway by itself: citizens' texts, delivery reports, opt-outs, and until when."""

from typing import Any

import pytest

from tests.carriers.standins import (
    OTHER,
    PHONE,
    USERNAME,
    Hooks,
    Says,
    Simulator,
    eventually,
    listening_at,
    poll,
    send,
    start,
)


def test_a_text_arrives_as_it_was_captured(simulator: Simulator, hooks: Hooks) -> None:
    told = simulator.ask(
        "POST", "sms", {"phone": PHONE, "text": "Maji & + 1", "id": "m-1", "date": "2020-07-24 15:39:15"}
    )
    assert (told["id"], told["status"]) == ("m-1", 200)
    assert hooks.at("sms")[0].raw == (
        "linkId=&text=Maji+%26+%2B+1&to=1548&id=m-1&date=2020-07-24+15%3A39%3A15&from=%2B254700000001"
    )


def test_it_is_repeated_until_the_answer_is_exactly_200(simulator: Simulator, hooks: Hooks) -> None:
    hooks.plan("sms", Says(b"", 500), Says(b"", 204), Says(b"", 201), Says(b"", 200))
    told = simulator.ask("POST", "sms", {"phone": PHONE, "text": "Hello"})
    assert told["status"] == 500
    eventually(lambda: len(hooks.at("sms")) == 4)
    simulator.ask("POST", "sms", {"phone": OTHER, "text": "Another"})
    assert [request.form["id"] for request in hooks.at("sms")][:4] == [told["id"]] * 4
    assert len(hooks.at("sms")) == 5


def test_it_may_come_several_times_with_one_id(simulator: Simulator, hooks: Hooks) -> None:
    simulator.ask("POST", "sms", {"phone": PHONE, "text": "Hello", "times": 3})
    assert len(hooks.at("sms")) == 3
    assert len({request.form["id"] for request in hooks.at("sms")}) == 1


def test_it_is_in_the_inbox_that_can_be_polled(simulator: Simulator) -> None:
    for text in ("One", "Two"):
        simulator.ask("POST", "sms", {"phone": PHONE, "text": text})
    polled = poll(simulator, f"messaging?username={USERNAME}&lastReceivedId=1")
    (message,) = polled["SMSMessageData"]["Messages"]
    assert (message["id"], message["text"], message["from"]) == (2, "Two", PHONE)


def test_a_message_needs_words_and_a_sender(simulator: Simulator) -> None:
    for wish in (
        {"phone": PHONE},
        {"text": "Hello"},
        {"phone": 7, "text": "Hello"},
        {"phone": PHONE, "text": "Hello", "times": 0},
    ):
        assert simulator.call("POST", "sms", wish)[0] == 400


def test_with_the_gateway_away_it_says_so() -> None:
    with start("http://127.0.0.1:9/hooks/a-secret") as process:
        lonely = Simulator(listening_at(process))
        told = lonely.ask("POST", "sms", {"phone": PHONE, "text": "Hello"})
        screen = lonely.dial()
        process.terminate()
    assert told["status"] is None
    assert "refused" in told["error"].lower()
    assert (screen["open"], screen["screen"]) == (False, "Connection problem or invalid MMI code.")


def test_an_sms_is_reported_on_step_by_step(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(reports={"delay_ms": 5})
    send(simulator)
    eventually(lambda: len(hooks.at("delivery")) == 4)
    statuses = [request.form["status"] for request in hooks.at("delivery")]
    assert statuses == ["Sent", "Submitted", "Buffered", "Success"]
    message_id = simulator.inbox(PHONE)[0]["id"]
    assert hooks.at("delivery")[0].raw == (
        f"phoneNumber=%2B254700000001&retryCount=0&id={message_id}&status=Sent&networkCode=63902"
    )


def test_a_failure_carries_its_reason(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(reports={"delay_ms": 1, "final": "Failed"})
    send(simulator)
    eventually(lambda: len(hooks.at("delivery")) == 4)
    assert [request.form.get("failureReason") for request in hooks.at("delivery")] == [None] * 3 + ["DeliveryFailure"]


def test_reports_may_come_twice_and_in_any_order(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(reports={"delay_ms": 1, "duplicate": True, "shuffle": True}, seed=1)
    send(simulator)
    eventually(lambda: len(hooks.at("delivery")) == 8)
    statuses = [request.form["status"] for request in hooks.at("delivery")]
    assert statuses[::2] == statuses[1::2]
    assert statuses[::2] != ["Sent", "Submitted", "Buffered", "Success"]
    assert set(statuses) == {"Sent", "Submitted", "Buffered", "Success"}


@pytest.mark.parametrize("settings", [{"lose_share": 1.0}, {"enabled": False}])
def test_reports_may_get_lost(simulator: Simulator, hooks: Hooks, settings: dict[str, Any]) -> None:
    simulator.faults(reports={"before_answer": True, **settings})
    send(simulator)
    assert hooks.at("delivery") == []


def test_one_is_repeated_until_it_is_taken(simulator: Simulator, hooks: Hooks) -> None:
    simulator.faults(reports={"before_answer": True})
    hooks.plan("delivery", Says(b"", 503), Says(b"", 200))
    send(simulator)
    eventually(lambda: len(hooks.at("delivery")) == 5)
    assert [request.form["status"] for request in hooks.at("delivery")].count("Sent") == 2


def test_one_can_be_sent_by_hand(simulator: Simulator, hooks: Hooks) -> None:
    told = simulator.ask("POST", "report", {"id": "ATXid_1", "status": "Expired", "phone": OTHER, "networkCode": ""})
    assert told["status"] == 200
    assert hooks.at("delivery")[0].form == {
        "phoneNumber": OTHER,
        "retryCount": "0",
        "id": "ATXid_1",
        "status": "Expired",
        "networkCode": "",
    }


def test_an_opt_out_names_sender_and_phone(simulator: Simulator, hooks: Hooks) -> None:
    simulator.ask("POST", "opt-out", {"phone": PHONE})
    assert hooks.at("opt-out")[0].raw == "senderId=1548&phoneNumber=%2B254700000001"
