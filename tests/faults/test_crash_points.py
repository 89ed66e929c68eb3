"""The points at which a test may kill a process: nothing at all until armed, and death exactly when told."""

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gateway import crash
from gateway.settings import Settings
from tests.faults.resident import ROOT

PASSED = re.compile(r"crash\(\"([A-Z][0-9])\"\)")
POINTS = sorted({point for path in ROOT.glob("[ghw]*/**/*.py") for point in PASSED.findall(path.read_text())})


@pytest.fixture
def unarmed(settings: Settings) -> Iterator[Settings]:
    yield settings
    crash.arm(settings)


def how_it_ends(settings: Settings, point: str, times: int) -> int:
    """Passes a point so often in a child process and gives the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        crash.arm(settings)
        for _ in range(times):
            crash.crash(point)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def test_the_senders_the_webs_and_the_reports_steps_are_all_marked() -> None:
    assert {"U1", "U2", "U3", "S1", "S2", "S3", "S4", "S5", "S6"} <= set(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_a_point_does_nothing_in_a_process_that_is_not_armed(unarmed: Settings, point: str) -> None:
    assert unarmed.fault is None
    assert how_it_ends(unarmed, point, times=3) == 0


@pytest.mark.parametrize("point", POINTS)
def test_an_armed_point_kills_when_it_is_passed_often_enough(unarmed: Settings, point: str) -> None:
    armed = replace(unarmed, fault=f"{point}:3")
    assert how_it_ends(armed, point, times=2) == 0
    assert how_it_ends(armed, point, times=3) == signal.SIGKILL
    assert how_it_ends(armed, "Z9", times=3) == 0
