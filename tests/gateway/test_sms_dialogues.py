"""Every transcript in tests/dialogues/sms reads as the conversation by SMS goes.

`REWRITE_DIALOGUES=1 pytest tests/gateway/test_sms_dialogues.py` writes them anew: review the difference as prose. A new
one needs its head and the lines sent, no more. After `= ` stands what the message was taken for, and its case.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import references
from menus.words import gsm7, segments
from tests.gateway.texting import TextingPhone

FOLDER = Path(__file__).parents[1] / "dialogues" / "sms"
FILES = sorted(FOLDER.glob("*.txt"))


def played(transcript: str, citizen: TextingPhone) -> str:
    """Plays the lines of a transcript and gives it as it should read."""
    head, _, rest = transcript.partition("\n\n")
    sent = [line.removeprefix(">").removeprefix(" ") for line in rest.splitlines() if line.startswith(">")]
    return "\n\n".join([head, *_blocks(sent, citizen)]) + "\n"


def _blocks(sent: list[str], citizen: TextingPhone) -> Iterator[str]:
    for line in sent:
        for number, ticket in enumerate(citizen.cases(), start=1):
            line = line.replace(f"<case {number}>", references.printed(ticket.reference))
        answer = citizen.sends(line)
        assert gsm7(answer) == answer
        assert segments(answer) <= 3
        yield _told(f"> {line}".rstrip(), citizen)
        yield _told("\n".join([*([answer] if answer else []), _outcome(citizen)]), citizen)


def _outcome(citizen: TextingPhone) -> str:
    message = citizen.sent()[-1]
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
