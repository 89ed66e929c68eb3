"""What an inbound SMS costs until its 200, beside a bare route that keeps it (`bench/bare.py`)."""

import argparse

from bench import load, webs
from bench.hops import good_rate, in_turn
from bench.table import Row, at_least
from tests.faults.house import House


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--rounds", type=int, default=5, help="of ours and the baseline in turn")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    house.refresh()
    with webs.both(house) as pair:
        for web in pair:
            load.run(web.stream("texts", 1.0))
        rounds = in_turn(pair, asked.rounds, lambda web: load.run(web.stream("texts", asked.seconds)))
    return [at_least(Row("SMS from citizens, kept", "/s", *map(good_rate, rounds)), 0.5)]
