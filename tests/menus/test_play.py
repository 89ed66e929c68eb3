"""The handset in the terminal, as a person runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.menus.calls import LANGUAGES

HOUSE = Path(__file__).parents[2]


def _played(*typed: str, language: str | None = "en") -> subprocess.CompletedProcess[str]:
    """Types lines on the handset, then Ctrl-D, and gives what it printed."""
    command = [sys.executable, "-m", "menus.play", *([language] if language else [])]
    lines = "".join(f"{line}\n" for line in typed)
    return subprocess.run(command, input=lines, capture_output=True, text=True, cwd=HOUSE, timeout=60, check=False)


def test_it_shows_a_screen_in_a_frame_with_its_size_and_ctrl_d_hangs_up() -> None:
    handset = _played()
    assert handset.stdout.splitlines()[1:] == [
        "+------------------------------------------+",
        "| Nandi County 1548. FREE                  |",
        "| 1 Report a problem                       |",
        "| 2 My cases                               |",
        "| 3 Projects                               |",
        "| 4 Budget                                 |",
        "| 5 Language / Lugha                       |",
        "+-------------------------------- 96/160 --+",
        "> ",
        "Hung up.",
    ]
    assert (handset.returncode, handset.stderr) == (0, "")


def test_a_case_sent_on_it_can_be_looked_up_on_the_next_call() -> None:
    shown = _played("1", "1", "1", "No water at Namgoi", "1", "", "2").stdout
    assert "Thank you. Case K7Q-M2P-4XT." in shown
    assert "The call has ended. Enter dials again." in shown
    assert "| 1 K7Q-M2P-4XT Water/sanitation: received |" in shown


def test_redial_offers_to_go_on_where_the_line_dropped() -> None:
    shown = _played("1", "1", "1", "No water at Namgoi", "redial", "1").stdout
    assert "| You were cut off. " in shown
    assert shown.count("| No water at Namgoi ") == 2


def test_redial_from_home_is_a_new_call() -> None:
    assert _played("redial").stdout.count("Nandi County 1548. FREE") == 2


def test_without_a_language_it_is_a_new_phone_that_is_asked_once() -> None:
    shown = _played("1", "redial", language=None).stdout
    assert shown.count("| 1 English ") == 1
    assert shown.count("| 1 Report a problem ") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_complete_language(language: str) -> None:
    home = {"en": "1 Report a problem", "sw": "1 Ripoti shida"}
    assert home[language] in _played(language=language).stdout


def test_a_language_that_is_not_complete_is_named_in_one_line() -> None:
    first, second, *_ = _played(language="kln").stdout.splitlines()
    assert first == "Kalenjin has no compiled catalogue yet: `make run` compiles the complete ones. In English:"
    assert second.startswith("Type what the screen asks for.")


def test_a_language_nobody_knows_is_refused_in_one_line() -> None:
    handset = _played(language="xx")
    assert (handset.returncode, handset.stderr) == (1, "usage: python -m menus.play [en | sw | kln]\n")
