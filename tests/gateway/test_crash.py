"""The points where a test may kill a process are nothing but words anywhere else."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import crash
from gateway.errors import BadSetting
from gateway.settings import Settings, from_environment

PASSES = """
from gateway import crash, settings
crash.arm(settings.from_environment())
for _ in range(3):
    crash.crash("S4")
    crash.crash("S5")
    print("alive", flush=True)
"""


def passing(tmp_path: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    told = {"VAR_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, "-c", PASSES], env=told, capture_output=True, text=True, check=False)


def test_an_armed_process_dies_at_its_point_the_nth_time(tmp_path: Path) -> None:
    done = passing(tmp_path, GATEWAY_ENV="test", FAULT="S5:2")
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "alive\n")


def test_without_a_fault_the_points_do_nothing(tmp_path: Path) -> None:
    done = passing(tmp_path, GATEWAY_ENV="test")
    assert (done.returncode, done.stdout) == (0, "alive\n" * 3)


def test_disarmed_again_the_points_do_nothing(settings: Settings) -> None:
    crash.arm(replace(settings, fault="S5:1"))
    crash.arm(settings)
    crash.crash("S5")


@pytest.mark.parametrize("where", [{}, {"GATEWAY_ENV": "development"}, {"GATEWAY_ENV": "production"}])
def test_outside_tests_a_fault_is_refused(tmp_path: Path, where: dict[str, str]) -> None:
    done = passing(tmp_path, FAULT="S5:1", **where)
    assert done.returncode == 1
    assert "BadSetting" in done.stderr


@pytest.mark.parametrize("fault", ["S5", "S5:0", "S5:x", ":1", "s5:1", "S5:1:2"])
def test_a_fault_that_names_no_point_is_refused(tmp_path: Path, fault: str) -> None:
    with pytest.raises(BadSetting, match=r"^FAULT: "):
        from_environment({"VAR_DIR": str(tmp_path), "GATEWAY_ENV": "test", "FAULT": fault})
