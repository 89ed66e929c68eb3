"""Every transcript in tests/dialogues/sms reads as the conversation by SMS goes.

`REWRITE_DIALOGUES=1 pytest tests/gateway/dialogues/test_sms_dialogues.py` writes them anew: review the difference as
prose. A new one needs its head and the lines sent, no more. After `= ` stands what the message was taken for, and its
case. A line after `! ` is what staff do meanwhile, one after `officer> ` what a department's officer texts
(tests/gateway/stage.py).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.tickets import references
from menus.words import gsm7, segments
from tests.gateway.stage import OFFICER, SILENCE, STAFF, Stage
from tests.gateway.texting import TextingPhone

FOLDER = Path(__file__).parents[2] / "dialogues" / "sms"
FILES = sorted(FOLDER.glob("*.txt"))


def played(transcript: str, citizen: TextingPhone) -> str:
    """Plays the lines of a transcript and gives it as it should read."""
    head, _, rest = transcript.partition("\n\n")
    said = [line for line in rest.splitlines() if line.startswith((">", OFFICER, STAFF))]
    return "\n\n".join([head, *_blocks(said, citizen)]) + "\n"


def _blocks(said: list[str], citizen: TextingPhone) -> Iterator[str]:
    stage = Stage(citizen)
    for line in said:
        yield line
        for number, ticket in enumerate(citizen.cases(), start=1):
            line = line.replace(f"<case {number}>", references.printed(ticket.reference))
        phone = stage.officer if line.startswith(OFFICER) else citizen
        if line.startswith(STAFF):
            answers, outcome = stage.does(line.removeprefix(STAFF)), []
        else:
            answers = [phone.sends(line.removeprefix(OFFICER).removeprefix(">").removeprefix(" "))]
            outcome = [_outcome(phone, citizen)]
        assert all(gsm7(answer) == answer and segments(answer) <= 3 for answer in answers)
        yield _told("\n".join([*filter(None, answers), *outcome]) or SILENCE, citizen)


def _outcome(phone: TextingPhone, citizen: TextingPhone) -> str:
    message = phone.sent()[-1]
    ticket = next((case for case in citizen.cases() if case.id == message.ticket_id), None)
    if ticket is None:
        return f"= {message.kind}"
    citizen.db.refresh(ticket)
    place = f", {ticket.ward.name}" if ticket.ward else ""
    return f"= {message.kind}: {references.printed(ticket.reference)}, {ticket.category_code}{place}"


def _told(block: str, citizen: TextingPhone) -> str:
    """Puts each reference, which is drawn anew every time, as `<case 1>`."""
    for number, ticket in enumerate(citizen.cases(), start=1):
        block = block.replace(references.printed(ticket.reference), f"<case {number}>")
    return block


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_its_transcript_reads(file: Path, citizen: TextingPhone) -> None:
    transcript = file.read_text()
    reads = played(transcript, citizen)
    if os.environ.get("REWRITE_DIALOGUES"):
        file.write_text(reads)
    else:
        assert reads == transcript


def test_every_conversation_is_told_in_both_languages() -> None:
    assert len(FILES) >= 16
    assert {file.stem.removesuffix(".en") for file in FOLDER.glob("*.en.txt")} == {
        file.stem.removesuffix(".sw") for file in FOLDER.glob("*.sw.txt")
    }


def test_a_transcript_that_reads_otherwise_is_noticed(citizen: TextingPhone) -> None:
    transcript = (FOLDER / "complaint_with_all_it_needs.en.txt").read_text()
    assert played(transcript.replace("is received", "was received"), citizen) == transcript
