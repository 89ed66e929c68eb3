"""R01b, R12b and R15: campaigns, when workers die with a batch, the carrier fails, people change their minds."""

import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway import database, queue
from gateway.citizens import consent
from gateway.outbox.lanes import MOST_IN_DOUBT
from models import CampaignStatus
from tests.faults.auditor import audit, duplicates, states
from tests.faults.checks import check
from tests.faults.checks.killing import CERTAIN, POINTS
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained, let_leases_end, let_waits_end, sweep, write
from tests.gateway import sendings
from tests.gateway.sendings import number
from workers.sender import SIDE_BY_SIDE

BATCH = 10
LATENCY = 0.1
RATE = 20  # segments per second
# By name: what the carrier does, and whether that leaves citizens in doubt.
STORMS: dict[str, tuple[dict[str, Any], bool]] = {
    "http 503": ({"mode": "http", "status": 503}, True),
    "balance": ({"mode": "recipient", "code": 405}, False),
    "hang": ({"mode": "hang", "milliseconds": 1500}, True),
    "http 401": ({"mode": "http", "status": 401}, False),
}
SETTLES = 2.0  # seconds after which nothing may be on its way any more


def launch(house: House, count: int, words: str = "Water is back", **changes: Any) -> int:
    """Launches a campaign to so many phones and gives its id."""
    with doors(house):
        return sendings.launch([words] * count, **changes)


def put(house: House, campaign_id: int, status: CampaignStatus) -> datetime:
    """Moves a campaign, as a press of a button does, and gives the moment after it."""
    with doors(house):
        sendings.put(campaign_id, status=status)
        queue.push("bulk", "send_messages", "bulk")
    return datetime.now(UTC)


def standing(house: House, campaign_id: int) -> dict[str, int]:
    """Counts a campaign's recipients by state."""
    return sendings.standing(house.engine, campaign_id)


@check("R01b", "a worker is killed at every step of a batch")
def r01b(house: House, full: bool) -> Finding:
    """Kills a worker at each step of a batch, and wants of each recipient exactly what that step allows."""
    finding, victims = Finding(), {}
    for point in POINTS:
        victims[point] = [_die_at(house, point, turn) for turn in range(10 if full else 1)]
    let_leases_end(house)
    sweep(house)
    let_waits_end(house)
    worker = house.worker("bulk")
    drained(house)
    worker.stop()
    for point, campaigns in sorted(victims.items()):
        outcome = sum((Counter(standing(house, each)) for each in campaigns), Counter())
        finding.equal(point, dict(outcome), {CERTAIN[point]: 5 * len(campaigns)})
    finding.equal("duplicates", duplicates(house), 0)
    finding.audited(audit(house))
    return finding


def _die_at(house: House, point: str, turn: int) -> int:
    campaign_id = launch(house, 5, f"Killed at {point}, {turn}")
    status = house.worker("bulk", FAULT=f"{point}:1").wait()
    if status != -signal.SIGKILL:
        raise AssertionError(f"{point}: the worker ended by itself, {status}")
    return campaign_id


@check("R12b", "a carrier that fails under a campaign: 503, silence, wrong key, no balance, too many requests")
def r12b(house: House, full: bool) -> Finding:
    """Wants the campaign paused before many are in doubt, nothing failed, and the pace kept."""
    finding = Finding()
    for name in STORMS if full else ("http 503", "balance"):
        house.refresh()
        _storm(house, finding, name)
    house.refresh()
    _pace(house, finding, 400 if full else 100)
    return finding


def _storm(house: House, finding: Finding, name: str) -> None:
    fault, leaves_doubt = STORMS[name]
    house.faults(fault)
    campaign_id = launch(house, 200)
    workers = [house.worker("bulk", BULK_BATCH=str(BATCH)) for _ in range(2)]
    until(lambda: _status(house, campaign_id) == "paused", f"a paused campaign under {name}")
    for worker in workers:
        worker.stop()
    counted = states(house.engine)
    finding.at_most(f"paused under {name} after", _seconds_to_the_pause(house), 10, " s")
    most = MOST_IN_DOUBT + 2 * SIDE_BY_SIDE * BATCH if leaves_doubt else 0
    finding.at_most(f"unknown under {name}", counted["unknown"], most)
    finding.equal("failed", counted["failed"] + counted["rejected"] + counted["expired"], 0)
    finding.audited(audit(house))


