"""R17, R18 and R20: what citizens see on USSD, while requests come twice, late, out of order, and processes die."""

import re
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

from gateway import database
from gateway.citizens import citizens
from gateway.dialogues.callers_county import CallersCounty
from menus.intents import OpenTicket
from menus.words import gsm7, septets
from tests.faults.auditor import Promised, audit
from tests.faults.callers import Answer, hop
from tests.faults.checks import check
from tests.faults.checks.cut_off import cut_everywhere
from tests.faults.finding import Finding
from tests.faults.house import House
from tests.faults.load import doors, phone, seeded
from tests.faults.proxy import Line, line
from tests.faults.resident import Resident
from tests.menus.calls import Call

NOBODY = "+254799999999"  # of whom the county knows as little as of every caller here
REFERENCE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}")
OPTION = re.compile(r"^(\d{1,2}) ", re.MULTILINE)
TO_A_CASE = ("1", "1", "2", "1", "1", "The road to the school is washed away", "1")
POINTS = ("U1", "U2", "U3")
MOST_TRIES = 60
FEW_WALKS = 12  # of the short form


@dataclass
class Walk:
    """One session: what is typed, what the menus alone would show, and what really came."""

    session: str
    phone: str
    typed: Sequence[str]
    expected: list[str]
    cases: int
    shown: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)  # read on a last screen

    @property
    def texts(self) -> list[str]:
        """Gives what the carrier sends at each hop: all that was typed so far."""
        return ["*".join(self.typed[:hops]) for hops in range(len(self.typed) + 1)]

    @property
    def pairs(self) -> Iterable[tuple[str, str]]:
        """Gives each screen that came with the one that the menus alone would show."""
        return zip(self.shown, self.expected, strict=True)


@check("R17", "every USSD request comes twice, out of order, while the web is killed")
def r17(house: House, full: bool) -> Finding:
    """Walks through random sessions; every screen must be the menus' own, every submission one case and one SMS."""
    walks = plan(house, 2000 if full else FEW_WALKS)
    finding, deaths = Finding(), 0
    parts = [walks[number :: len(POINTS) + 1] for number in range(len(POINTS) + 1)]
    for point, part in zip(POINTS, parts[1:], strict=True):
        web = house.web(FAULT=f"{point}:{150 if full else 20}")
        before = _workers_of(web)
        _walk_all(house, part)
        deaths += len(before - _workers_of(web))
        web.stop()
    house.web()
    with line(("127.0.0.1", house.port)) as wire:
        _walk_all(house, parts[0], wire)
    more_cases, last_screens = cut_everywhere(house, finding, full=full)
    wrong = [f"{shown!r} for {expected!r}" for walk in walks for shown, expected in walk.pairs if shown != expected]
    cases = sum(walk.cases for walk in walks) + more_cases
    finding.equal("sessions", len(walks), 2000 if full else FEW_WALKS)
    finding.at_least("web processes killed", deaths, len(POINTS))
    finding.equal("wrong screens", len(wrong), 0)
    finding.wrong += wrong[:3]
    finding.equal("cases", count(house, "ticket"), cases)
    finding.equal("confirmations", count(house, "message"), cases)
    finding.audited(audit(house, promised(walks, last_screens)))
    return finding


def plan(house: House, count: int) -> list[Walk]:
    """Draws random sessions, and what the menus alone show at each hop of them."""
    chance = seeded("R17")
    with Session(house.engine) as db:
        county = CallersCounty(db, NOBODY, datetime.now(UTC))
        return [_draw(Call(county, language=None), number, chance) for number in range(count)]


def _draw(call: Call, number: int, chance: Random) -> Walk:
    expected, typed = [_body(call)], []
    straight = chance.random() < 0.5  # to a case, which chance alone finds too seldom
    for step in range(14):
        if call.turn.is_end:
            break
        typed.append(TO_A_CASE[step] if straight and step < len(TO_A_CASE) else _whim(call.text, chance))
        call.type(typed[-1])
        expected.append(_body(call))
    cases = sum(isinstance(intent, OpenTicket) for intent in call.intents)
    return Walk(f"ATUid_{number}", phone(number), typed, expected, cases)


def _whim(screen: str, chance: Random) -> str:
    options = OPTION.findall(screen)
    if not options or chance.random() < 0.1:
        return chance.choice(["Maji hayapo tangu Jumatatu, karibu na soko", "0", "00", "98", "77", "*"])
    return str(chance.choice(options))


