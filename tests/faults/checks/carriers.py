"""R03 and R12: every answer the carrier can give, and storms of bad ones."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway import database
from gateway.carriers.africastalking import AfricasTalking
from gateway.carriers.africastalking_request import Limits
from gateway.outbox import lanes
from gateway.outbox.outbox import MOST_CLAIMED
from models import LaneName
from tests.faults.auditor import audit, duplicates, states
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, free_ports, until
from tests.faults.load import doors, drained, promise, ringing, state_of, waiting, write
from workers.sender import Sender

PATIENT, HURRIED = Limits(read=10.0), Limits(read=0.15)  # the hurried one is for answers that never come
RETRY_AFTER = 2  # seconds
AT_A_TIME = MOST_CLAIMED  # one batch: within it nothing is tried twice, however slow the machine


@dataclass(frozen=True)
class Row:
    """One row of the table: the fault, what becomes of the message, and whether the citizen gets it."""

    fault: Mapping[str, Any]
    state: str
    is_taken: bool = False


def _recipient(state: str, *codes: int, **more: Any) -> Iterator[Row]:
    for code in codes:
        yield Row({"mode": "recipient", "code": code, **more}, state, is_taken=state == "accepted")


def _http(state: str, *statuses: int) -> Iterator[Row]:
    for status in statuses:
        yield Row({"mode": "http", "status": status}, state)


def _answered(state: str, *modes: str) -> Iterator[Row]:
    for mode in modes:
        yield Row({"mode": mode}, state, is_taken=True)


TABLE = (
    *_answered("unknown", "accept_then_close", "accept_then_hang", "html", "truncated", "missing_recipient"),
    *_answered("accepted", "charset", "old_shape", "duplicate_recipient"),
    Row({"mode": "close"}, "unknown"),
    Row({"mode": "hang"}, "unknown"),
    Row({"mode": "empty_recipients"}, "unknown"),
    Row({"mode": "http", "status": 503, "accepts": True}, "unknown", is_taken=True),
    *_http("unknown", 500, 502, 503, 504),
    *_http("queued", 401, 402, 403, 405, 409, 415, 429),
    *_http("rejected", 400, 404, 422),
    Row({"mode": "redirect"}, "queued"),
    Row({"mode": "invalid_sender"}, "queued"),
    *_recipient("accepted", 100, 101, 102),
    *_recipient("accepted", 500, 501, accepts=True),
    *_recipient("queued", 402, 405, 407, 500, 501),
    *_recipient("rejected", 403, 404, 406, 409, 502),
    *_recipient("held", 401),
)


@check("R03", "every row of the table of answers")
def r03(house: House, full: bool) -> Finding:
    """Sends through each fault, and wants the class the table says and no second SMS."""
    finding, wrong = Finding(), []
    times = 200 if full else 1
    with doors(house):
        for row in TABLE:
            wrong += _try(house, row, times)
        wrong += _try_refused(house, times)
    finding.at_least("sends", times * (len(TABLE) + 1), times * 40)
    finding.equal("classed wrongly", len(wrong), 0)
    finding.wrong += [str(each) for each in wrong[:5]]
    finding.equal("duplicates", duplicates(house), 0)
    finding.audited(audit(house))
    return finding


def _try(house: House, row: Row, times: int) -> list[str]:
    house.faults(row.fault)
    limits = HURRIED if "hang" in row.fault["mode"] else PATIENT
    sent = AfricasTalking("simulator", house.settings.at_api_key, "1548", base_url=house.simulator.url, limits=limits)
    expected = _taken(house) + times * row.is_taken
    wrong = [f"{dict(row.fault)}: {found}" for found in _states_after(house, sent, times) if found != row.state]
    until(lambda: _taken(house) >= expected, f"{dict(row.fault)} to be taken")
    return wrong + ([] if _taken(house) == expected else [f"{dict(row.fault)}: taken {_taken(house)} of {expected}"])


def _taken(house: House) -> int:
    return len(house.simulator.ledger()["accepted"])


def _try_refused(house: House, times: int) -> list[str]:
    nobody = AfricasTalking("simulator", "key", "1548", base_url=f"http://127.0.0.1:{free_ports(1)[0]}", limits=PATIENT)
    return [f"refused: {found}" for found in _states_after(house, nobody, times) if found != "queued"]


def _states_after(house: House, carrier: AfricasTalking, times: int) -> list[str]:
    """Sends so many SMS, a few at a time, and gives where each stood after its first attempt."""
    found: list[str] = []
    settings = replace(house.settings, limits=replace(house.settings.limits, send_rate=1000))
    while len(found) < times:
        keys = promise(house, min(AT_A_TIME, times - len(found)))
        while waiting(house):
            with database.transaction() as db:
                lanes.open_again(db, LaneName.REPLIES)
            Sender(LaneName.REPLIES, carrier, settings)._send_batch()
            # What was tried once is withdrawn; what a closed lane gave back untried is tried in the next round.
            write(house, "UPDATE message SET state = 'cancelled' WHERE state = 'queued' AND attempt_no > 0")
        found += ["queued" if state == "cancelled" else state for state in state_of(house, keys)]
    return found


@check("R12", "a carrier that fails for everybody: 503, wrong key, no balance, too many requests")
def r12(house: House, full: bool) -> Finding:
    """Wants the lane closed before many are in doubt, nothing failed, and the pace kept."""
    finding = Finding()
    storms = {"http 503": 503, "http 401": 401} | ({"hang": 0, "balance": 405} if full else {})
    for name, status in storms.items():
        house.refresh()
        _storm(house, finding, name, status)
    house.refresh()
    _pace(house, finding, 200 if full else 30)
    finding.audited(audit(house))
    return finding


def _storm(house: House, finding: Finding, name: str, status: int) -> None:
    fault: dict[str, Any] = {"mode": "http", "status": status}
    if name == "balance":
        fault = {"mode": "recipient", "code": status}
    elif name == "hang":
        fault = {"mode": "hang", "milliseconds": 1500}
    house.faults(fault)
    promise(house, 100)
    workers = [house.worker("replies") for _ in range(2)]
    until(lambda: _closed(house), f"a closed lane under {name}")
    for worker in workers:
        worker.stop()
    counted = states(house.engine)
    finding.at_most(f"unknown under {name}", counted["unknown"], 13 if name in ("http 503", "hang") else 0)
    finding.equal("failed", counted["failed"] + counted["rejected"] + counted["expired"], 0)


def _closed(house: House) -> bool:
    with doors(house), database.transaction() as db:
        return "replies" in lanes.closed(db)


def _pace(house: House, finding: Finding, count: int) -> None:
    rate = 20
    promise(house, count)
    workers = [house.worker("replies", SEND_RATE=str(rate)) for _ in range(2)]
    until(lambda: waiting(house) < count // 2, "half sent")
    house.faults({"mode": "http", "status": 429, "retry_after": str(RETRY_AFTER), "times": 1})
    with ringing(house):
        drained(house)
    for worker in workers:
        worker.stop()
    times = [datetime.fromisoformat(entry["at"]) for entry in house.simulator.ledger()["accepted"]]
    busiest = max(Counter(time.replace(microsecond=0) for time in times).values())
    pairs = [(late - early).total_seconds() for early, late in itertools.pairwise(sorted(times))]
    finding.equal("taken after a 429", len(times), count)
    finding.at_most("most in a second", busiest, rate * 1.05)
    finding.at_least("shortest rest", max(pairs), RETRY_AFTER * 0.5, " s")
