"""R13 and R14: a campaign gets its recipients though workers die at every chunk, and begins once, however pressed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from redis import Redis
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from gateway import database, queue
from gateway.campaigns import launches, uploads
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaigns import Deed
from gateway.citizens import citizens, consent
from models import AuditEntry, Campaign, Citizen, Exclusion, Message, Staff
from tests.faults.auditor import Promised, audit
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, drained
from tests.faults.resident import ROOT
from tests.gateway.campaigning import Office, office
from tests.gateway.sendings import number

WARD, ELSEWHERE = "777", "778"
STOPPED = 7  # of the ward's citizens, before it begins
PRESSES = 20
_HEADS = ("+254", "254", "0", "", "00254", "+254 ", "254-", "+254-", "0 ", "(0)")
_TAILS = ("722000111", "722 000 111", "722-000-111", "722 000111")
SPELLINGS = [head + tail for head in _HEADS for tail in _TAILS]


@dataclass(frozen=True)
class Tender:
    """A process whose children tend campaigns, and die where they are told."""

    process: "subprocess.Popen[str]"

    def dies_at(self, fault: str) -> bool:
        """Has a child tend until it is killed there; gives False where it got to the end of its work instead."""
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("a tender without a line to it")
        self.process.stdin.write(f"{fault}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip() == str(int(signal.SIGKILL))


@check("R13", "a worker is killed before, after and at every chunk of a campaign's recipients")
def r13(house: House, full: bool) -> Finding:
    """Kills at each step, lets a citizen join meanwhile, and wants the exact set, each once, and sums that add up."""
    count, chunk = (10_000, 1000) if full else (300, 100)
    finding = Finding()
    campaign_id, expected = _approved(house, count)
    with _tender(house, chunk) as tender:
        finding.equal("killed at C1", tender.dies_at("C1:1"), wanted=True)
        finding.equal("then", _standing(house, campaign_id), ("approved", 0))
        finding.equal("killed at C2", tender.dies_at("C2:1"), wanted=True)
        finding.equal("then", _standing(house, campaign_id), ("sending", 0))
        with Redis.from_url(house.settings.redis_url) as doorbell:
            doorbell.flushdb()
        kills = 0
        while _standing(house, campaign_id)[1] < count - 2 * chunk:
            # Within a chunk it is lost with its process, after it it is kept.
            kills += tender.dies_at("C3:1") + tender.dies_at("C3:2")
        _come(house, expected)
        kills += tender.dies_at("C3:1") + tender.dies_at("C3:2") + tender.dies_at("C3:3")
    finding.at_least("killed at C3", kills, 2 * (count // chunk - 1))
    began = datetime.now(UTC)
    clock = house.worker("schedule"), house.worker("housekeeping"), house.worker("bulk")
    until(lambda: _is_expanded(house, campaign_id), "all recipients")
    finding.at_most("completed by the clock in", (datetime.now(UTC) - began).total_seconds(), 60, " s")
    drained(house)
    for worker in clock:
        worker.stop()
    _compare(house, finding, campaign_id, expected)
    finding.audited(audit(house, Promised(recipients={campaign_id: expected})))
    return finding


def _approved(house: House, count: int) -> tuple[int, set[str]]:
    """Has a campaign to a ward's citizens approved, some of whom said STOP; gives its id and who is to get it."""
    now = datetime.now(UTC)
    with _patient(house), database.transaction() as db:
        people = [number(position) for position in range(100, 100 + count)]
        known = {"first_seen_at": now, "is_sample": False, "language": "en", "ward_code": WARD}
        db.execute(insert(Citizen), [{"phone": phone, **known} for phone in people])
        citizens.remember(db, number(1), now, language="en", ward_code=ELSEWHERE)
        for phone in people[:STOPPED]:
            consent.opt_out(db, phone, now)
        desk = office(db).at(now)
        campaign = desk.submits(audience=Audience(wards=(WARD,)), **_worth(now))
        desk.approves(campaign)
        _forget_the_test(db)
        return campaign.id, set(people[STOPPED:])


def _forget_the_test(db: Session) -> None:
    """Takes back the SMS by which the author tried the texts: no worker here sends replies."""
    db.execute(delete(Message).where(Message.kind == "campaign_test"))


def _worth(now: datetime) -> dict[str, Any]:
    """An emergency, so that it goes out at whatever hour the checks run."""
    texts = {"en": "The bridge is closed.", "sw": "Daraja limefungwa."}
    return {"texts": texts, "stale_at": now + timedelta(days=1), "is_emergency": True}


def _come(house: House, expected: set[str]) -> None:
    """Has a citizen move to the ward whose number the expansion has passed already."""
    with doors(house), database.transaction() as db:
        citizens.remember(db, number(1), datetime.now(UTC), ward_code=WARD)
    expected.add(number(1))


