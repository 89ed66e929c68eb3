"""How fast a campaign goes out, beside what one would build first and beside asking the carrier and nothing else.

Ours is the whole way: RQ's worker, the outbox, its commits, the stand-in carrier, which answers after 100 ms. Beside
it stand one RQ job for each SMS, and a bare loop that posts the same batches and remembers nothing, alone and with as
many requests under way as ours, each in turn with ours in the same run. Then: how long a citizen's confirmation takes
from the last key to the carrier while a campaign runs.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench import campaigns, confirmations, one_job_per_sms, webs
from bench.listening import until_listening
from bench.table import Row, at_least
from gateway import queue
from models import CampaignStatus
from tests.faults.house import API_KEY, House, until
from tests.faults.load import doors
from tests.faults.resident import move_in
from tests.gateway import sendings
from workers.sender import SIDE_BY_SIDE

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
    ours, jobs, bare, bare_side_by_side = [], [], [], []
    for _ in range(asked.rounds):
        turn = (_ours, ours), (_job_each, jobs), (_bare, bare), (_bare_side_by_side, bare_side_by_side)
        for measure, rates in turn:
            _prepare(house, has_reports=has_reports)
            rates.append(measure(house, count))
    told = "with reports" if has_reports else "without reports"
    beside_jobs = Row(f"sending, beside one RQ job per SMS, {told}", "SMS/s", median(ours), median(jobs))
    beside_loop = Row(f"sending, beside a bare loop, {told}", "SMS/s", median(ours), median(bare))
    as_many = Row(
        f"  beside {SIDE_BY_SIDE} such loops, as many requests as ours, {told}",
        "SMS/s",
        median(ours),
        median(bare_side_by_side),
    )
    # A bare loop leaves the reports to nobody; ours keeps and applies them meanwhile.
    return [at_least(beside_jobs, 10.0), beside_loop if has_reports else at_least(beside_loop, 0.5), as_many]


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


def _bare(house: House, count: int, side_by_side: int = 1) -> float:
    phones = [sendings.number(position) for position in range(1, count + 1)]
    batches = [phones[first : first + BATCH] for first in range(0, count, BATCH)]
    began = time.monotonic()
    with ThreadPoolExecutor(side_by_side) as loops:
        for _ in loops.map(lambda batch: _post(house, batch), batches):
            pass
    return count / (time.monotonic() - began)


def _bare_side_by_side(house: House, count: int) -> float:
    return _bare(house, count, SIDE_BY_SIDE)


def _post(house: House, phones: Sequence[str]) -> None:
    form = {"username": "simulator", "to": ",".join(phones), "message": campaigns.BODY, "from": "1548"}
    headers = {"apiKey": API_KEY, "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{house.simulator.url}/version1/messaging"
    with urlopen(Request(url, urlencode(form).encode(), headers)) as answer:  # noqa: S310
        json.load(answer)


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


def _confirmations(house: House, asked: argparse.Namespace, pace: Mapping[str, str], how: str) -> Row:
    """Gives what 95 of 100 confirmations stay under, from the last key to the carrier, while a campaign runs."""
    _prepare(house, has_reports=False)
    workers = [house.worker(queue_name, **pace) for queue_name in ("bulk", "replies", "housekeeping")]
    until_listening(house, len(workers))
    with webs.ours(house):
        _begin(house, campaigns.waiting(house, 4 * asked.recipients))
        until(lambda: house.simulator.ledger()["requests"], "the campaign to run")
        pressed = {}
        for number in range(asked.confirmations):
            phone = f"+2541{number:08d}"
            pressed[phone] = confirmations.report(house, phone)
            time.sleep(0.25)
        until(lambda: len(_reached(house, pressed)) == len(pressed), "every confirmation to be taken")
    seconds = [(at - pressed[phone]).total_seconds() for phone, at in _reached(house, pressed).items()]
    ran_on = _left(house)
    for worker in workers:
        worker.stop()
    if not ran_on:
        raise SystemExit("the campaign ended too soon: more --recipients are needed")
    name = f"a confirmation, from the last key to the carrier, during a campaign {how}, p95"
    return Row(name, "s", quantiles(seconds, n=20)[-1], goal=2.0)


def _reached(house: House, pressed: Mapping[str, datetime]) -> dict[str, datetime]:
    ledger = house.simulator.ledger()["accepted"]
    return {entry["phone"]: datetime.fromisoformat(entry["at"]) for entry in ledger if entry["phone"] in pressed}
