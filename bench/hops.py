"""What a USSD hop costs, beside a bare route that keeps it and does nothing else (`bench/bare.py`).

Whole conversations come over HTTP, to ours and to the bare one in turn. Then the waits at a steady rate, alone and
while strangers send junk; and the menus' engine by itself.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from statistics import median

from sqlalchemy.orm import Session

from bench import load, webs
from bench.load import Told
from bench.table import Row, at_least
from bench.webs import Web
from gateway.dialogues.callers_county import CallersCounty
from menus import engine, home
from tests.faults.house import House

AT = 100  # hops a second
JUNK_AT = 200  # requests a second
_SHARES = (0.5, 0.95, 0.99)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what may be said about it."""
    parser.add_argument("--rounds", type=int, default=5, help="of ours and the baseline in turn")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--steady", type=float, default=20.0, help="seconds at a steady rate")


def measured(house: House, asked: argparse.Namespace) -> list[Row]:
    """Gives the rows."""
    house.refresh()
    with webs.both(house) as (our, bare):
        for web in (our, bare):
            load.run(web.stream("hops", 1.0))  # the first ones warm connections and statements
        rows = _throughput((our, bare), asked)
        rows += _waits("at 100 hops/s", _steady((our, bare), asked.steady), 50)
        hops, junk = _steady_beside_junk((our, bare), asked.steady)
        rows += _waits("at 100 hops/s beside 200 junk requests/s", hops, 300)
        rows.append(Row("  the junk that was answered meanwhile", "/s", *(told.rate for told in junk)))
        rows.append(Row("  the junk that was answered by a fault", "", *(told.bad for told in junk), 0))
    return [*rows, _engine_alone(house)]


def in_turn(pair: Sequence[Web], rounds: int, measure: Callable[[Web], Told]) -> list[list[Told]]:
    """Measures one after the other, round after round, the first in each round being now this one, now that."""
    found: list[list[Told]] = [[] for _ in pair]
    for number in range(rounds):
        order = list(enumerate(pair))
        for position, web in order if number % 2 == 0 else reversed(order):
            found[position].append(measure(web))
    return found


def good_rate(rounds: Sequence[Told]) -> float:
    """Gives the median rate; a bad answer ends the measurement, since what fails is quick."""
    bad = sum(each.bad for each in rounds)
    if bad:
        raise SystemExit(f"{bad} answers were not what they should be")
    return median(each.rate for each in rounds)


def _throughput(pair: Sequence[Web], asked: argparse.Namespace) -> list[Row]:
    rows = []
    for kind, name in (
        ("hops", "USSD hops, two of five sessions report a problem"),
        ("browsing", "USSD hops, looking"),
    ):
        rounds = in_turn(pair, asked.rounds, lambda web, kind=kind: load.run(web.stream(kind, asked.seconds)))  # type: ignore[misc]
        rows.append(at_least(Row(name, "/s", *map(good_rate, rounds)), 0.5))
        # It works on the same processors and is the same for both, so it draws the ratio towards 1.
        rows.append(Row("  the load's own work for each of them", "ms", *map(_own_work, rounds)))
    return rows


def _own_work(rounds: Sequence[Told]) -> float:
    return median(each.cpu_each for each in rounds)


def _steady(pair: Sequence[Web], seconds: float) -> list[Told]:
    """Gives the waits of ours and the bare one at a steady rate, in two turns."""
    return [_joined(turns) for turns in in_turn(pair, 2, lambda web: _hops_of(web, seconds / 2))]


def _steady_beside_junk(pair: Sequence[Web], seconds: float) -> tuple[list[Told], list[Told]]:
    """Gives the same while strangers send junk, and what came of the junk."""
    junk: dict[str, list[Told]] = {web.name: [] for web in pair}

    def measure(web: Web) -> Told:
        beside = load.begin(web.stream("junk", seconds / 2, rate=float(JUNK_AT)))
        told = _hops_of(web, seconds / 2)
        junk[web.name].append(load.told(beside))
        return told

    hops = [_joined(turns) for turns in in_turn(pair, 2, measure)]
    return hops, [_joined(turns) for turns in junk.values()]


def _hops_of(web: Web, seconds: float) -> Told:
    return load.run(web.stream("hops", seconds, rate=float(AT), connections=16))


def _joined(turns: Sequence[Told]) -> Told:
    waits = [wait for turn in turns for wait in turn.waits]
    return Told(sum(turn.seconds for turn in turns), waits, sum(turn.bad for turn in turns))


def _waits(how: str, pair: Sequence[Told], goal: float) -> list[Row]:
    our, bare = pair
    rows = [Row(f"a hop {how}, p{s * 100:.0f}", "ms", our.within(s), bare.within(s)) for s in _SHARES]
    rows[-1] = Row(rows[-1].name, "ms", rows[-1].ours, rows[-1].baseline, goal)
    return [*rows, Row(f"hops {how} that failed", "", our.bad, bare.bad, 0)]


def _engine_alone(house: House) -> Row:
    """Gives the steps per second of the menus, of a caller whose county stands in memory once it was asked."""
    with Session(house.engine) as db:
        county = CallersCounty(db, "+254700000000", datetime.now(UTC))
        turn = engine.begin(home.opening(reference="", submission="", language="en"), county)
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < 2.0:
            engine.step(turn.state, "5", county)  # the languages: a screen that looks nothing up
            steps += 1
    return Row("the menus' engine alone, without any look-up", "/s", steps / (time.perf_counter() - began))
