"""An hour of everything at once: citizens dial and text, strangers knock, a campaign goes out and its reports come in.

What must stay flat is looked at all the while: memory, open files, the database's connections, and what waits to be
sent or handled.
"""

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from statistics import linear_regression, median

import psutil
from sqlalchemy import Engine, create_engine

from bench import campaigns, load, memory, table
from bench.load import Stream
from bench.starting import Run, a_folder, running
from bench.table import Row, at_most
from gateway import queue
from models import CampaignStatus
from tests import grounds
from tests.gateway import sendings

BULK_RATE = 5  # of a campaign's SMS per second; the rest of SEND_RATE is for replies
PACE = {"SEND_RATE": "20", "DAILY_SEGMENTS": "1000000", "DAILY_SHILLINGS": "1000000"}
SERVERS = ("postgres", "redis-server")  # whose memory is a cache's
STAND_IN = "memory of carrier"  # the simulator keeps every SMS that it was ever given, to be looked at: it may grow
MOST_WAIT = 200  # SMS, beside the campaign's
LOOKS = 60  # over the whole time, at least
TOLD = 10  # of so many looks, one is printed
_WAITS = (
    "SELECT count(*) FROM message WHERE state IN ('queued', 'claimed', 'sending', 'received') AND campaign_id IS NULL"
)
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
RATES = {"hops": 15.0, "texts": 2.0, "junk": 10.0}  # requests a second: a county's busiest hour, for an hour


def main() -> int:
    """Runs, looks, prints, keeps."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all that was started is ended
    with a_folder() as folder, running(folder, **PACE) as run:
        engine = create_engine(run.settings.database_url.replace("postgresql:", "postgresql+psycopg:", 1))
        seen, streams = _soaked(run, engine, asked.minutes * 60)
        engine.dispose()
    rows = _rows(seen, streams, asked.minutes)
    table.keep(rows, "soak")
    table.tell(rows)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    return parser.parse_args()


def _soaked(run: Run, engine: Engine, seconds: float) -> tuple[list[Mapping[str, float]], dict[str, load.Told]]:
    """Lets everything run at once for so long; gives what was seen at each look, and what came of each stream."""
    secret = run.settings.webhook_secrets[0]
    pouring = {
        kind: load.begin(Stream(kind, run.settings.port, secret, first * 100_000_000, seconds, rate, connections=16))
        for first, (kind, rate) in enumerate(RATES.items(), start=1)
    }
    seen: list[Mapping[str, float]] = []
    ends, pause = time.monotonic() + seconds, min(30.0, seconds / LOOKS)
    with ExitStack() as at_last, grounds.connected(run.settings):
        for process in pouring.values():
            at_last.callback(process.kill)  # also where this is broken off
        _launch(engine, int(seconds * BULK_RATE))
        while time.monotonic() < ends:
            seen.append({"minute": time.monotonic() / 60, **_look(run, engine)})
            if len(seen) % TOLD == 1:
                _tell(seen)
            time.sleep(pause)
        return seen, {kind: load.told(process) for kind, process in pouring.items()}


def _launch(engine: Engine, count: int) -> None:
    """Has a campaign sent all the while; it is slowed down by SEND_RATE, not by us."""
    campaign_id = sendings.launch([], status=CampaignStatus.PAUSED)
    campaigns.add(engine, campaign_id, count)
    campaigns.analyze(engine)
    sendings.put(campaign_id, status=CampaignStatus.SENDING)
    queue.push("bulk", "send_messages", "bulk")


def _look(run: Run, engine: Engine) -> dict[str, float]:
    """Gives what must stay flat, as it is now."""
    held, files = memory.held(run), 0
    for processes in run.processes().values():
        for process in processes:
            with suppress(psutil.Error):
                files += process.num_fds()
    with engine.connect() as connection:
        waits = float(connection.exec_driver_sql(_WAITS).scalar_one())
        connections = float(connection.exec_driver_sql(_CONNECTIONS).scalar_one())
    ours = {f"memory of {name}": value for name, value in held.items() if name not in SERVERS}
    return {**ours, "open files": files, "connections": connections, "backlog": waits}


def _tell(seen: Sequence[Mapping[str, float]]) -> None:
    """Prints the last look: an hour is long, and what was seen is not lost where it is broken off."""
    passed = seen[-1]["minute"] - seen[0]["minute"]
    figures = ", ".join(f"{name} {value:,.0f}" for name, value in seen[-1].items() if name != "minute")
    print(f"after {passed:.0f} min: {figures}", flush=True)


def _rows(seen: Sequence[Mapping[str, float]], streams: Mapping[str, load.Told], minutes: float) -> list[Row]:
    """Gives each thing's second half beside its first: the first fifth, in which everything warms up, left out."""
    warm = seen[len(seen) // 5 :]
    first, second = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    rows = []
    for name in [name for name in warm[0] if name != "minute"]:
        was, now = (median(look[name] for look in half) for half in (first, second))
        unit = "MB" if name.startswith("memory") else ""
        row = Row(f"{name} in the second half, beside the first", unit, now, was)
        rows.append(_judged(row, name))
        if unit:
            rows.append(Row(f"{name}, slope", "MB/h", _slope([(look["minute"] / 60, look[name]) for look in warm])))
    for kind, told in streams.items():
        rows.append(Row(f"{kind}: answers in {minutes:g} min, p99", "ms", told.within(0.99)))
        rows.append(Row(f"{kind}: answers that failed", "", told.bad, goal=0))
    return rows


def _judged(row: Row, name: str) -> Row:
    if name == "backlog":
        return replace(row, goal=MOST_WAIT)
    return row if name == STAND_IN else at_most(row, 1.05)


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Gives the slope of the line that fits best."""
    return linear_regression(*zip(*points, strict=True)).slope


if __name__ == "__main__":
    sys.exit(main())
