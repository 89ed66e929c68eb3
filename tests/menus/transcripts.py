"""Dialogues as they are read: what is typed after `> `, what is shown below it, what is done after `= `.

A transcript begins with what it is about and with what is known of the caller. Only that and the lines typed are read;
all the rest is what a play of them gives.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from menus import engine
from menus.county import Case
from menus.intents import Intent
from menus.play_cases import ASKING_CASE, SAMPLE_CASES
from menus.play_county import SampleCounty
from menus.shapes import Turn
from tests.menus.calls import REFERENCE, Call, opening

CUT_OFF = "(the line drops; dialled again)"
ENDS = "(the call ends)"
WARDS = {"not known": "", "Kapsabet": "772"}
CASES: dict[str, tuple[Case, ...]] = {"none": (), "two": SAMPLE_CASES, "one that asks": (ASKING_CASE,)}
LANGUAGES = {"not chosen": None, "English": "en", "Kiswahili": "sw"}


@dataclass(frozen=True)
class Caller:
    """What is known of the caller, and the inputs dialled at once, if any."""

    language: str | None
    ward: str
    cases: tuple[Case, ...]
    dialled: tuple[str, ...]


def played(transcript: str) -> str:
    """Plays the inputs of a transcript and gives it as it should read."""
    head, _, rest = transcript.partition("\n\n")
    typed = [line.removeprefix(">").removeprefix(" ") for line in rest.splitlines() if line.startswith(">")]
    return "\n\n".join([head, *_blocks(_caller(head), typed)]) + "\n"


def _caller(head: str) -> Caller:
    known = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    dialled = known.get("Dials", "*1548#").removeprefix("*1548").removesuffix("#").split("*")[1:]
    return Caller(LANGUAGES[known["Language"]], WARDS[known["Ward"]], CASES[known["Cases"]], tuple(dialled))


def _blocks(caller: Caller, typed: list[str]) -> Iterator[str]:
    county = SampleCounty(caller.ward, list(caller.cases))
    call = Call(county, caller.language)
    if caller.dialled:
        call.turn = engine.replay(opening(caller.language), caller.dialled, county)
    yield _shown(call.turn, county)
    for line in typed:
        yield f"> {line}".rstrip()
        if line == CUT_OFF:
            call.redial()
        else:
            call.type(line)
        yield _shown(call.turn, county)


def _shown(turn: Turn, county: SampleCounty) -> str:
    for intent in turn.intents:
        county.perform(intent, REFERENCE)
    ends = [ENDS] if turn.is_end else []
    return "\n".join([turn.text, *ends, *map(_done, turn.intents)])


def _done(intent: Intent) -> str:
    wishes = [f"{name}={value!r}" for name, value in asdict(intent).items() if value]
    return f"= {type(intent).__name__}({', '.join(wishes)})"
