"""S06: guessing, sessions, forged forms, a tampered log, a canary nobody may hear of, and caps while Redis is away.

The canary is a phone and words that a citizen, and staff, send through a real web while tables are taken away from it.
"""

import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway import database
from gateway.staff import accounts, audit
from gateway.staff.accounts import Place
from models import Role
from tests.faults.callers import hop, sms
from tests.faults.checks import check
from tests.faults.checks.console import console
from tests.faults.checks.texting import CAP
from tests.faults.finding import Finding
from tests.faults.house import House, until
from tests.faults.load import doors, promise
from tests.handlers import test_role_matrix as matrix
from tests.handlers.staff import PASSWORD, TOKEN, enter, hire, post

CANARY, CANARY_WORDS = "+254700154877", "a canary sang at the borehole"
GUESSES = 10
REDIS_AWAY = 3.0  # seconds for which a worker is given the chance to send too much


@check("S06", "guessing, sessions, forged forms, a tampered log, a canary, and caps without Redis")
def s06(house: House, full: bool) -> Finding:
    """Tries each of them; nobody gets in, nothing gets out, and what was changed is noticed."""
    finding = Finding()
    with console(house) as app:
        hire()
        hire("baraka")
        _guess(app, finding)
        _sessions(house, app, finding)
        _forged(app, finding, full=full)
    _tampered(house, finding)
    _canary(house, finding)
    house.refresh()
    _cap_without_redis(house, finding)
    return finding


def _guess(app: Flask, finding: Finding) -> None:
    client = app.test_client()
    for number in range(GUESSES):
        post(client, "/console/sign-in", name="asha", password=f"a wrong guess {number}")
    post(client, "/console/sign-in", name="asha", password=PASSWORD)
    finding.equal("sign-ins after ten wrong guesses", client.get("/console/account").status_code, 302)


def _sessions(house: House, app: Flask, finding: Finding) -> None:
    """Lets a session idle, grow old, and lose its role; a stolen cookie is worth nothing after each."""
    alive = 0
    for change in (
        "UPDATE staff_session SET seen_at = now() - interval '31 minutes'",
        "UPDATE staff_session SET started_at = now() - interval '13 hours'",
        None,
    ):
        client = app.test_client()
        enter(client, "baraka")
        if client.get("/console/account").status_code != 200:
            finding.wrong.append("a fresh session is not let in")
        if change:
            with house.engine.connect() as connection:
                connection.execute(text(change))
        else:
            with database.transaction() as db:
                accounts.move(db, "baraka", Place(Role.SUPERVISOR), "admin", datetime.now(UTC))
        alive += client.get("/console/account").status_code == 200
    finding.equal("sessions alive after their end", alive, 0)


def _forged(app: Flask, finding: Finding, *, full: bool) -> None:
    client, taken = app.test_client(), []
    enter(client, "baraka")
    for rule, door, method in matrix.routes(app):
        if method == "POST" and not door.is_public:
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            for form in ({}, {"csrf_token": "forged"}) if full else ({},):
                if client.post(path, data=form).status_code != 400:
                    taken.append(rule.rule)
    finding.equal("forms taken without their token", len(taken), 0)
    finding.wrong += taken[:3]


