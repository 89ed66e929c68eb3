"""Every transcript in tests/dialogues/cases reads as the cases go: what is done after `> `, which SMS came of it, and
after `= ` where the cases stand.

`REWRITE_DIALOGUES=1 pytest tests/gateway/tickets/test_case_stories.py` writes them anew: review the difference as
prose. A new one needs its head and the lines done, no more.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway import catalogues
from gateway.tickets import casework, contests, escalation, merging, references, silence, splitting
from gateway.tickets.splitting import Part
from menus.words import gsm7
from models import Direction, Message, Role, Staff, Status, Ticket
from tests.gateway.desks import LINE, deed, hire, report
from tests.grounds import NOW, OTHER, PHONE, THIRD

FOLDER = Path(__file__).parents[2] / "dialogues" / "cases"
FILES = sorted(FOLDER.glob("*.txt"))
CITIZENS = {"Amos": (PHONE, "en"), "Beth": (OTHER, "sw"), "Cheruto": (THIRD, "en")}
CHIEF_PHONE = "+254711000001"


@dataclass
class Story:
    """Three citizens, an agent and a chief officer, and what they do one after the other, an hour apart."""

    db: Session
    jane: Staff
    now: datetime = NOW
    cases: dict[str, Ticket] = field(default_factory=dict)  # by whose it is
    told: int = 0  # messages so far

    def does(self, line: str) -> None:
        """Does what one line says."""
        for pattern, act in DEEDS.items():
            if match := re.fullmatch(pattern, line):
                act(self, *match.groups())
                self.db.flush()
                self.now += timedelta(hours=1)
                return
        raise AssertionError(f"nobody knows how to do: {line}")

    def reports(self, who: str, words: str) -> None:
        phone, language = CITIZENS[who]
        self.cases[who] = report(self.db, words, phone, self.now, language=language, ward="756")

    def joins(self, who: str, other: str) -> None:
        merging.merge(self.db, deed(self.cases[who], self.jane, self.now), self.cases[other].reference)

    def parts(self, who: str) -> None:
        merging.unmerge(self.db, deed(self.cases[who], self.jane, self.now))

    def splits(self, who: str, category: str, words: str) -> None:
        pressed = deed(self.cases[who], self.jane, self.now)
        made = splitting.split(self.db, pressed, Part(category, "756", words, LINE))
        assert made is not None
        self.cases[f"{who}'s other"] = made

    def answers(self, who: str, words: str) -> None:
        casework.answer(self.db, deed(self.cases[who], self.jane, self.now), words)

    def resolves(self, who: str, words: str) -> None:
        casework.move(self.db, deed(self.cases[who], self.jane, self.now), Status.RESOLVED, words)

    def says(self, who: str, word: str) -> None:
        if word == "fixed":
            contests.say_fixed(self.db, self.cases[who], self.now)
        else:
            contests.say_not_fixed(self.db, self.cases[who], "", self.now)

    def waits(self, days: str) -> None:
        self.now += timedelta(days=int(days))
        escalation.escalate(self.db, self.now)
        silence.close(self.db, self.now)

    def came(self) -> list[str]:
        """Gives the SMS promised since the last time, each with its reader."""
        names = {phone: name for name, (phone, _) in CITIZENS.items()} | {CHIEF_PHONE: "the chief officer"}
        sent = select(Message).where(Message.direction == Direction.OUT, Message.id > self.told).order_by(Message.id)
        fresh = self.db.scalars(sent).all()
        self.told = max([self.told, *(message.id for message in fresh)])
        assert all(gsm7(message.body) == message.body for message in fresh)
        return [self._named(f"to {names[message.phone]}: {message.body}") for message in fresh]

    def standing(self) -> str:
        """Gives where each case stands, in one line."""
        return "= " + "; ".join(f"{name} {self._stands(ticket)}" for name, ticket in self.cases.items())

    def _stands(self, ticket: Ticket) -> str:
        status = ticket.status.value.replace("_", " ")
        into = [f"joined to {name}" for name, other in self.cases.items() if other.id == ticket.merged_into_id]
        pressing = [ticket.priority.value] if ticket.priority.value != "normal" else []
        return ", ".join([status, *pressing, *([ticket.verdict.value] if ticket.verdict else []), *into])

    def _named(self, text: str) -> str:
        for name, ticket in self.cases.items():
            text = text.replace(references.printed(ticket.reference), f"<{name}>")
        return text


DEEDS: Mapping[str, Callable[..., None]] = {
    r"(\w+) reports: (.+)": Story.reports,
    r"Jane joins (\w+)'s case to (\w+)'s": Story.joins,
    r"Jane parts (\w+)'s case again": Story.parts,
    r"Jane splits (\w+)'s case, (\w+): (.+)": Story.splits,
    r"Jane answers (\w+): (.+)": Story.answers,
    r"Jane resolves (\w+)'s case: (.+)": Story.resolves,
    r"(\w+) says: (fixed|not fixed)": Story.says,
    r"(\d+) days pass": Story.waits,
}


def played(transcript: str, story: Story) -> str:
    """Plays the lines of a transcript and gives it as it should read."""
    head, _, rest = transcript.partition("\n\n")
    done = [line.removeprefix("> ") for line in rest.splitlines() if line.startswith("> ")]
    return "\n\n".join([head, *_blocks(done, story)]) + "\n"


def _blocks(done: list[str], story: Story) -> Iterator[str]:
    for line in done:
        story.does(line)
        yield "\n".join([f"> {line}", *story.came(), story.standing()])


@pytest.fixture
def story(county: Engine, db: Session) -> Story:
    catalogues.compile_complete()
    hire(db, "chief", Role.OFFICER, department_code="lands", is_chief=True, phone=CHIEF_PHONE)
    return Story(db, hire(db))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_cases_go_as_their_transcript_reads(file: Path, story: Story) -> None:
    transcript = file.read_text()
    reads = played(transcript, story)
    if os.environ.get("REWRITE_DIALOGUES"):
        file.write_text(reads)
    else:
        assert reads == transcript


def test_a_transcript_that_reads_otherwise_is_noticed(story: Story) -> None:
    assert len(FILES) >= 6
    transcript = (FOLDER / "joined_and_contested.txt").read_text()
    assert played(transcript.replace("You get each answer", "You get no answer"), story) == transcript
