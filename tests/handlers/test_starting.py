"""A start is refused, in one line, where the spool can't be written: its 200s would mean nothing later."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.errors import BadSetting
from gateway.settings import Settings
from handlers import create_app
from tests.faults.resident import ROOT

WEB = ["-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", "--log-level", "warning", "--no-control-socket"]
STARTS = {
    "the web": [*WEB, "--preload"],
    "the clock": ["-m", "workers", "schedule"],
    "make run": ["-m", "workers.supervise"],
    "a command": ["-m", "flask", "--app", "wsgi", "messages", "unknown"],
}


@pytest.fixture
def blocked(settings: Settings) -> Path:
    """A spool that nobody can write, root included."""
    folder = settings.var_dir / "spool.d"
    folder.write_text("a file where the folder should be")
    return folder


def environment(settings: Settings) -> Mapping[str, str]:
    shell = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    return {**shell, **urls, "VAR_DIR": str(settings.var_dir)}


@pytest.mark.parametrize("what", STARTS)
def test_nothing_starts_on_a_spool_that_cannot_be_written_and_one_line_says_why(
    settings: Settings, blocked: Path, what: str
) -> None:
    command = [sys.executable, *STARTS[what]]
    refused = subprocess.run(
        command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, timeout=60, check=False
    )
    (line,) = (refused.stdout + refused.stderr).strip().splitlines()
    assert refused.returncode != 0
    assert f"VAR_DIR: the spool {blocked} can't be written" in line


def test_once_it_can_be_written_the_application_starts(settings: Settings, blocked: Path) -> None:
    with pytest.raises(BadSetting, match="VAR_DIR"):
        create_app(settings)
    blocked.unlink()
    create_app(settings)
    assert list(blocked.iterdir()) == []


def test_a_disk_with_too_little_room_refuses_no_start(settings: Settings) -> None:
    """Room can be made while citizens who dial are answered; until then `/readyz` says so."""
    create_app(replace(settings, limits=replace(settings.limits, spool_min_free=1 << 60)))