def _tampered(house: House, finding: Finding) -> None:
    """Changes an entry of the log: the database refuses, and where it is got around, the chain tells."""
    refused = 0
    with house.engine.connect() as connection:
        middle = int(connection.scalar(text("SELECT max(id) FROM audit_entry")) or 0)
        for deed in ("UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
            try:
                connection.execute(text(deed))
            except DBAPIError:
                refused += 1
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE id = :id"), {"id": middle})
        connection.execute(text("RESET session_replication_role"))
    finding.equal("changes of the log refused", refused, 3)
    with doors(house), database.transaction() as db:
        fault = audit.verify(db)[1]
    finding.equal("the entry that was altered all the same", fault and fault.entry, middle)


def _canary(house: House, finding: Finding) -> None:
    """Sends the canary by every door of a real web, also while what is behind it fails; then looks for it."""
    web = house.web(METRICS_TOKEN="a-token-for-metrics")
    worker = house.worker("housekeeping")
    agent = _Agent(house)
    typed = "1*1*1*1*1"
    hop(house, "ATUid_canary", CANARY, f"{typed}*{CANARY_WORDS}*1")
    sms(house, "canary-1", CANARY, f"Hakuna maji, {CANARY_WORDS}, {CANARY}")
    until(lambda: not _count(house, "message WHERE state = 'received'"), "the SMS handled")
    with house.engine.connect() as connection:
        reference = connection.scalar(text("SELECT reference FROM ticket ORDER BY id LIMIT 1"))
    agent.works(str(reference))
    failed = 0
    for table in ("ticket_event", "ticket", "message"):
        with _away(house, table):
            failed += agent.works(str(reference))
            hop(house, f"ATUid_canary_{table}", CANARY, f"{typed}*{CANARY_WORDS}*1")
            sms(house, f"canary-{table}", CANARY, CANARY_WORDS)
    finding.at_least("requests that failed meanwhile", failed, 3)
    metrics = agent.asks("/metrics", headers={"Authorization": "Bearer a-token-for-metrics"})
    for resident in (worker, web):
        resident.stop()
    finding.equal("places that tell of the canary", _heard(house, metrics), [])


def _heard(house: House, metrics: str) -> list[str]:
    told = {log.name: log.read_text(errors="replace") for log in sorted(house.logs.glob("*.log"))}
    with house.engine.connect() as connection:
        told["audit"] = "\n".join(connection.execute(text("SELECT e::text FROM audit_entry e")).scalars())
    told["metrics"] = metrics
    marks = (CANARY.removeprefix("+"), CANARY[4:], CANARY_WORDS, PASSWORD)
    return [name for name, words in told.items() if any(mark in words for mark in marks)]


class _Agent:
    """An agent in front of a real web."""

    def __init__(self, house: House) -> None:
        self.root = f"http://127.0.0.1:{house.port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with doors(house):
            hire("zawadi")
        self.token = self._token("/console/sign-in")
        self.asks("/console/sign-in", name="zawadi", password=PASSWORD)
        self.token = self._token("/console/account")

    def asks(self, path: str, *, headers: dict[str, str] | None = None, **form: str) -> str:
        """Gives a page, or why there is none; with a form it is sent."""
        data = urlencode({"csrf_token": self.token, **form}).encode() if form else None
        asked = urllib.request.Request(self.root + path, data, headers or {})
        try:
            with self.browser.open(asked, timeout=20) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            return str(error.code)

    def works(self, reference: str) -> int:
        """Looks for the canary, writes of it and asks for its number; gives how many requests failed."""
        press = {"version": "1", "press": str(uuid4())}
        told = (
            self.asks(f"/console/tickets?{urlencode({'q': CANARY_WORDS, 'folder': 'everything'})}"),
            self.asks(f"/console/tickets/{reference}/work", what="note", words=f"{CANARY_WORDS} {CANARY}", **press),
            self.asks("/console/calls/known", phone=CANARY),
            self.asks(f"/console/tickets/{reference}/phone", reason="to call back"),
            self.asks(f"/console/tickets/{reference}/phone", reason=f"to call {CANARY} back"),
        )
        return sum(page in ("500", "503") for page in told)

    def _token(self, path: str) -> str:
        self.token = ""
        found = TOKEN.search(self.asks(path))
        return found[1] if found else ""


@contextmanager
def _away(house: House, table: str) -> Iterator[None]:
    """Takes a table away while the block runs."""
    with house.engine.connect() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO gone"))
        try:
            yield
        finally:
            connection.execute(text(f"ALTER TABLE gone RENAME TO {table}"))


def _cap_without_redis(house: House, finding: Finding) -> None:
    """Promises more than a day may cost and stops Redis: the cap is the database's, so it holds."""
    promise(house, 2 * CAP)
    house.redis.stop()
    worker = house.worker("replies", DAILY_SEGMENTS=str(CAP))
    time.sleep(REDIS_AWAY)
    finding.at_most("SMS of a day's cap while Redis is away", len(house.simulator.ledger()["accepted"]), CAP)
    house.redis.start()
    until(lambda: len(house.simulator.ledger()["accepted"]) >= CAP or not worker.is_alive(), "the cap used up", 20)
    finding.at_most("SMS of a day's cap", len(house.simulator.ledger()["accepted"]), CAP)


def _count(house: House, which: str) -> int:
    with house.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {which}")) or 0)  # noqa: S608
