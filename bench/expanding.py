"""What it takes to make a message for each of a campaign's recipients, beside one statement that makes the same rows.

Ours is the real way: a housekeeping worker, found by its doorbell, chunk by chunk, who may get it, what they get in
their language and of which ward, and what was sent before. The baseline writes as many rows (one citizen of a hundred
has said STOP) into the same table, with the same indexes, and asks nothing.
"""

import argparse
import time

import psutil
from sqlalchemy import text

from bench import campaigns
from bench.listening import until_listening
from bench.memory import MEGABYTE
from bench.table import Row
from gateway import queue
from tests.faults.house import House
from tests.faults.load import doors
from tests.faults.resident import Resident
from tests.gateway import sendings

MOST_SECONDS = 600.0
_TEXTS = {"en": "Water is back in {ward}. Thank you for your patience.", "sw": "Maji yamerudi {ward}. Asante."}
_CITIZENS = text("""
    INSERT INTO citizen (phone, language, ward_code, first_seen_at, is_sample, opted_out_at)
    SELECT '+2547' || lpad(n::text, 8, '0'), (ARRAY['en', 'sw'])[1 + n % 2], (751 + n % 30)::text, now(), false,
           CASE WHEN n % 100 = 0 THEN now() END
    FROM generate_series(1, :count) AS n
""")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--citizens", type=int, default=500_000, help="of the audience")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    count: int = asked.citizens
    bare = _bare(house, count - count // 100)
    house.refresh()
    took, most = ours(house, count)
    return [
        Row(f"expanding a campaign to {count:,} citizens", "s", took, bare, goal=30.0),
        Row("memory of the worker meanwhile, at most", "MB", most, goal=256.0),
    ]


def _bare(house: House, count: int) -> float:
    house.refresh()
    with doors(house):
        campaign_id = sendings.launch([], status="paused")
    began = time.monotonic()
    campaigns.add(house.engine, campaign_id, count)
    return time.monotonic() - began


def ours(house: House, count: int) -> tuple[float, float]:
    """Gives the seconds until all recipients of a fresh house stand, and the most megabytes that the worker held."""
    with house.engine.begin() as made:
        made.execute(_CITIZENS, {"count": count})
        made.execute(text("ANALYZE citizen"))
    worker = house.worker("housekeeping")
    until_listening(house)
    with doors(house):
        campaign_id = sendings.launch([], audience={"everybody": True}, texts=_TEXTS, expanded_at=None)
        began = time.monotonic()
        queue.push(queue.HOUSEKEEPING, "tend_campaigns")
    most = _watched(house, worker, campaign_id, began)
    took = time.monotonic() - began
    worker.stop()
    _check(house, campaign_id, count - count // 100)
    return took, most


def _watched(house: House, worker: Resident, campaign_id: int, began: float) -> float:
    process, most = psutil.Process(worker.pid), 0.0
    wanted = text("SELECT expanded_at IS NOT NULL FROM campaign WHERE id = :id")
    while time.monotonic() - began < MOST_SECONDS:
        most = max(most, process.memory_info().rss / MEGABYTE)
        with house.engine.connect() as connection:
            if connection.scalar(wanted, {"id": campaign_id}):
                return most
        time.sleep(0.1)
    raise SystemExit("the campaign did not get its recipients")


def _check(house: House, campaign_id: int, wanted: int) -> None:
    with house.engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM message WHERE campaign_id = :id"), {"id": campaign_id})
    if found != wanted:
        raise SystemExit(f"{found} recipients were made, not {wanted}")
