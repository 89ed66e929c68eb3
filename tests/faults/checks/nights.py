"""R25b: campaigns at night, on a holiday, when the evening strikes, and at every edge of the calendar."""

import time
from datetime import UTC, datetime, timedelta

from redis import Redis

from gateway import database, queue
from gateway.campaigns import launches
from models import Campaign, CampaignStatus
from tests.faults.auditor import audit
from tests.faults.checks import check
from tests.faults.checks.campaigns import SETTLES, launch, ledger, moment, standing
from tests.faults.checks.claims import ASKEW
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained, write
from tests.gateway import sendings

HALF_A_DAY = 12 * 3600
BATCH, LATENCY = 10, 0.1
# When a campaign is due, and when it begins, in Nairobi.
MORNINGS = {
    "2026-11-23T07:59:59": "2026-11-23T08:00",
    "2026-11-23T17:59:59": "2026-11-23T17:59:59",
    "2026-11-23T18:00": "2026-11-24T08:00",
    "2026-11-24T00:00": "2026-11-24T08:00",
    "2026-11-30T23:59:59": "2026-12-01T08:00",
    "2026-12-25T12:00": "2026-12-27T08:00",
    "2026-12-31T18:00": "2027-01-02T08:00",
    "2027-01-01T00:00": "2027-01-02T08:00",
}


@check("R25b", "night, a holiday, six in the evening, New Year; workers whose clocks are half a day wrong")
def r25b(house: House, full: bool) -> Finding:
    """Wants no bulk SMS outside the hours but an emergency, and all of it by day, by the database's clock alone."""
    count, finding = 500 if full else 60, Finding()
    finding.equal("begun at another moment", _begun_wrongly(house), [])
    house.refresh()
    house.faults(latency_ms=int(LATENCY * 1000))
    campaign_id = launch(house, count, is_emergency=False)
    try:
        _set_hour(house, 23)
        workers = [house.worker_askew("bulk", ASKEW, skew) for skew in (-HALF_A_DAY, HALF_A_DAY)]
        until(lambda: _listening(house) == len(workers), "workers that have looked")
        finding.equal("sent at night", len(ledger(house)), 0)
        _emergency(house, finding)
        _holiday(house, finding)
        _evening(house, finding, campaign_id, count)
        for worker in workers:
            worker.stop()
    finally:
        write(house, "UPDATE county SET timezone = 'Africa/Nairobi', quiet_from = '18:00'")
        write(house, "DELETE FROM holiday WHERE name = 'Sample'")
    finding.audited(audit(house))
    return finding


def _begun_wrongly(house: House) -> list[str]:
    """Has the clock look at an approved campaign at each moment, and gives those at which it did something else."""
    wrong = []
    with doors(house):
        for due, morning in MORNINGS.items():
            now, stale_at = _nairobi(due), _nairobi(due) + timedelta(days=9)
            with database.transaction() as db:
                usual = {"status": CampaignStatus.APPROVED, "begun_at": None, "expanded_at": None, "stale_at": stale_at}
                quiet, loud = (sendings.make_campaign(db, **usual, is_emergency=each) for each in (False, True))
                begun = [launches.begin_by_clock(db, each.id, now) for each in (quiet, loud)]
                waits_for = quiet.starts_at or now
                if begun != [due == morning, True] or waits_for != _nairobi(morning):
                    wrong.append(f"{due}: {waits_for.isoformat()}")
                _forget(db.get_one(Campaign, quiet.id), db.get_one(Campaign, loud.id))
    return wrong


def _forget(*campaigns: Campaign) -> None:
    for campaign in campaigns:
        campaign.status = CampaignStatus.CANCELLED


def _nairobi(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00").astimezone(UTC)


def _emergency(house: House, finding: Finding) -> None:
    emergency = launch(house, 5, "The river is over its banks", is_emergency=True)
    _ring(house)
    until(lambda: standing(house, emergency) == {"accepted": 5}, "an emergency's SMS")
    finding.equal("an emergency's, at night", len(ledger(house)), 5)


def _holiday(house: House, finding: Finding) -> None:
    _set_hour(house, 12)
    today = "SELECT (now() AT TIME ZONE timezone)::date, 'Sample', false FROM county"
    write(house, f'INSERT INTO holiday ("on", name, is_expected) {today}')
    _ring(house)
    time.sleep(SETTLES)
    finding.equal("sent on a holiday", len(ledger(house)) - 5, 0)
    write(house, "DELETE FROM holiday WHERE name = 'Sample'")


def _evening(house: House, finding: Finding, campaign_id: int, count: int) -> None:
    """Lets the evening strike in the middle of a campaign, then day come again."""
    write(house, f"UPDATE campaign SET rate = {BATCH * 2} WHERE id = {campaign_id:d}")  # noqa: S608
    _ring(house)
    until(lambda: len(ledger(house)) > 5 + BATCH, "some sent by day")
    write(house, "UPDATE county SET quiet_from = (now() AT TIME ZONE timezone)::time")
    evening = datetime.now(UTC)
    time.sleep(SETTLES)
    sent = [moment(entry) for entry in ledger(house)]
    finding.at_most("last SMS after the evening struck", (max(sent) - evening).total_seconds(), 1 + LATENCY, " s")
    finding.at_most("sent by then", len(sent) - 5, count - 1)
    write(house, "UPDATE county SET quiet_from = '18:00'")
    write(house, f"UPDATE campaign SET rate = NULL WHERE id = {campaign_id:d}")  # noqa: S608
    _ring(house)
    drained(house)
    finding.equal("by day", standing(house, campaign_id), {"accepted": count})


def _ring(house: House) -> None:
    with doors(house):
        queue.push("bulk", "send_messages", "bulk")


def _listening(house: House) -> int:
    """Counts the workers that have looked at the table and now listen to the bell."""
    with Redis.from_url(house.settings.redis_url) as client:
        return int(client.scard("rq:workers"))


def _set_hour(house: House, hour: int) -> None:
    """Moves the county to a time zone where it is about this hour."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    write(house, f"UPDATE county SET timezone = 'Etc/GMT{-east:+d}'")  # noqa: S608
