"""A sender of campaigns: many recipients in one request, and what a crash, a pause or a bad answer does to them."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from gateway import database
from gateway.citizens import consent
from gateway.outbox import lanes
from gateway.staff import audit
from models import AuditEntry, Campaign, CampaignStatus, Citizen, LaneName
from tests.carriers.standins import Simulator, eventually
from tests.gateway.outbox.test_outbox_times import WAITED
from tests.gateway.promises import pass_time, promise
from tests.gateway.sendings import launch, number, put, standing
from tests.handlers.queries import counted
from tests.workers.conftest import start_anew
from tests.workers.test_jobs import taken
from tests.workers.test_processes import NO_REDIS
from tests.workers.test_sender import let_leases_end
from workers import jobs
from workers.sender import SIDE_BY_SIDE, Sender

pytestmark = [pytest.mark.usefixtures("ground", "here", "quick"), pytest.mark.timeout(120)]

SAMPLES, BEGINS = "is_sample", "INSERT INTO attempt"


@pytest.fixture
def quick(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, here: None) -> None:
    """Lets the tests' workers send as fast as they can, in batches of ten."""
    for name, value in {"SEND_RATE": "1000", "BULK_BATCH": "10"}.items():
        environment[name] = value
        monkeypatch.setenv(name, value)
    start_anew()


def requests(simulator: Simulator) -> int:
    return int(simulator.ledger()["requests"])


def campaign(campaign_id: int) -> Campaign:
    with database.transaction() as db:
        found = db.get_one(Campaign, campaign_id)
        db.expunge(found)
        return found


def killed_at(point: str, environment: Mapping[str, str]) -> None:
    """Runs a worker for bulk that is killed at this point."""
    armed = {**environment, "REDIS_URL": NO_REDIS, "GATEWAY_ENV": "test", "FAULT": f"{point}:1"}
    with subprocess.Popen([sys.executable, "-m", "workers", "bulk"], env=armed) as process:
        assert process.wait(60) == -signal.SIGKILL


def test_identical_texts_share_requests_and_each_phone_gets_one(simulator: Simulator, engine: Engine) -> None:
    sent = launch(["Water is back"] * 23 + ["Maji yamerudi"] * 2)
    jobs.send_messages("bulk")
    assert standing(engine, sent) == {"accepted": 25}
    phones = [entry["phone"] for entry in simulator.ledger()["accepted"]]
    assert sorted(phones) == sorted({number(position) for position in range(1, 26)})
    assert requests(simulator) == 4


def test_a_batchs_sample_citizens_are_looked_up_at_once_and_before_it_may_have_been_sent(
    simulator: Simulator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARRIER", "africastalking")
    start_anew()
    sent = launch(["Water is back"] * 5)
    with database.transaction() as db:
        db.add_all(Citizen(phone=number(n), first_seen_at=datetime.now(UTC), is_sample=n < 3) for n in (1, 2, 3))
    sender = Sender(LaneName.BULK, jobs._carrier(), jobs._settings())
    with counted() as asked:
        assert sender._send_batch()
    lookups, begun = ([at for at, said in enumerate(asked) if words in said] for words in (SAMPLES, BEGINS))
    assert len(lookups) == 1
    assert lookups < begun
    assert standing(engine, sent) == {"rejected": 2, "accepted": 3}


@pytest.mark.parametrize(
    ("point", "state", "received"), [("S2", "accepted", 0), ("S4", "unknown", 3), ("S6", "accepted", 3)]
)
def test_a_worker_killed_with_a_batch_sends_nobody_a_second_one(
    point: str, state: str, received: int, environment: dict[str, str], simulator: Simulator, engine: Engine
) -> None:
    sent = launch(["Water is back"] * 3)
    killed_at(point, environment)
    eventually(lambda: len(taken(simulator)) == received, seconds=10)
    let_leases_end()
    pass_time(**WAITED)
    jobs.send_messages("bulk")
    assert standing(engine, sent) == {state: 3}
    assert len(taken(simulator)) == 3


def test_too_many_in_doubt_pause_the_campaign_alone_until_a_person_resumes_it(
    simulator: Simulator, engine: Engine
) -> None:
    sent, other = launch(["Water is back"] * 30), launch(["Road closed"], status=CampaignStatus.PAUSED)
    simulator.faults({"mode": "accept_then_close", "times": 1})
    jobs.send_messages("bulk")
    assert standing(engine, sent)["unknown"] == 10
    assert requests(simulator) <= SIDE_BY_SIDE
    paused = campaign(sent)
    assert paused.status is CampaignStatus.PAUSED
    assert re.fullmatch("10 of the last [12]0 may have been sent", paused.reason or "")
    with database.transaction() as db:
        assert lanes.closed(db) == {}
        entry = db.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action, entry.subject) == (audit.GATEWAY, "campaign_paused", f"campaign:{sent}")
    put(other, status=CampaignStatus.SENDING)
    put(sent, status=CampaignStatus.SENDING)
    jobs.send_messages("bulk")
    assert (standing(engine, sent), standing(engine, other)) == ({"unknown": 10, "accepted": 20}, {"accepted": 1})


