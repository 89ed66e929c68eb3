"""R01b, R12b, R15 and R25b: campaigns, when workers die with a batch, the carrier fails, people change their minds."""

import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis

from gateway import consent, database, queue
from models import CampaignStatus
from tests.faults.auditor import audit, duplicates, states
from tests.faults.checks import check
from tests.faults.checks.claims import ASKEW
from tests.faults.checks.killing import CERTAIN, POINTS
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained, let_leases_end, let_waits_end, sweep, write
from tests.gateway import sendings
from tests.gateway.sendings import number
from workers.sender import SIDE_BY_SIDE

BATCH = 10
LATENCY = 0.1
SETTLES = 2.0  # seconds after which nothing may be on its way any more
HALF_A_DAY = 12 * 3600


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


@check("R12b", "a carrier that fails under a campaign: 503, wrong key, no balance")
def r12b(house: House, full: bool) -> Finding:
    """Wants the campaign paused before many are in doubt, and nothing failed."""
    finding, in_flight = Finding(), 2 * SIDE_BY_SIDE * BATCH
    storms: dict[str, dict[str, Any]] = {
        "http 503": {"mode": "http", "status": 503},
        "balance": {"mode": "recipient", "code": 405},
    }
    if full:
        storms["http 401"] = {"mode": "http", "status": 401}
    for name, fault in storms.items():
        house.refresh()
        house.faults(fault)
        campaign_id = launch(house, 200)
        workers = [house.worker("bulk", BULK_BATCH=str(BATCH)) for _ in range(2)]
        took = until(lambda: _status(house, campaign_id) == "paused", f"a paused campaign under {name}")  # noqa: B023
        for worker in workers:
            worker.stop()
        counted = states(house.engine)
        finding.at_most(f"paused under {name} after", took, 60, " s")
        finding.at_most(f"unknown under {name}", counted["unknown"], in_flight if name == "http 503" else 0)
        finding.equal("failed", counted["failed"] + counted["rejected"] + counted["expired"], 0)
        finding.audited(audit(house))
    return finding


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
    after = [entry for entry in _ledger(house) if entry["phone"] in stopped and _at(entry) > stopped[entry["phone"]]]
    finding.equal("sent to after their STOP", len(after), 0)
    counted = standing(house, campaign_id)
    finding.equal("states", sorted(counted), ["accepted", "cancelled", "skipped"])
    finding.equal("recipients", sum(counted.values()), count)
    finding.audited(audit(house))
    return finding


def _stop_every_other(house: House, count: int) -> dict[str, datetime]:
    """Has every other citizen say STOP, and gives from when on each may get nothing."""
    with doors(house):
        for position in range(2, count + 1, 2):
            with database.transaction() as db:
                consent.opt_out(db, number(position), datetime.now(UTC))
    since = datetime.now(UTC) + timedelta(seconds=1 + LATENCY)
    return {number(position): since for position in range(2, count + 1, 2)}


def _when_reached(house: House, count: int) -> None:
    until(lambda: len(_ledger(house)) >= count, f"{count} recipients reached")


def _late(house: House, finding: Finding, what: str, at: datetime) -> None:
    time.sleep(SETTLES)
    late = max((_at(entry) - at).total_seconds() for entry in _ledger(house))
    finding.at_most(f"last SMS after the {what}", max(0.0, late), 1 + LATENCY, " s")


def _ledger(house: House) -> list[dict[str, Any]]:
    accepted: list[dict[str, Any]] = house.simulator.ledger()["accepted"]
    return accepted


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


@check("R25b", "workers whose clocks say day while it is night, and night while it is day")
def r25b(house: House, full: bool) -> Finding:
    """Wants no bulk SMS at night and all of it by day, by the database's clock alone."""
    count, finding = 500 if full else 50, Finding()
    campaign_id = launch(house, count, is_emergency=False)
    try:
        _set_hour(house, 23)
        workers = [house.worker_askew("bulk", ASKEW, skew) for skew in (-HALF_A_DAY, HALF_A_DAY)]
        until(lambda: _listening(house) == len(workers), "workers that have looked")
        finding.equal("sent at night", len(_ledger(house)), 0)
        _set_hour(house, 12)
        with doors(house):
            queue.push("bulk", "send_messages", "bulk")
        drained(house)
        finding.equal("by day", standing(house, campaign_id), {"accepted": count})
        for worker in workers:
            worker.stop()
    finally:
        write(house, "UPDATE county SET timezone = 'Africa/Nairobi'")
    finding.audited(audit(house))
    return finding


def _listening(house: House) -> int:
    """Counts the workers that have looked at the table and now listen to the bell."""
    with Redis.from_url(house.settings.redis_url) as client:
        return int(client.scard("rq:workers"))


def _set_hour(house: House, hour: int) -> None:
    """Moves the county to a time zone where it is about this hour."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    write(house, f"UPDATE county SET timezone = 'Etc/GMT{-east:+d}'")  # noqa: S608