def _compare(house: House, finding: Finding, campaign_id: int, expected: set[str]) -> None:
    taken = Counter(entry["phone"] for entry in house.simulator.ledger()["accepted"])
    with doors(house), database.transaction() as db:
        made = Counter(db.scalars(select(Message.phone).where(Message.campaign_id == campaign_id)))
        left_out = db.execute(select(Exclusion.reason, Exclusion.number).where(Exclusion.campaign_id == campaign_id))
        finding.equal("left out", dict(left_out.all()), {"opted_out": STOPPED})
    finding.equal("recipients", made.total(), len(expected))
    finding.equal("missing or too many", len(set(made) ^ expected), 0)
    finding.equal("not reached once", sum((taken - Counter(expected)).values()) + len(expected - set(taken)), 0)


@contextmanager
def _tender(house: House, chunk: int) -> Iterator[Tender]:
    command = [sys.executable, "-m", "tests.faults.tender", str(chunk)]
    line = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, **house.environment}
    with (
        (house.logs / "tender.log").open("a") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, **line) as process,
    ):
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise AssertionError("the tender did not start")
            yield Tender(process)
        finally:
            process.kill()


def _standing(house: House, campaign_id: int) -> tuple[str, int]:
    """Gives where a campaign stands, and for how many it has a message."""
    with house.engine.connect() as connection:
        query = f"SELECT status, (SELECT count(*) FROM message WHERE campaign_id = {campaign_id:d}) FROM campaign"  # noqa: S608
        status, made = connection.exec_driver_sql(f"{query} WHERE id = {campaign_id:d}").one()
        return str(status), int(made)


def _is_expanded(house: House, campaign_id: int) -> bool:
    with house.engine.connect() as connection:
        query = f"SELECT expanded_at IS NOT NULL FROM campaign WHERE id = {campaign_id:d}"  # noqa: S608
        return bool(connection.exec_driver_sql(query).scalar_one())


@check("R14", "launch is pressed twenty times at once by two people, on a list of forty spellings of one number")
def r14(house: House, full: bool) -> Finding:
    """Wants one launch and one SMS."""
    finding, turns, recipient = Finding(), 20 if full else 2, {"+254722000111"}
    campaigns = [_listed(house, f"Turn {turn}: the bridge is closed.") for turn in range(turns)]
    finding.equal("launches of each", {sum(_press(house, campaign_id)) for campaign_id in campaigns}, {1})
    with doors(house), database.transaction() as db:
        told = select(func.count()).where(AuditEntry.action == "campaign_launched")
        finding.equal("in the audit log", db.scalar(told), turns)
    workers = house.worker("housekeeping"), house.worker("bulk")
    with doors(house):
        queue.push(queue.HOUSEKEEPING, "tend_campaigns")
    until(lambda: len(house.simulator.ledger()["accepted"]) >= turns, "the SMS")
    drained(house)
    for worker in workers:
        worker.stop()
    finding.equal("SMS", len(house.simulator.ledger()["accepted"]), turns)
    finding.audited(audit(house, Promised(recipients=dict.fromkeys(campaigns, recipient))))
    return finding


def _listed(house: House, words: str) -> int:
    """Has a campaign to an uploaded list approved, and gives its id."""
    now = datetime.now(UTC)
    with doors(house), database.transaction() as db:
        desk = _office(db, now)
        listed = uploads.take(db, desk.author, "list.csv", "\n".join(["phone", *SPELLINGS]).encode(), now)
        worth = {**_worth(now), "texts": {"en": words, "sw": words}}
        campaign = desk.submits(audience=Audience(upload=listed.id), **worth)
        desk.approves(campaign)
        _forget_the_test(db)
        return campaign.id


@contextmanager
def _patient(house: House) -> Iterator[None]:
    """Connects as a door whose statements may take long: twenty at once wait for one another on a busy machine."""
    engine = database.connect(house.settings.database_url, statement_ms=60_000, pool_size=PRESSES)
    queue.connect(house.settings.redis_url)
    try:
        yield
    finally:
        engine.dispose()


def _office(db: Session, now: datetime) -> Office:
    author, approver = db.get(Staff, "chebet"), db.get(Staff, "rono")
    return Office(db, author, approver, now) if author and approver else office(db).at(now)


def _press(house: House, campaign_id: int) -> list[bool]:
    """Has two people press at once, ten times each, what both have on their screens; gives which press began it."""
    together = Barrier(PRESSES)
    with _patient(house):
        with database.transaction() as db:
            version = db.get_one(Campaign, campaign_id).version

        def press(turn: int) -> bool:
            together.wait()
            with database.transaction() as db:
                staff = db.get_one(Staff, ("chebet", "rono")[turn % 2])
                return launches.launch(db, Deed(staff, campaign_id, version, datetime.now(UTC)))

        with ThreadPoolExecutor(PRESSES) as pool:
            return list(pool.map(press, range(PRESSES)))
