"""The web as it is really served: what is secret or private is never in its log, and its processes agree."""

import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from gateway.settings import Settings
from models import Message, Ticket
from tests.carriers.standins import eventually
from tests.handlers.phones import SUBMIT, TO_THE_CHECK
from workers import lineup

NUMBER, WORDS, PASSWORD = "+254700000077", "a canary sang at the borehole", "canary canary canary"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Web:
    """Gunicorn as `make run` starts it."""

    port: int
    secret: str
    log: Path

    def post(self, path: str, body: str, content_type: str = FORM) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", path, body.encode(), {"Content-Type": content_type})
        answer = connection.getresponse()
        status, content = answer.status, answer.read().decode()
        connection.close()
        return status, content

    def hop(self, inputs: tuple[str, ...], session: str = "ATUid_1") -> str:
        fields = {"sessionId": session, "phoneNumber": NUMBER, "serviceCode": "*1548#", "text": "*".join(inputs)}
        return self.post(f"/hooks/{self.secret}/ussd", urlencode(fields))[1]


@pytest.fixture
def web(ground: Engine, settings: Settings, tmp_path: Path) -> Iterator[Web]:
    """The web on a free port, with its output in a file."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with selectors.DefaultSelector() as outputs:
        children = lineup.children(replace(settings, port=port), outputs)
    command = next(child.command for child in children if child.name == "web")
    told = {"DATABASE_URL": settings.database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    told |= {"VAR_DIR": str(settings.var_dir), "PORT": str(port)}
    log = tmp_path / "web.log"
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, *command], env={**os.environ, **told}, stdout=file, stderr=file)
    found = Web(port, settings.webhook_secrets[0], log)
    try:
        eventually(lambda: is_listening(port), seconds=60)
        yield found
    finally:
        process.terminate()
        process.wait(30)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def quoting(engine: Engine) -> Iterator[None]:
    """Makes PostgreSQL refuse every new session in words that quote the caller's number."""
    body = "BEGIN RAISE EXCEPTION 'no session for %', NEW.phone; END"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE FUNCTION quote_it() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
        connection.execute(
            text("CREATE TRIGGER quotes BEFORE INSERT ON ussd_session FOR EACH ROW EXECUTE FUNCTION quote_it()")
        )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION quote_it CASCADE"))


@pytest.mark.timeout(120)
def test_nothing_private_is_ever_logged(web: Web, engine: Engine) -> None:
    hooks = f"/hooks/{web.secret}"
    private = urlencode({"phoneNumber": NUMBER, "text": WORDS, "input": WORDS, "lastAppResponse": WORDS})
    assert web.hop((*TO_THE_CHECK[:-1], WORDS)).startswith("CON ")
    assert web.hop((*TO_THE_CHECK[:-1], WORDS, SUBMIT)).startswith("END Thank you")
    with quoting(engine):
        assert web.hop((WORDS,), "ATUid_3").startswith("END Sorry")
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE ussd_session, delivery_report IN ACCESS EXCLUSIVE MODE"))
        assert web.hop((WORDS,), "ATUid_2").startswith("END Sorry")
        web.post(f"{hooks}/delivery", f"{private}&id=ATXid_canary&status=Success&failureReason=canary")
        web.post(f"{hooks}/ussd-ended", f"{private}&sessionId=ATUid_1&status=Success")
    refusals = [
        web.post(f"{hooks}/ussd", private),
        web.post(f"{hooks}/delivery", private),
        web.post(f"{hooks}/ussd-ended", private),
        web.post(f"{hooks}/ussd", f"{private}&{private}"),
        web.post(f"{hooks}/ussd", WORDS * 10_000),
        web.post(f"{hooks}/ussd", WORDS, "multipart/form-data; boundary=canary"),
        web.post(f"/hooks/{web.secret[:-1]}/ussd", private),
        web.post("/console/sign-in", urlencode({"name": "canary", "password": PASSWORD})),
    ]
    assert {status for status, _ in refusals} <= {400, 404, 413}
    logged = web.log.read_text()
    assert logged.count("ussd hop failed") == 2
    for secret in ("canary", NUMBER[1:], web.secret[:-1], "at the borehole"):
        assert secret not in logged


@pytest.mark.timeout(120)
def test_twenty_repeats_over_two_processes_are_one_case(web: Web, engine: Engine) -> None:
    web.hop((*TO_THE_CHECK[:-1], WORDS))
    with ThreadPoolExecutor(20) as pool:
        shown = set(pool.map(lambda _: web.hop((*TO_THE_CHECK[:-1], WORDS, SUBMIT)), range(20)))
    with Session(engine) as db:
        assert [db.scalar(select(func.count()).select_from(model)) for model in (Ticket, Message)] == [1, 1]
    assert len(shown) == 1
    assert shown.pop().startswith("END Thank you")


@pytest.mark.timeout(120)
def test_of_many_wrong_secrets_an_operator_reads_where_they_come_from_and_none_of_them(web: Web) -> None:
    for number in range(100):
        assert web.post(f"/hooks/{web.secret[:-1]}-{number}/sms", urlencode({"text": WORDS}))[0] == 404
    logged = web.log.read_text().splitlines()
    assert 1 <= len(logged) <= 2  # each of the two processes counts by itself
    assert all('"source": "127.0.0.1"' in line and "many wrong secrets" in line for line in logged)
    assert web.secret[:-1] not in "".join(logged)
