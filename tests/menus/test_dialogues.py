"""Every transcript in tests/dialogues reads as the dialogue goes.

`REWRITE_DIALOGUES=1 pytest tests/menus/test_dialogues.py` writes them anew: review the difference as prose. A new one
needs its head and the lines typed, no more.
"""

import os
from pathlib import Path

import pytest

from menus.words import septets
from tests.menus import transcripts
from tests.menus.transcripts import ENDS

FOLDER = Path(__file__).parents[1] / "dialogues"
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_dialogue_goes_as_its_transcript_reads(file: Path) -> None:
    transcript = file.read_text()
    played = transcripts.played(transcript)
    if os.environ.get("REWRITE_DIALOGUES"):
        file.write_text(played)
    else:
        assert played == transcript


def test_every_dialogue_is_told_in_both_languages() -> None:
    assert len(FILES) >= 40
    assert {file.stem.removesuffix(".en") for file in FOLDER.glob("*.en.txt")} == {
        file.stem.removesuffix(".sw") for file in FOLDER.glob("*.sw.txt")
    }


def test_a_transcript_that_reads_otherwise_is_noticed() -> None:
    transcript = transcripts.played((FOLDER / "first_call.en.txt").read_text())
    assert transcripts.played(transcript.replace("1 Report", "1 Rapport")) == transcript
    assert transcripts.played(transcript.replace("Language: not chosen", "Language: English")) != transcript


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_screen_of_a_transcript_is_wider_than_a_phone(file: Path) -> None:
    blocks = file.read_text().rstrip("\n").split("\n\n")[1:]
    screens = [block for block in blocks if not block.startswith(">")]
    shown = ["\n".join(line for line in screen.split("\n") if line != ENDS and line[:2] != "= ") for screen in screens]
    assert all(septets(f"CON {screen}") <= 160 for screen in shown)
