"""The query plans of the hot paths: how PostgreSQL goes about each statement when the tables are as large as after
years. `make bench-plans` writes them into bench/plans; tests/gateway/test_plans.py wants no big table read from end to
end.

A few thousand rows are analysed, then the planner is told that they are millions: what it decides by is the same.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from bench import messages, paths, tickets
from gateway.settings import Settings, from_environment
from tests import grounds, servers
from tests.handlers.queries import counted

KEPT = Path(__file__).parent / "plans"
BIG = ("message", "attempt", "ticket", "ticket_event", "ussd_session", "ussd_hop", "citizen", "delivery_report")
_FEW, _TIMES = 2000, 1000
# All but a few were applied; what is not finds no message, or waits for its own.
_REPORTS = """
INSERT INTO delivery_report (carrier_id, status, phone, reason, received_at, applied_at, raw)
SELECT 'ATXid_' || id, 'Sent', phone, '', state_at, CASE WHEN id % 50 > 0 THEN state_at END, '{}'
FROM message WHERE direction = 'out'
"""
_PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# From end to end: in the order of the disk, or by a key of which nothing is looked up. Tickets are listed along theirs.
_BY_KEY = r"Index Scan(?: Backward)? using pk_(?!ticket )\w+(?= on \w+(?: \w+)?\n\s+Filter:)"
_SCANS = re.compile(rf"(?:Seq Scan|{_BY_KEY}) on (\w+)")
_TYPES = {datetime: "::timestamptz", timedelta: "::interval"}  # those that PostgreSQL would not guess
_VALUE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Plan:
    """One statement and how it is carried out: with its values, and for any values as after its fifth use."""

    statement: str
    with_values: str
    for_any: str

    @property
    def scans(self) -> set[str]:
        """Gives the big tables that are read from end to end."""
        return {table for plan in (self.with_values, self.for_any) for table in _SCANS.findall(plan) if table in BIG}


def grow(made: Connection) -> None:
    """Adds a few rows to an open transaction and tells the planner that there are many."""
    tickets.add(made, _FEW)
    messages.add(made, 5 * _FEW, _FEW)
    made.execute(text(_REPORTS))
    # Counting has begun, a while ago: only the very first count reads all, and what is counted up to now is not again.
    subjects = "unnest(ARRAY['message', 'ussd_session', 'ticket'])"
    made.execute(text(f"INSERT INTO watermark (subject, up_to) SELECT {subjects}, now() - interval '1 hour'"))
    made.execute(text(f"ANALYZE {', '.join(BIG)}"))
    # What is still on the disk of rows that are gone counts as pages, too: the size of each page is what is told.
    told = text(
        "UPDATE pg_class SET reltuples = greatest(reltuples, 100) * :times, relpages = greatest(relpages, 1)"
        " WHERE relname = ANY(:big) AND relkind = 'r'"
    )
    made.execute(told, {"times": _TIMES, "big": list(BIG)})


def of(made: Connection, path: paths.Path, settings: Settings, now: datetime) -> Sequence[Plan]:
    """Gives the plans of what one path asks; whatever it does is undone."""
    with made.begin_nested() as undone:
        with counted(values=True) as asked, Session(made, join_transaction_mode="create_savepoint") as db:
            path(db, settings, now)
            db.flush()
        undone.rollback()
    once = {statement: values for statement, values in asked if statement.split()[0] in _PLANNED}
    return [_plan(made, statement, values) for statement, values in once.items()]


def _plan(made: Connection, statement: str, values: Any) -> Plan:
    one = values[0] if isinstance(values, list) else values
    with_values = made.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", one).scalars().all()
    for_any = (
        made.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {_without_values(statement, one)}").scalars().all()
    )
    return Plan(statement, "\n".join(with_values), "\n".join(for_any))


def _without_values(statement: str, values: Mapping[str, object]) -> str:
    """Gives a statement with numbers for its values, each of the type in which the driver sends it."""
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        kind = next((name for of, name in _TYPES.items() if isinstance(values[found[1]], of)), "")
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}{kind}"

    return _VALUE.sub(number, statement).replace("%%", "%")


def main() -> int:
    """Writes a file for each path."""
    KEPT.mkdir(exist_ok=True)
    with _ground() as (made, settings):
        for name, path in paths.HOT.items():
            plans = of(made, path, settings, datetime.now(UTC))
            file = KEPT / f"{re.sub('[^a-z]+', '_', name.lower())}.txt"
            file.write_text("\n\n".join(_told(plan) for plan in plans) + "\n", "utf-8")
            scans = sorted({table for plan in plans for table in plan.scans})
            print(f"{name:24}{len(plans):4} statements  {'READS ALL OF ' + ', '.join(scans) if scans else ''}")
    return 0


def _told(plan: Plan) -> str:
    return f"{plan.statement}\n--\n{plan.for_any}"


@contextmanager
def _ground() -> Iterator[tuple[Connection, Settings]]:
    with servers.running() as running:
        told = {"DATABASE_URL": running.database(0), "REDIS_URL": running.redis(0)}
        settings = from_environment({**told, "VAR_DIR": str(running.folder / "var")})
        engine = create_engine(settings.database_url.replace("postgresql:", "postgresql+psycopg:", 1))
        grounds.load_county(engine)
        with engine.connect() as made, made.begin() as undone:
            grow(made)
            yield made, settings
            undone.rollback()
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
