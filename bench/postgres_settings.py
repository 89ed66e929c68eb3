"""Which of PostgreSQL's settings matter here: each in turn with the server as `make run` starts it, in the same run.

None that gives up a commit is tried. What a larger memory brings to a database larger than the smaller one is not to be
seen here: the tables are small.
"""

import argparse
from collections.abc import Mapping
from statistics import median

from sqlalchemy import text

from bench import expanding, load, webs
from bench.hops import AT
from bench.table import Row
from tests.faults.house import House

SETTINGS: Mapping[str, str] = {
    "shared_buffers": "1GB",
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "commit_delay": "500",  # microseconds: several commits may share one write
    "jit": "off",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--rounds", type=int, default=2, help="of each setting and the usual one in turn")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement of hops")
    parser.add_argument("--citizens", type=int, default=100_000, help="of the audience that is expanded")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives three rows for each setting: hops a second, their wait at a steady rate, the expansion of a campaign."""
    rows = []
    for name, value in SETTINGS.items():
        rounds = [[_figures(house, asked, name, value=each) for each in (value, None)] for _ in range(asked.rounds)]
        kinds = ("hops", "/s"), (f"p99 at {AT} hops/s", "ms"), (f"expanding {asked.citizens:,}", "s")
        for number, (kind, unit) in enumerate(kinds):
            with_it, usual = (median([pair[position][number] for pair in rounds]) for position in (0, 1))
            rows.append(Row(f"{name} = {value}, {kind}", unit, with_it, usual))
    return rows


def _figures(house: House, asked: argparse.Namespace, name: str, *, value: str | None) -> tuple[float, float, float]:
    _restart(house, f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
    house.refresh()
    with webs.ours(house) as web:
        load.run(web.stream("hops", 2.0))
        flood = load.run(web.stream("hops", asked.seconds))
        steady = load.run(web.stream("hops", 2 * asked.seconds, rate=float(AT), connections=16))
    house.refresh()
    took, _ = expanding.ours(house, asked.citizens)
    return flood.rate, steady.within(0.99), took


def _restart(house: House, command: str) -> None:
    with house.engine.connect() as connection:
        connection.execute(text(command))
    house.engine.dispose()
    house.postgres.stop()
    house.postgres.start()