def _body(call: Call) -> str:
    return masked(f"{'END' if call.turn.is_end else 'CON'} {call.text}")


def masked(screen: str) -> str:
    """Gives a screen with its reference hidden: it is drawn by chance."""
    hidden: str = REFERENCE.sub("XXX-XXX-XXX", screen)
    return hidden


def _walk_all(house: House, walks: Sequence[Walk], wire: Line | None = None) -> None:
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(lambda walk: _walk(house, walk, wire), walks))


def _walk(house: House, walk: Walk, wire: Line | None) -> None:
    """Plays one session; every request comes twice, and an older one again. On a wire, answers are cut off first."""
    chance, texts = seeded(walk.session), walk.texts
    for count, typed in enumerate(texts):
        if wire:
            wire.cut_after = chance.randrange(350)  # bytes: in the headers, in the screen, or not at all
            hop(house, walk.session, walk.phone, typed, port=wire.port)
        first = _insist(house, walk, typed)
        again = _insist(house, walk, typed)
        older = chance.randrange(count + 1)
        earlier = _insist(house, walk, texts[older])
        is_alike = first.body == again.body and (older == count or masked(earlier.body) == walk.shown[older])
        walk.shown.append(masked(first.body) if is_alike else f"{first.body} then {again.body}, {earlier.body}")
        if first.body.startswith("END ") and (found := REFERENCE.search(first.body)):
            walk.references.append(found[0].replace("-", ""))


def _insist(house: House, walk: Walk, typed: str) -> Answer:
    """Repeats a request as the carrier does that got no answer, until one comes."""
    for _ in range(MOST_TRIES):
        answer = hop(house, walk.session, walk.phone, typed)
        if answer.status:
            return answer
        time.sleep(0.1)
    return answer


def promised(walks: Sequence[Walk], last_screens: Iterable[str]) -> Promised:
    """Gives the references that citizens read on their last screen."""
    read = {found[0].replace("-", "") for screen in last_screens if (found := REFERENCE.search(screen))}
    return Promised(references=read | {reference for walk in walks for reference in walk.references})


def count(house: House, table: str) -> int:
    """Gives the number of rows."""
    with house.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - our own words


def _workers_of(web: Resident) -> set[int]:
    return {child.pid for child in web.children()}


@check("R18", "the session's row is gone at every hop")
def r18(house: House, full: bool) -> Finding:
    """Forgets the session before each hop of a known caller's call: the text alone leads to the same next screen."""
    house.web()
    inputs = TO_A_CASE[1:-1]  # a known caller has chosen a language
    with doors(house), database.transaction() as db:
        for number in (1, 2):
            citizens.remember(db, phone(number), datetime.now(UTC), language="en")
    texts = ["*".join(inputs[:number]) for number in range(len(inputs) + 1)]
    whole = [hop(house, "ATUid_whole", phone(1), typed).body for typed in texts]
    lost = []
    for typed in texts:
        lost.append(hop(house, "ATUid_lost", phone(2), typed).body)
        with house.engine.connect() as connection:
            connection.execute(text("DELETE FROM ussd_session WHERE id = 'ATUid_lost'"))
    submitted = hop(house, "ATUid_lost", phone(2), f"{texts[-1]}*1").body
    finding = Finding()
    finding.equal("same screens", sum(a == b for a, b in zip(whole, lost, strict=True)), len(texts))
    finding.equal("submitted by itself", submitted.startswith("END "), False)
    finding.equal("cases", count(house, "ticket"), 0)
    return finding


@check("R20", "every screen of random calls fits a phone")
def r20(house: House, full: bool) -> Finding:
    """Looks at every screen that random sessions meet; tests/menus/test_screens_fit.py looks at all there are."""
    house.web()
    walks = plan(house, 400 if full else 40)
    shown = [hop(house, walk.session, walk.phone, typed).body for walk in walks for typed in walk.texts]
    finding = Finding()
    finding.at_least("screens", len(shown), len(walks))
    finding.equal("without CON or END", sum(not body.startswith(("CON ", "END ")) for body in shown), 0)
    finding.at_most("longest", max(septets(body) for body in shown), 160, " characters")
    finding.equal("outside the GSM alphabet", sum(gsm7(body) != body for body in shown), 0)
    return finding
