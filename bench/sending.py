"""How fast a campaign goes out, beside what one would build first and beside the fastest there can be.

Ours is the whole way: RQ's worker, the outbox, its commits, the stand-in carrier, which answers after 100 ms. Beside
it stand one RQ job for each SMS, and a bare loop that posts the same batches and remembers nothing, each in turn with
ours in the same run. Then: how long a citizen's confirmation takes to the carrier while a campaign runs.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from redis import Redis

from bench import campaigns, one_job_per_sms
from bench.table import Row, at_least
from gateway import database, queue
from gateway.outbox import outbox
from gateway.outbox.outbox import Promise
from models import CampaignStatus
from tests.faults.house import API_KEY, House, until
from tests.faults.load import doors
from tests.faults.resident import move_in
from tests.gateway import sendings

BATCH = 100
LATENCY = 100  # ms
FAST = {"SEND_RATE": "10000", "BULK_BATCH": str(BATCH)}  # so that the pace does not hold anybody up
OF_A_BASELINE_JOB = 100  # SMS: at some nine a second more would only take longer


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--recipients", type=int, default=5000, help="of each campaign")
    parser.add_argument("--rounds", type=int, default=1, help="of ours and each baseline in turn")
    parser.add_argument("--confirmations", type=int, default=40)


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    return [
        *_throughput(house, asked, has_reports=False),
        *_throughput(house, asked, has_reports=True),
        _confirmations(house, asked, {"BULK_BATCH": str(BATCH), "SEND_RATE": "20"}, "at 20 segments a second"),
        _confirmations(house, asked, FAST, "as fast as it can"),
    ]


def _throughput(house: House, asked: argparse.Namespace, *, has_reports: bool) -> list[Row]:
    """Gives ours beside each baseline, in SMS per second."""
    # Each SMS has four reports: fewer recipients, or the web would be at them for minutes.
    count = asked.recipients // 5 if has_reports else asked.recipients
    ours, jobs, bare = [], [], []
    for _ in range(asked.rounds):
        for measure, rates in ((_ours, ours), (_job_each, jobs), (_bare, bare)):
            _prepare(house, has_reports=has_reports)
            rates.append(measure(house, count))
    told = "with reports" if has_reports else "without reports"
    beside_jobs = Row(f"sending, beside one RQ job per SMS, {told}", "SMS/s", median(ours), median(jobs))
    beside_loop = Row(f"sending, beside a bare loop, {told}", "SMS/s", median(ours), median(bare))
    # A bare loop leaves the reports to nobody; ours keeps and applies them meanwhile.
    return [at_least(beside_jobs, 10.0), beside_loop if has_reports else at_least(beside_loop, 0.5)]


def _prepare(house: House, *, has_reports: bool) -> None:
    house.refresh()
    house.faults(latency_ms=LATENCY, reports={"enabled": has_reports, "delay_ms": 50})
    if has_reports:
        house.web()


def _ours(house: House, count: int) -> float:
    worker = house.worker("bulk", **FAST)
    until_listening(house)
    campaign_id = campaigns.waiting(house, count)
    return _rate(count, lambda: _begin(house, campaign_id), lambda: not _left(house), worker.stop)


def _job_each(house: House, _count: int) -> float:
    arguments = [house.settings.redis_url, house.simulator.url, API_KEY]
    worker = move_in("baseline", ["-m", "bench.one_job_per_sms", *arguments], {}, house.logs / "baseline.log")
    until_listening(house)
    phones = [sendings.number(position) for position in range(1, OF_A_BASELINE_JOB + 1)]

    def begin() -> None:
        one_job_per_sms.enqueue(house.settings.redis_url, phones, campaigns.BODY)

    def is_done() -> bool:
        return len(house.simulator.ledger()["accepted"]) >= OF_A_BASELINE_JOB

    return _rate(OF_A_BASELINE_JOB, begin, is_done, worker.clear_away)


def _bare(house: House, count: int) -> float:
    phones = [sendings.number(position) for position in range(1, count + 1)]
    began = time.monotonic()
    for first in range(0, count, BATCH):
        form = {"username": "simulator", "to": ",".join(phones[first : first + BATCH]), "message": campaigns.BODY}
        body = urlencode({**form, "from": "1548"}).encode()
        headers = {"apiKey": API_KEY, "Content-Type": "application/x-www-form-urlencoded"}
        with urlopen(Request(f"{house.simulator.url}/version1/messaging", body, headers)) as answer:  # noqa: S310
            json.load(answer)
    return count / (time.monotonic() - began)


def _rate(count: int, begin: Callable[[], object], is_done: Callable[[], object], end: Callable[[], object]) -> float:
    began = time.monotonic()
    begin()
    until(is_done, "everything to be sent", 240)
    took = time.monotonic() - began
    end()
    return count / took


def _begin(house: House, campaign_id: int) -> None:
    with doors(house):
        sendings.put(campaign_id, status=CampaignStatus.SENDING)
        queue.push("bulk", "send_messages", "bulk")


def _left(house: House) -> int:
    with house.engine.connect() as connection:
        left = (
            "SELECT 1 FROM message WHERE campaign_id IS NOT NULL AND state IN ('queued', 'claimed', 'sending') LIMIT 1"
        )
        return len(connection.exec_driver_sql(left).all())


def until_listening(house: House, workers: int = 1) -> None:
    """Waits until so many workers listen to the doorbell."""
    with Redis.from_url(house.settings.redis_url) as client:
        until(lambda: client.scard("rq:workers") >= workers, "listening workers")


def _confirmations(house: House, asked: argparse.Namespace, pace: Mapping[str, str], how: str) -> Row:
    """Gives what 95 of 100 confirmations stay under, from the commit to the carrier, while a campaign runs."""
    _prepare(house, has_reports=False)
    workers = [house.worker("bulk", **pace), house.worker("replies", **pace)]
    until_listening(house, len(workers))
    _begin(house, campaigns.waiting(house, 4 * asked.recipients))
    until(lambda: house.simulator.ledger()["requests"], "the campaign to run")
    promised: dict[str, datetime] = {}
    with doors(house):
        for number in range(asked.confirmations):
            phone = f"+2541{number:08d}"
            wanted = Promise(f"ack:ticket:{number}", "confirmation", phone, "Your case is received.")
            with database.transaction() as db:
                outbox.promise(db, wanted, datetime.now(UTC))
            promised[phone] = datetime.now(UTC)
            time.sleep(0.25)
    until(lambda: len(_reached(house, promised)) == len(promised), "every confirmation to be taken")
    seconds = [(at - promised[phone]).total_seconds() for phone, at in _reached(house, promised).items()]
    ran_on = _left(house)
    for worker in workers:
        worker.stop()
    if not ran_on:
        raise SystemExit("the campaign ended too soon: more --recipients are needed")
    return Row(f"a confirmation during a campaign {how}, p95", "s", quantiles(seconds, n=20)[-1], goal=2.0)


def _reached(house: House, promised: Mapping[str, datetime]) -> dict[str, datetime]:
    ledger = house.simulator.ledger()["accepted"]
    return {entry["phone"]: datetime.fromisoformat(entry["at"]) for entry in ledger if entry["phone"] in promised}
