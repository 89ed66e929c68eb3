"""R15, R16 and R22: citizens' SMS: STOP is obeyed at once, robots are not answered for ever, twice is once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import text

from gateway import database
from gateway.outbox import lanes
from models import LaneName
from tests.faults.auditor import Promised, audit
from tests.faults.callers import post, sms
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, phone, promise, waiting
from tests.gateway.sendings import launch
from workers.sender import SIDE_BY_SIDE

MOST_ANSWERS = 10
CAP = 12
_SENT_BY_ITSELF = "kind IN ('answer', 'added', 'question', 'confirmation')"


@check("R15", "STOP and a closed lane hold at once")
def r15(house: House, full: bool) -> Finding:
    """Sends in bulk; in the middle half of the phones opt out, later the lane is closed."""
    count = 400 if full else 60
    house.web()
    house.faults(latency_ms=30)
    with doors(house):
        launch([f"News {number}" for number in range(count)])  # each a text of its own, and so a request
    worker = house.worker("bulk")
    until(lambda: waiting(house) < count * 0.8, "a fifth sent")
    with house.engine.connect() as connection:
        out = list(connection.scalars(text("SELECT phone FROM message WHERE state = 'queued' AND id % 2 = 0")))
    for each in out:
        post(house, "opt-out", {"senderId": "1548", "phoneNumber": each})
    stopped_at = datetime.now(UTC)
    until(lambda: waiting(house) < count * 0.4, "more sent")
    with doors(house), database.transaction() as db:
        lanes.stop(db, LaneName.BULK, "an operator closed it")
    closed_at = datetime.now(UTC)
    worker.stop()
    taken = [(entry["phone"], datetime.fromisoformat(entry["at"])) for entry in house.simulator.ledger()["accepted"]]
    finding = Finding()
    finding.at_least("opted out", len(out), count // 5)
    finding.at_most("SMS after STOP", sum(each in out and at > stopped_at for each, at in taken), SIDE_BY_SIDE)
    finding.at_most("SMS after the lane closed", sum(at > closed_at for _, at in taken), SIDE_BY_SIDE)
    finding.audited(audit(house))
    return finding


@check("R16", "robots that answer every SMS, one text again and again, and a day's cap")
def r16(house: House, full: bool) -> Finding:
    """Lets a robot answer back and another repeat itself; neither is answered more than ten times in an hour."""
    house.web()
    for queue in ("housekeeping", "schedule", "replies"):
        house.worker(queue)
    rounds = 200 if full else 25
    words = [f"Maji hayapo Lessos, siku ya {number}" for number in range(rounds)]
    for number in range(rounds):
        sms(house, f"robot-{number}", phone(1), words[number])
        sms(house, f"parrot-{number}", phone(2), "HELP")
    until(lambda: not _count(house, "direction = 'in' AND state = 'received'"), "all handled", 180)
    until(lambda: not waiting(house), "all answered")
    finding = Finding()
    for number in (1, 2):
        found = _count(house, f"{_SENT_BY_ITSELF} AND direction = 'out' AND phone = '{phone(number)}'")
        finding.at_least("answers", found, 1)
        finding.at_most("answers", found, MOST_ANSWERS)
    finding.equal("kept", _count(house, "direction = 'in'"), 2 * rounds)
    finding.audited(audit(house, words=[words[0]]))
    house.refresh()
    _cap(house, finding)
    return finding


def _cap(house: House, finding: Finding) -> None:
    """Promises more than a day may cost; what is beyond waits."""
    promise(house, 2 * CAP)
    workers = [house.worker("replies", DAILY_SEGMENTS=str(CAP)) for _ in range(2)]
    until(lambda: len(house.simulator.ledger()["accepted"]) >= CAP, "the cap used up")
    until(lambda: _count(house, "state IN ('claimed', 'sending')") == 0, "the lane at rest")
    for worker in workers:
        worker.stop()
    finding.equal("SMS of a day's cap", len(house.simulator.ledger()["accepted"]), CAP)
    finding.audited(audit(house))


@check("R22", "every SMS is delivered five times, by eight at once")
def r22(house: House, full: bool) -> Finding:
    """Delivers each id five times; a human's two messages with the same words are two."""
    ids = [f"ATsms_{number}" for number in range(1000 if full else 40)]
    house.web()
    posts = [(carrier_id, number) for number, carrier_id in enumerate(ids) for _ in range(5)]
    with ThreadPoolExecutor(8) as callers:
        heard = list(callers.map(lambda each: sms(house, each[0], phone(each[1]), "Barabara mbovu"), posts))
    for carrier_id in ("ATsms_first", "ATsms_second"):
        heard.append(sms(house, carrier_id, phone(0), "Bado hakuna maji"))
    finding = Finding()
    finding.equal("not answered 200", sum(answer.status != 200 for answer in heard), 0)
    finding.equal("rows", _count(house, "direction = 'in'"), len(ids) + 2)
    finding.equal("the human's own", _count(house, "body = 'Bado hakuna maji'"), 2)
    finding.audited(audit(house, Promised(texts={*ids, "ATsms_first", "ATsms_second"})))
    return finding


def _count(house: House, which: str) -> int:
    with house.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM message WHERE {which}")) or 0)  # noqa: S608
