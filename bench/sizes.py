"""How many processes and threads the web should have: each size in turn with the one of `make run`, in the same run.

A size is better where it answers more hops a second without making those at a steady rate wait longer.
"""

import argparse
from statistics import median

from bench import load, webs
from bench.hops import AT
from bench.load import Told
from bench.table import Row
from tests.faults.house import House

USED = (2, 8)
SIZES = ((1, 8), (2, 4), (2, 16), (3, 8), (4, 4))
_STEADY = 0.99


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--rounds", type=int, default=3, help="of each size and the one in use in turn")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives two rows for each size: hops a second, and the wait of 99 of 100 hops at a steady rate."""
    house.refresh()
    rows = []
    for size in SIZES:
        rounds = [[_both(house, each, asked.seconds) for each in (size, USED)] for _ in range(asked.rounds)]
        name = f"{size[0]} processes of {size[1]} threads"
        rates = [median([pair[position][0].rate for pair in rounds]) for position in (0, 1)]
        waits = [median([pair[position][1].within(_STEADY) for pair in rounds]) for position in (0, 1)]
        rows += [Row(f"{name}, hops", "/s", *rates), Row(f"{name}, p99 at {AT} hops/s", "ms", *waits)]
    return rows


def _both(house: House, size: tuple[int, int], seconds: float) -> tuple[Told, Told]:
    with webs.ours(house, processes=size[0], threads=size[1]) as web:
        load.run(web.stream("hops", 2.0))
        flood = load.run(web.stream("hops", seconds))
        return flood, load.run(web.stream("hops", 2 * seconds, rate=float(AT), connections=16))
