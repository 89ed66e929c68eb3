"""R26, S01 and S03: the console under two agents at once, under curious staff, and under hostile words.

The console runs in this process, on the house's own database.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from gateway.tickets import references
from handlers import create_app
from models import Role
from tests.faults.auditor import audit
from tests.faults.checks import check
from tests.faults.finding import Finding
from tests.faults.house import House
from tests.faults.load import doors
from tests.handlers import desks
from tests.handlers import test_role_matrix as matrix
from tests.handlers.desk_pages import TicketPage
from tests.handlers.staff import enter, hire
from tests.hostile import pages, strings
from tests.hostile.pages import PAGER, PLAIN, Seen, clean

HIDDEN = {Role.AGENT: "a heron stood in the well", Role.OFFICER: "a pelican sat on the pump"}  # not theirs to see


@contextmanager
def console(house: House) -> Iterator[Flask]:
    """Gives the application on the house's database while the block runs."""
    house.var_dir.mkdir(parents=True, exist_ok=True)
    made = create_app(house.settings)
    with doors(house):
        yield made


@check("R26", "two agents save one ticket at the same moment, and an impatient one clicks twice")
def r26(house: House, full: bool) -> Finding:
    """Lets two answer from the same version again and again, then one press arrive twice at once."""
    rounds, clicks, finding = 50 if full else 6, 20 if full else 3, Finding()
    with console(house) as app:
        clients = [_signed_in(app, name) for name in ("asha", "baraka")]
        saved, kept, sent = 0, 0, 0
        for _ in range(rounds):
            reference = desks.ticket()
            both = [TicketPage(client, reference) for client in clients]
            answers = _at_once(
                [_answering(page, f"words of {number}", str(uuid4())) for number, page in enumerate(both)]
            )
            won = [answer.status_code for answer in answers].count(302)
            saved += won == 1
            lost = [(number, answer) for number, answer in enumerate(answers) if answer.status_code == 409]
            kept += [f"words of {number}</textarea>" in answer.text for number, answer in lost] == [True]
            sent += _replies(house, reference) == 1
        once = 0
        for _ in range(clicks):
            page, press = TicketPage(clients[0], desks.ticket()), str(uuid4())
            twice = _at_once([_answering(page, "Clicked twice", press)] * 2)
            is_calm = [answer.status_code for answer in twice] == [302, 302]
            once += is_calm and _replies(house, page.reference) == 1
    finding.equal("rounds with one winner", saved, rounds)
    finding.equal("losers whose words came back", kept, rounds)
    finding.equal("rounds with one SMS", sent, rounds)
    finding.equal("double clicks with one SMS", once, clicks)
    finding.audited(audit(house))
    return finding


def _signed_in(app: Flask, name: str) -> FlaskClient:
    hire(name)
    client = app.test_client()
    enter(client, name)
    return client


def _answering(page: TicketPage, words: str, press: str) -> Callable[[], TestResponse]:
    return lambda: page.press("work", press=press, what="answer", words=words)


def _at_once(deeds: Sequence[Callable[[], TestResponse]]) -> list[TestResponse]:
    start = Barrier(len(deeds))

    def run(deed: Callable[[], TestResponse]) -> TestResponse:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as hands:
        return list(hands.map(run, deeds))


def _replies(house: House, reference: str) -> int:
    found = "SELECT count(*) FROM message JOIN ticket t ON t.id = ticket_id WHERE t.reference = :reference"
    with house.engine.connect() as connection:
        return int(connection.scalar(text(found), {"reference": references.read(reference)}) or 0)


@check("S01", "every route for every role, and tickets that are not for everybody")
def s01(house: House, full: bool) -> Finding:
    """Asks for each route as each role, and looks on all pages for tickets that the role may not see."""
    finding, wrong, asked = Finding(), [], 0
    with console(house) as app:
        matrix.hire_each()
        app.config["WTF_CSRF_ENABLED"] = False  # a form without its token must meet the door
        for who in (matrix.NOBODY, *Role, *matrix.STEP_PAGES) if full else (matrix.NOBODY, Role.AGENT):
            for rule, door, method in matrix.routes(app):
                if door.is_public or matrix.is_open_to(door, who) or "sign_out" in rule.endpoint:
                    continue
                asked += 1
                found = matrix.verdict(matrix.ask(matrix.browser(app, who), rule, method))
                if found != matrix.expected(door, who):
                    wrong.append(f"{who}: {method} {rule.rule}: {found}")
        seen = _peeks(app)
    finding.at_least("cells", asked, 100)
    finding.equal("cells other than declared", len(wrong), 0)
    finding.equal("pages that show what is out of sight", len(seen), 0)
    finding.wrong += wrong + seen
    return finding


def _peeks(app: Flask) -> list[str]:
    """Gives where an agent finds a sensitive ticket, and an officer of health one of another department."""
    secret = {"is_sensitive": True, "category_code": "corruption", "department_code": "administration"}
    hidden = {
        Role.AGENT: desks.ticket(HIDDEN[Role.AGENT], **secret),
        Role.OFFICER: desks.ticket(HIDDEN[Role.OFFICER], assignee=Role.OFFICER.value),
    }
    found = []
    for who, reference in hidden.items():
        client = matrix.browser(app, who)
        for rule, _, method in matrix.routes(app):
            path = re.sub(r"<reference>", reference, rule.rule)
            if "<" in path or "sign" in path:
                continue
            for asked in (
                "",
                f"?folder=everything&q={HIDDEN[who]}",
                "?folder=everything",
                "?poll=1&shown=",
                f"?q={reference}",
            ):
                answer = client.open(f"{path}{asked}", method=method)
                if HIDDEN[who] in _without_fields(answer.text) or (
                    reference in path and answer.status_code in (200, 302)
                ):
                    found.append(f"{who}: {method} {rule.rule}{asked[:20]}: {answer.status_code}")
    return found


def _without_fields(page: str) -> str:
    """Gives a page without what was typed into it."""
    return re.sub(r"value=\"[^\"]*\"|href=\"[^\"]*\"|hx-get=\"[^\"]*\"", "", page)


@check("S03", "hostile words by SMS, USSD and in staff's own fields, on every page")
def s03(house: House, full: bool) -> Finding:
    """Sends hostile strings in by every door; on the pages each is the text it was, and no markup came of it."""
    chosen, finding = strings.ALL if full else strings.SHARP[:6], Finding()
    plain, hostile = Seen(), Seen()
    with console(house) as app:
        client = app.test_client()
        # The plain ones go into every form too, so that what a refusal looks like is known.
        for seen, words, typed in ((plain, PLAIN, (*PLAIN, *PLAIN)), (hostile, chosen, chosen[::8])):
            texts = pages.bunches(words, of=8) if full else words
            reference = pages.fill(client, house.settings, texts, words)
            for page in (*pages.pages(client, reference), *pages.forms(client, reference, (*typed, "\0"))):
                seen.look(*page)
        first, told = pages.kept()
    finding.at_least("strings", len(chosen), len(strings.SHARP[:6]))
    finding.equal(
        "notes that were changed",
        len({clean(words).strip().replace("\r\n", "\n") for words in chosen} - {""} - told),
        0,
    )
    finding.equal("failures", len(hostile.failed), 0)
    finding.equal("texts that are not on a page as they are", sum(not pages.shown(hostile, w) for w in first | told), 0)
    made = hostile.shapes - plain.shapes - PAGER
    finding.equal("kinds of elements that no template made", len(made), 0)
    finding.wrong += [f"an element {shape}" for shape in sorted(made)][:3]
    return finding
