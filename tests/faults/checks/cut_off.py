"""U4: the answer to the hop that opens a case is cut off in the middle, after every possible number of bytes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.callers import Answer, hop
from tests.faults.finding import Finding
from tests.faults.house import House
from tests.faults.load import phone
from tests.faults.proxy import line

INPUTS = ("1", "1", "2", "1", "1", "The road to the school is washed away")  # as far as the read-back
SUBMIT = "1"
FEW = 12  # lengths that the short form tries
FIRST_PHONE = 5_000_000


@dataclass(frozen=True)
class Cut:
    """One session: what came of the hop whose answer was cut off, and of two repeats of it."""

    answer: Answer
    repeats: tuple[Answer, Answer]


def cut_everywhere(house: House, finding: Finding, *, full: bool) -> tuple[int, set[str]]:
    """Cuts the last answer of one session for each length; wants the stored screen at each repeat.

    Gives how many cases that must have made, and what their last screens said.
    """
    whole = _length(house)
    lengths = range(whole + 1) if full else sorted({*range(0, whole + 1, max(1, whole // FEW)), whole - 1, whole})
    with ThreadPoolExecutor(4) as callers:
        cuts = list(callers.map(lambda length: _cut(house, length), lengths))
    shown = {cut.repeats[0].body for cut in cuts}
    finding.equal("cut answers that came whole", _came_whole(cuts[:-1]), 0)
    finding.equal("uncut answers that came whole", _came_whole(cuts[-1:]), 1)
    finding.equal("repeats that were no last screen", sum(not _is_stored(cut) for cut in cuts), 0)
    finding.equal("different references", len(shown), len(cuts))
    return len(cuts) + 1, shown


def _length(house: House) -> int:
    """Gives how many bytes an uncut answer has on the line."""
    with line(("127.0.0.1", house.port)) as wire:
        _submit(house, FIRST_PHONE, wire.port)
        return wire.passed


def _cut(house: House, length: int) -> Cut:
    number = FIRST_PHONE + 1 + length
    with line(("127.0.0.1", house.port)) as wire:
        wire.cut_after = length
        cut = _submit(house, number, wire.port)
    first, second = (_repeat(house, number) for _ in range(2))
    return Cut(cut, (first, second))


def _submit(house: House, number: int, port: int) -> Answer:
    """Dials as far as the read-back, then submits by way of `port`."""
    hop(house, _session(number), phone(number), "*".join(INPUTS))
    return hop(house, _session(number), phone(number), "*".join((*INPUTS, SUBMIT)), port=port)


def _repeat(house: House, number: int) -> Answer:
    return hop(house, _session(number), phone(number), "*".join((*INPUTS, SUBMIT)))


def _session(number: int) -> str:
    return f"ATUid_cut_{number}"


def _came_whole(cuts: Sequence[Cut]) -> int:
    return sum(cut.answer.status == 200 and cut.answer.body == cut.repeats[0].body for cut in cuts)


def _is_stored(cut: Cut) -> bool:
    first, second = cut.repeats
    return first.body.startswith("END Thank you") and first.body == second.body
