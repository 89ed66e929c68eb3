"""R04, R05 and R06: delivery reports that lost their message, come in any order, too early and too many."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import text

from gateway import database
from gateway.carriers import Report
from gateway.outbox import delivery_reports, orphans
from tests.faults.auditor import Promised, audit, states
from tests.faults.callers import Answer, report
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained, phone, promise, seeded

STATUSES = ("Sent", "Submitted", "Buffered", "Rejected", "Success", "Failed", "Expired", "AbsentSubscriber", "Moonlit")
FINAL = {"Success": "delivered", "Rejected": "rejected", "Failed": "failed"}
FINAL |= {"Expired": "failed", "AbsentSubscriber": "failed"}
STRONGEST_FIRST = ("Success", "Rejected", "Failed", "Expired", "AbsentSubscriber")

_MADE_UNKNOWN = """
    INSERT INTO message (direction, state, state_at, created_at, kind, phone, body, dedupe_key, lane, priority,
                         segments, attempt_no, owner)
    VALUES ('out', 'unknown', now(), now(), 'reply', :phone, :key, :key, 'replies', 5, 1, 1, 'a worker that died')
    RETURNING id"""
_MADE_ATTEMPT = """
    INSERT INTO attempt (message_id, n, started_at, outcome, reason)
    VALUES (:id, 1, now() - interval '1 minute', 'unknown', 'read: timeout')"""


@check("R04", "reports of sends whose answer was lost")
def r04(house: House, full: bool) -> Finding:
    """Makes unknown SMS, some of which the carrier took; the reports of those must find them, and no others."""
    matchable, others = _lose_answers(house, 5000 if full else 60)
    began = time.monotonic()
    with doors(house), database.transaction() as db:
        orphans.match(db, datetime.now(UTC))
    seconds = time.monotonic() - began
    with house.engine.connect() as connection:
        rows = connection.execute(text("SELECT dedupe_key, state FROM message")).all()
    resolved = {key for key, state in rows if state == "delivered"}
    finding = Finding()
    finding.equal("resolved", len(resolved & matchable), len(matchable))
    finding.equal("wrong matches", len(resolved & others), 0)
    if full:
        finding.at_most("time", seconds, 60, " s")
    return finding


def _lose_answers(house: House, count: int) -> tuple[set[str], set[str]]:
    """Gives the SMS that their reports can be matched with, and those that must stay in doubt."""
    chance, matchable, others = seeded("R04"), set[str](), set[str]()
    reports: list[Report] = []
    with house.engine.connect() as connection:
        for number in range(count):
            unknown = chance.choice((0, 1, 1, 1, 2))
            taken = chance.randrange(unknown + 1)
            keys = {f"reply:event:{number}-{each}" for each in range(unknown)}
            for key in keys:
                made = connection.scalar(text(_MADE_UNKNOWN), {"phone": phone(number), "key": key})
                connection.execute(text(_MADE_ATTEMPT), {"id": made})
            forged = 1 if not unknown else 0
            reports += [Report(f"ATXid_{number}-{each}", "Success", phone(number)) for each in range(taken + forged)]
            (matchable if unknown and taken == unknown else others).update(keys)
    chance.shuffle(reports)
    with doors(house), database.transaction() as db:
        for each in reports:
            delivery_reports.keep(db, each, datetime.now(UTC))
    return matchable, others


@check("R05", "reports in any order, twice, and in words nobody knows")
def r05(house: House, full: bool) -> Finding:
    """Reports on many SMS at once; the best report decides, whatever came when, and each is taken with 200."""
    house.web()
    keys = promise(house, 900 if full else 25)
    worker = house.worker("replies")
    drained(house)
    worker.stop()
    chance, posts, fates = seeded("R05"), [], {}
    for entry in house.simulator.ledger()["accepted"]:
        said = chance.choices(STATUSES, k=chance.randint(4, 8))
        posts += [(entry["id"], entry["phone"], status) for status in said]
        best = next((status for status in STRONGEST_FIRST if status in said), None)
        fates[entry["text"]] = FINAL[best] if best else "accepted"
    chance.shuffle(posts)
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda post: report(house, *post), posts))
    with house.engine.connect() as connection:
        rows = connection.execute(text("SELECT body, state FROM message")).all()
    finding = Finding()
    finding.equal("messages", len(fates), len(keys))
    finding.at_least("reports", len(posts), 5000 if full else 100)
    finding.equal("not answered 200", sum(answer.status != 200 for answer in answers), 0)
    finding.equal("wrong final states", sum(fates[body] != state for body, state in rows), 0)
    finding.audited(audit(house, Promised(reports={carrier_id for carrier_id, _, _ in posts})))
    return finding


@check("R06", "reports before the answer to their own send, and a flood of them")
def r06(house: House, full: bool) -> Finding:
    """Has every report overtake its answer; then floods the hook."""
    house.web()
    house.faults(reports={"before_answer": True})
    count = 200 if full else 15
    promise(house, count)
    worker = house.worker("replies")
    until(lambda: states(house.engine)["delivered"] == count, "all delivered")
    worker.stop()
    finding = Finding()
    finding.equal("delivered", states(house.engine)["delivered"], count)
    answers = _flood(house, *((200, 20) if full else (50, 2)))
    kept = {carrier_id for carrier_id, answer in answers if answer.status == 200}
    finding.equal("not answered 200", len(answers) - len(kept), 0)
    if full:
        waits = sorted(1000 * answer.seconds for _, answer in answers)
        finding.at_most("p99", waits[len(waits) * 99 // 100], 300, " ms")
    finding.audited(audit(house, Promised(reports=kept)))
    return finding


def _flood(house: House, a_second: int, seconds: int) -> list[tuple[str, Answer]]:
    began = time.monotonic()

    def post(number: int) -> tuple[str, Answer]:
        time.sleep(max(0.0, began + number / a_second - time.monotonic()))
        return f"ATXid_flood-{number}", report(house, f"ATXid_flood-{number}", phone(number))

    with ThreadPoolExecutor(16) as callers:
        return list(callers.map(post, range(a_second * seconds)))