def _seconds_to_the_pause(house: House) -> float:
    """Gives how long after its first request the campaign was paused."""
    first = "SELECT min(started_at) FROM attempt"
    query = f"SELECT extract(epoch FROM min(at) - ({first})) FROM audit_entry WHERE action = 'campaign_paused'"  # noqa: S608
    with house.engine.connect() as connection:
        return float(connection.exec_driver_sql(query).scalar_one())


def _pace(house: House, finding: Finding, count: int) -> None:
    """Has a campaign sent at a pace, and the carrier say in its middle that it is too much."""
    campaign_id = launch(house, count)
    workers = [house.worker("bulk", BULK_BATCH=str(BATCH), SEND_RATE=str(RATE)) for _ in range(2)]
    _when_reached(house, count // 2)
    before = sorted(map(moment, ledger(house)))
    house.faults({"mode": "http", "status": 429, "retry_after": "1", "times": 1})
    time.sleep(SETTLES)
    let_waits_end(house)
    write(house, "UPDATE pace SET slow_until = NULL")
    with doors(house):
        queue.push("bulk", "send_messages", "bulk")
    drained(house)
    for worker in workers:
        worker.stop()
    lasted = (before[-1] - before[0]).total_seconds() + BATCH / RATE  # the last batch takes its time too
    finding.at_most("SMS per second", len(before) / lasted, RATE * 1.05)
    finding.equal("after a 429", standing(house, campaign_id), {"accepted": count})
    finding.equal("and the campaign", _status(house, campaign_id), "sending")
    finding.audited(audit(house))


def _status(house: House, campaign_id: int) -> str:
    with house.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT status FROM campaign WHERE id = {campaign_id:d}")  # noqa: S608
        return str(found.scalar_one())


@check("R15", "pause, resume, STOP and cancel in the middle of a campaign")
def r15(house: House, full: bool) -> Finding:
    """Wants each to take effect within a second and what is in flight, and every recipient accounted for."""
    count = 3000 if full else 500
    house.faults(latency_ms=int(LATENCY * 1000))
    campaign_id = launch(house, count)
    workers = [house.worker("bulk", BULK_BATCH=str(BATCH)) for _ in range(2)]
    finding = Finding()
    _when_reached(house, count // 10)
    _late(house, finding, "pause", put(house, campaign_id, CampaignStatus.PAUSED))
    put(house, campaign_id, CampaignStatus.SENDING)
    _when_reached(house, count // 5)
    stopped = _stop_every_other(house, count)
    sweep(house)
    _when_reached(house, count // 3)
    _late(house, finding, "cancel", put(house, campaign_id, CampaignStatus.CANCELLED))
    for worker in workers:
        worker.stop()
    sweep(house)
    after = [entry for entry in ledger(house) if entry["phone"] in stopped and moment(entry) > stopped[entry["phone"]]]
    finding.equal("sent to after their STOP", len(after), 0)
    counted = standing(house, campaign_id)
    finding.equal("states", sorted(counted), ["accepted", "cancelled", "skipped"])
    finding.equal("recipients", sum(counted.values()), count)
    finding.audited(audit(house))
    return finding


def _stop_every_other(house: House, count: int) -> dict[str, datetime]:
    """Has every other citizen say STOP, and gives from when on each may get nothing."""
    with doors(house), database.transaction() as db:  # one for all: the campaign must not end meanwhile
        for position in range(2, count + 1, 2):
            consent.opt_out(db, number(position), datetime.now(UTC))
    since = datetime.now(UTC) + timedelta(seconds=1 + LATENCY)
    return {number(position): since for position in range(2, count + 1, 2)}


def _when_reached(house: House, count: int) -> None:
    until(lambda: len(ledger(house)) >= count, f"{count} recipients reached")


def _late(house: House, finding: Finding, what: str, at: datetime) -> None:
    time.sleep(SETTLES)
    late = max((moment(entry) - at).total_seconds() for entry in ledger(house))
    finding.at_most(f"last SMS after the {what}", max(0.0, late), 1 + LATENCY, " s")


def ledger(house: House) -> list[dict[str, Any]]:
    """Gives what the carrier took, each with its phone, text and moment."""
    accepted: list[dict[str, Any]] = house.simulator.ledger()["accepted"]
    return accepted


def moment(entry: dict[str, Any]) -> datetime:
    """Gives when the carrier took an SMS."""
    return datetime.fromisoformat(entry["at"])
