"""R24: an orderly end in the middle of work, and a new version under load."""

import time

from tests.faults.auditor import audit, states
from tests.faults.callers import calling, dial
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import finish, promise

EXIT_WITHIN = 90.0


@check("R24", "workers are told to stop while they send; a new web takes over while the old one answers")
def r24(house: House, full: bool) -> Finding:
    """Stops workers in the middle of sends, and puts a new web in the old one's place under calls."""
    finding = Finding()
    _stop_workers(house, finding, 20 if full else 2)
    _deploy(house, finding, 5 if full else 1)
    finding.audited(audit(house))
    return finding


def _stop_workers(house: House, finding: Finding, times: int) -> None:
    count, slowest, failed = 12 * times, 0.0, 0
    house.faults(latency_ms=150)
    promise(house, count)
    for _ in range(times):
        worker = house.worker("replies")
        until(lambda: states(house.engine)["sending"], "a send")
        began = time.monotonic()
        failed += worker.stop(EXIT_WITHIN) != 0
        slowest = max(slowest, time.monotonic() - began)
    counted = states(house.engine)
    finding.equal("unknown", counted["unknown"], 0)
    finding.equal("left claimed or sending", counted["claimed"] + counted["sending"], 0)
    finding.equal("exits that failed", failed, 0)
    finding.at_most("slowest exit", slowest, EXIT_WITHIN, " s")
    finish(house)
    finding.equal("accepted", states(house.engine).total() - states(house.engine)["queued"], count)


def _deploy(house: House, finding: Finding, times: int) -> None:
    house.web()
    with calling(lambda word: dial(house, word), "deploy") as traffic:
        for _ in range(times):
            house.replace_web()
    finding.at_least("hops", len(traffic.answers), 5)
    finding.equal("failed hops", sum(not answer.is_screen for _, answer in traffic.answers), 0)
