"""What the same request costs when a county has had a million tickets and five million SMS, beside ten thousand.

Each is asked for through Flask's test client, before the small database and the large one in turn. Tickets come at the
same pace in both, so that the last week of both is alike: what differs is the years before it. Pages are full in both.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from bench import messages, table, tickets
from bench.table import Row, at_most
from gateway import database
from gateway.dialogues import incoming
from gateway.settings import Settings, from_environment
from handlers import create_app
from models import Role
from tests import grounds, servers
from tests.handlers.staff import hire, sign_in

FEW = 10_000
YEARS_OF_MANY = 3
_numbers = itertools.count()
_KNOWN = 50  # phones with three cases each, in the small database as in the large one
_GIVE_CASES = (
    "INSERT INTO citizen (phone, language, first_seen_at, is_sample)"
    " SELECT '+25479' || lpad(n::text, 7, '0'), 'en', now(), true FROM generate_series(0, :known - 1) AS n",
    "UPDATE ticket SET phone = '+25479' || lpad((id % :known)::text, 7, '0') WHERE id <= 3 * :known",
)
CASE = ("1", "1", "1", "3", "1", "Hakuna maji tangu Jumatatu", "1")


@dataclass(frozen=True)
class Size:
    """A database of so many tickets, and the application before it."""

    settings: Settings
    tickets: int
    app: Flask
    client: FlaskClient


def main() -> int:
    """Measures, prints, keeps."""
    asked = _arguments()
    with servers.running() as running:
        url, redis = running.database(0), running.redis(0)
        told = {"DATABASE_URL": url, "REDIS_URL": redis, "VAR_DIR": str(running.folder / "var")}
        settings = from_environment(told)
        few = _made(settings, FEW, FEW * 5, asked)
        large = replace(settings, database_url=running.database(1))
        many = _made(large, asked.tickets, asked.messages, asked)
        found = _measured((few, many), asked)
    size = f"{asked.tickets:,} tickets, {asked.messages:,} SMS"
    rows = [at_most(Row(f"{name}, {size}", "ms", ours, baseline), 1.5) for name, (baseline, ours) in found.items()]
    table.keep(rows, "growth")
    table.tell(rows)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-growth", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=6, help="of the small and the large one in turn")
    parser.add_argument("--requests", type=int, default=10, help="of each kind in each round")
    return parser.parse_args()


def _made(settings: Settings, count: int, sms: int, asked: argparse.Namespace) -> Size:
    began = time.perf_counter()
    engine = create_engine(settings.database_url.replace("postgresql:", "postgresql+psycopg:", 1))
    grounds.load_county(engine)
    over = f"{YEARS_OF_MANY * 365.0 * 24 * count / asked.tickets:.0f} hours"
    tickets.fill(engine, count, over)
    messages.fill(engine, sms, count, over)
    with engine.begin() as made:
        for statement in _GIVE_CASES:
            made.execute(text(statement), {"known": _KNOWN})
    engine.dispose()
    print(f"{count:,} tickets and {sms:,} SMS made in {time.perf_counter() - began:.0f} s", flush=True)
    app = create_app(settings)
    client = app.test_client()
    with grounds.connected(settings):
        hire(role=Role.SUPERVISOR)
        sign_in(client)
    return Size(settings, count, app, client)


def _measured(sizes: Sequence[Size], asked: argparse.Namespace) -> Mapping[str, tuple[float, float]]:
    """Gives the median milliseconds of each kind, of the small one and of the large one."""
    times: dict[str, tuple[list[float], ...]] = {name: tuple([] for _ in sizes) for name in KINDS}
    for _ in range(asked.rounds):
        for position, size in enumerate(sizes):
            with grounds.connected(size.settings):
                for name, kind in KINDS.items():
                    kind(size)  # the first one opens a connection and warms what it reads
                    times[name][position].extend(kind(size) for _ in range(asked.requests))
    return {name: (median(few), median(many)) for name, (few, many) in times.items()}


def _dials(*typed: str, known: bool) -> Callable[[Size], float]:
    """Gives a measurement of the last hop of a session, by a phone with cases or by one without."""

    def measure(size: Size) -> float:
        number = next(_numbers)
        phone = f"+25479{number % _KNOWN:07d}" if known else f"+25411{number:07d}"
        form = {"sessionId": f"growth-{number}", "phoneNumber": phone, "serviceCode": "*1548#", "networkCode": "63902"}
        took = 0.0
        for done in range(len(typed) + 1):
            took = _post(size, "ussd", {**form, "text": "*".join(typed[:done])})
        return took

    return measure


def _texts(size: Size) -> float:
    number = next(_numbers)
    words = {"text": f"Hakuna maji Kapsabet {number}", "to": "1548", "from": f"+25411{number:07d}", "linkId": ""}
    return _post(size, "sms", {**words, "id": f"growth-{number}", "date": "2026-11-23T09:00:00Z"})


def _handles(size: Size) -> float:
    _texts(size)
    began = time.perf_counter()
    with database.transaction() as db:
        if not incoming.handle_next(db, size.settings, datetime.now(UTC)):
            raise SystemExit("no SMS to handle")
    return (time.perf_counter() - began) * 1000


def _page(address: str) -> Callable[[Size], float]:
    def measure(size: Size) -> float:
        began = time.perf_counter()
        answer = size.client.get(address)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status}")
        return took

    return measure


def _post(size: Size, hook: str, form: Mapping[str, str]) -> float:
    address = f"/hooks/{size.settings.webhook_secrets[0]}/{hook}"
    began = time.perf_counter()
    answer = size.client.post(address, data=form)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or answer.text.startswith("END Sorry"):
        raise SystemExit(f"{hook}: {answer.status} {answer.text}")
    return took


_WEEK = f"{datetime.now(UTC) - timedelta(days=6):%Y-%m-%d}"
KINDS: Mapping[str, Callable[[Size], float]] = {
    "a hop": _dials("1", known=False),
    "the hop that opens a case": _dials(*CASE, known=False),
    "My cases": _dials("2", known=True),
    "an SMS, kept": _texts,
    "an SMS, handled": _handles,
    "the queue page": _page("/console/tickets?folder=all"),
    "the queue page by department": _page("/console/tickets?folder=all&department=administration"),
    "all there ever was of a ward": _page("/console/tickets?folder=everything&ward=755"),
    "a search for a rare word": _page(f"/console/tickets?folder=everything&q={tickets.RARE}"),
    "a search for a common word": _page(f"/console/tickets?folder=everything&q={tickets.COMMON}"),
    "the report of a week": _page(f"/console/reports?from={_WEEK}"),
}


if __name__ == "__main__":
    sys.exit(main())