@pytest.mark.parametrize(
    ("fault", "reason", "refused"),
    [
        ({"mode": "recipient", "code": 405}, "InsufficientBalance", 0),
        ({"mode": "http", "status": 401}, "HTTP 401", 0),
        ({"mode": "http", "status": 404}, "the carrier refuses the request: HTTP 404", 10),
    ],
)
def test_what_a_person_must_mend_pauses_the_campaign_at_once(
    fault: dict[str, object], reason: str, refused: int, simulator: Simulator, engine: Engine
) -> None:
    sent = launch(["Water is back"] * 60)
    simulator.faults(fault)
    jobs.send_messages("bulk")
    assert requests(simulator) <= SIDE_BY_SIDE
    assert standing(engine, sent).get("rejected", 0) == refused * requests(simulator)
    assert standing(engine, sent)["queued"] == 60 - refused * requests(simulator)
    assert (campaign(sent).status, campaign(sent).reason) == (CampaignStatus.PAUSED, reason)


def test_too_many_requests_are_the_lanes_and_the_campaign_goes_on_by_itself(
    simulator: Simulator, engine: Engine
) -> None:
    sent = launch(["Water is back"] * 5)
    simulator.faults({"mode": "http", "status": 429, "retry_after": "1", "times": 1})
    jobs.send_messages("bulk")
    assert campaign(sent).status is CampaignStatus.SENDING
    with database.transaction() as db:
        assert lanes.closed(db) == {"bulk": "HTTP 429"}
        lanes.open_again(db, LaneName.BULK)
    pass_time(**WAITED)
    jobs.send_messages("bulk")
    assert standing(engine, sent) == {"accepted": 5}


def test_stop_in_the_middle_means_none_after(simulator: Simulator, engine: Engine) -> None:
    simulator.faults(latency_ms=1000)
    in_flight = SIDE_BY_SIDE * 10
    sent = launch(["Water is back"] * (in_flight + 20))
    worker = threading.Thread(target=jobs.send_messages, args=("bulk",))
    worker.start()
    eventually(lambda: standing(engine, sent).get("sending"))
    with database.transaction() as db:
        for position in range(in_flight + 11, in_flight + 21):
            consent.opt_out(db, number(position), datetime.now(UTC))
    worker.join()
    jobs.sweep()
    reached = {entry["phone"] for entry in simulator.ledger()["accepted"]}
    assert reached == {number(position) for position in range(1, in_flight + 11)}
    assert standing(engine, sent) == {"accepted": in_flight + 10, "skipped": 10}


def test_a_pause_takes_effect_within_a_second_and_what_is_in_flight(simulator: Simulator, engine: Engine) -> None:
    simulator.faults(latency_ms=100)
    sent = launch(["Water is back"] * 200)
    worker = threading.Thread(target=jobs.send_messages, args=("bulk",))
    worker.start()
    eventually(lambda: standing(engine, sent).get("accepted"))
    put(sent, status=CampaignStatus.PAUSED)
    paused_at = time.monotonic()
    worker.join()
    assert time.monotonic() - paused_at < 5
    counted = standing(engine, sent)
    assert set(counted) == {"accepted", "queued"}
    times = [datetime.fromisoformat(entry["at"]) for entry in simulator.ledger()["accepted"]]
    assert counted["accepted"] == len(times) < 100


def test_a_reply_goes_out_while_a_campaign_waits_for_its_pace(
    simulator: Simulator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_RATE", "4")
    start_anew()
    sent = launch(["Water is back"] * 8)
    worker = threading.Thread(target=jobs.send_messages, args=("bulk",))
    worker.start()
    eventually(lambda: standing(engine, sent).get("accepted"))
    promise("reply:event:1", kind="reply", body="Your case")
    asked = time.monotonic()
    jobs.send_messages("replies")
    assert time.monotonic() - asked < 2
    assert "Your case" in taken(simulator)
    worker.join()
    assert standing(engine, sent) == {"accepted": 8}
