"""How much memory each process holds: at rest, under load, and after many hops, when it should hold no more.

What is shared counts once, divided among those who share it (Linux: PSS). `make bench-memory ARGS="--hops 100000"` is
the long form.
"""

import argparse
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress

import psutil

from bench import load, webs
from bench.load import Stream
from bench.starting import Run, a_folder, running
from bench.table import Row, at_most
from tests.faults.house import House

MEGABYTE = 2**20
_FIRST = 700_000_000  # of the numbers of sessions


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--hops", type=int, default=3000)


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    house.refresh()
    with webs.bare_one(house) as web:
        load.run(web.stream("hops", 60, most=200))
        bare = _held([psutil.Process(web.resident.pid), *web.resident.children()])
    with a_folder() as folder, running(folder) as run:
        rest = held(run)
        _pour(run, _FIRST, asked.hops // 3)
        warm = held(run)
        loaded = dict.fromkeys(rest, 0.0)
        with ThreadPoolExecutor(1) as aside:  # what the load tells is longer than a pipe, and has to be read meanwhile
            pouring = aside.submit(_pour, run, _FIRST * 2, asked.hops)
            while not pouring.done():
                loaded = {name: max(loaded.get(name, 0.0), value) for name, value in held(run).items()}
                wait([pouring], timeout=1)
        pouring.result()
        after = held(run)
    rows = [
        Row(f"memory at rest: {name}", "MB", value, bare if name == "web" else None) for name, value in rest.items()
    ]
    rows += [Row(f"memory under load: {name}", "MB", loaded[name], rest[name]) for name in rest]
    grown = Row(f"memory of the web after {asked.hops:,} hops, beside a third as many", "MB", after["web"], warm["web"])
    return [*rows, at_most(grown, 1.05)]


def held(run: Run) -> Mapping[str, float]:
    """Gives the megabytes that each part of a run holds."""
    return {name: _held(processes) for name, processes in run.processes().items()}


def _held(processes: Iterable[psutil.Process]) -> float:
    found = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            told = process.memory_full_info()
            found += getattr(told, "pss", told.rss) / MEGABYTE
    return found


def _stream(run: Run, first: int, most: int) -> Stream:
    return Stream("hops", run.settings.port, run.settings.webhook_secrets[0], first, 3600, most=most)


def _pour(run: Run, first: int, most: int) -> None:
    load.run(_stream(run, first, most))
