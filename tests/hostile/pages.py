"""What is hostile goes in by every door and is looked for on every page: as text, the whole text, and nothing but text.

`fill` sends strings as citizens and staff do; `pages` asks for each page once; `Seen` is what a browser makes of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import html5lib
from flask.testing import FlaskClient

from gateway import database
from gateway.desk import canned_replies, showing_phones
from gateway.desk.canned_replies import Wording
from gateway.dialogues import incoming
from gateway.errors import Refused
from gateway.settings import Settings
from gateway.tickets import calls, casework, references
from gateway.tickets.calls import Call
from gateway.tickets.casework import Deed
from models import Role, Staff, Ticket, TicketEvent
from tests.handlers.staff import enter, hire, token

LEAD = "Hakuna maji kijijini. "  # so that an SMS is a report, whatever follows
TO_THE_WORDS = "1*1*1*1*1"  # English, report a problem, water, Aldai, Kabwareng
PLAIN = ("Water is dirty", "Maji machafu", "K7Q", "line one\nline two")  # what pages look like without any of it
PAGER = {("a", "class", "href", "rel"), ("nav", "aria-label", "class")}  # of lists longer than the plain ones
_places = count()
SPACE = "{http://www.w3.org/1999/xhtml}"
EXCERPT = 240  # characters of a citizen's words in the queue
CHIEF = "chebet"  # an admin: sees all pages


@dataclass
class Seen:
    """What stands on pages: texts that somebody wrote, values of fields, and which elements with which attributes."""

    said: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    shapes: set[tuple[str, ...]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def look(self, path: str, status: int, text: str) -> None:
        """Reads a page as a browser does."""
        if status >= 500:
            self.failed.append(f"{status} {path[:80]}")
        for element in html5lib.parse(text).iter():
            if not isinstance(element.tag, str):
                continue
            name = element.tag.removeprefix(SPACE)
            self.shapes.add((name, *sorted(map(str, element.attrib))))
            inside = "".join(element.itertext())
            if name in ("bdi", "td", "summary", "option", "h3", "p", "b", "li", "dd", "span"):
                self.said.add(inside)
            if name in ("textarea", "input"):
                self.typed.add(inside or element.attrib.get("value", ""))


def html_text(words: str) -> str:
    """Gives a text as HTML carries it: line ends are one kind."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


def clean(words: str) -> str:
    """Gives a text as a database can keep it."""
    return words.replace("\0", "").encode("utf-8", "ignore").decode()


def number(place: int, kind: int) -> str:
    """Gives a phone of its own for each string."""
    return f"+2547{kind}{place:07d}"


def bunches(strings: Sequence[str], *, of: int) -> list[str]:
    """Puts strings together, so many in one text, each on lines of its own."""
    return ["\n".join(strings[start : start + of]) for start in range(0, len(strings), of)]


def fill(client: FlaskClient, settings: Settings, texts: Sequence[str], notes: Sequence[str]) -> str:
    """Sends texts by SMS and by USSD and writes them into staff's own fields; gives the reference of one ticket whose
    timeline holds the notes and the answers.
    """
    hooks, begins = f"/hooks/{settings.webhook_secrets[0]}", next(_places)
    for words in texts:
        place = next(_places)
        _texts(client, hooks, place, words)
        _dials(client, hooks, place, words)
    while _handles_one(settings):
        pass
    with database.transaction() as db:
        is_hired = db.get(Staff, CHIEF) is not None
    if not is_hired:
        hire(CHIEF, Role.ADMIN)
    with database.transaction() as db:
        chief, now = db.get_one(Staff, CHIEF), datetime.now(UTC)
        reference = calls.log_call(db, chief, _call("The ticket that gets them all", "", begins), now).reference
        for words in texts:
            _writes(db, chief, reference, next(_places), clean(words))
        for words in filter(str.strip, map(clean, notes)):
            casework.note(db, Deed(chief, reference, 0, uuid4(), now), words)
    return references.printed(reference)


def _texts(client: FlaskClient, hooks: str, place: int, words: str) -> None:
    form = {"id": f"hostile-{place}", "from": number(place, 1), "to": "1548", "date": "", "linkId": ""}
    answer = client.post(f"{hooks}/sms", data={**form, "text": (LEAD + words).encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200, answer.text


def _dials(client: FlaskClient, hooks: str, place: int, words: str) -> None:
    usual = {"sessionId": f"hostile-{place}", "phoneNumber": number(place, 2), "serviceCode": "*1548#"}
    said = (LEAD + words).replace("*", "+")
    text = f"{TO_THE_WORDS}*{said}*1".encode("utf-8", "surrogatepass")
    answer = client.post(f"{hooks}/ussd", data={**usual, "networkCode": "63902", "text": text})
    assert (answer.status_code, answer.text[:4]) in ((200, "CON "), (200, "END ")), answer.text


def _handles_one(settings: Settings) -> bool:
    with database.transaction() as db:
        return incoming.handle_next(db, settings, datetime.now(UTC))


def _call(words: str, on_behalf_of: str, place: int) -> Call:
    return Call(uuid4(), number(place, 3), on_behalf_of, "en", "water", "772", None, words, "*1548#")


def _writes(db: Any, chief: Staff, reference: str, place: int, words: str) -> None:
    """Puts a string into each field of the console that staff write in; what is refused, is refused in a sentence."""
    now = datetime.now(UTC)
    deeds = (
        lambda: casework.answer(db, Deed(chief, reference, _version(db, reference), uuid4(), now), words),
        lambda: calls.log_call(db, chief, _call(words, words[: calls.LONGEST_NAME], place), now),
        lambda: canned_replies.add(db, chief, Wording(words[:80], None, {"en": words[:600], "sw": words[:600]}), now),
        lambda: showing_phones.show(db, chief, reference, f"because {words}"[:200], now + timedelta(hours=2 * place)),
    )
    for deed in deeds:
        try:
            with db.begin_nested():
                deed()
        except Refused:
            continue


def _version(db: Any, reference: str) -> int:
    return int(db.query(Ticket.version).filter_by(reference=reference).scalar())


def pages(client: FlaskClient, reference: str) -> Iterator[tuple[str, int, str]]:
    """Asks for every page of the console that shows what somebody wrote, those of long lists to their end."""
    enter(client, CHIEF)
    ticket = f"/console/tickets/{reference}"
    with database.transaction() as db:
        names = [references.printed(name) for (name,) in db.query(Ticket.reference).order_by(Ticket.id)]
    few = (*names[:3], *names[-3:])
    for path in (
        *("/console/tickets?folder=everything", "/console/day", "/console/supervision", "/console/supervision/give"),
        *("/console/messages", "/console/audit", "/console/reports", "/console/replies", "/console/staff"),
        *("/console/exports", "/console/calls/new", ticket, f"{ticket}?poll=1&seen=0", f"{ticket}/phone"),
        *(f"/console/tickets/{name}" for name in few),
    ):
        yield from _to_the_end(client, path)


def _to_the_end(client: FlaskClient, path: str) -> Iterator[tuple[str, int, str]]:
    following: str | None = path
    while following:
        page = client.get(following)
        yield following, page.status_code, page.text
        found = re.search(r'href="([^"]+)" rel="next"', page.text)
        following = found[1].replace("&amp;", "&") if found else None


def forms(client: FlaskClient, reference: str, strings: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Types strings into the forms of a ticket's page and of a call, in the search, and into addresses."""
    ticket = f"/console/tickets/{reference}"
    proof = {"csrf_token": token(client.get(ticket)), "version": "0", "press": str(uuid4())}
    for place, words in enumerate(strings):
        typed = {**proof, "what": "answer", "words": words, "name": words, "into": words, "department": words}
        for path, form in (
            (
                f"{ticket}/{('preview', 'work', 'merge', 'assign', 'transfer', 'split')[place % 6]}",
                {**typed, "note": words},
            ),
            ("/console/calls/new", {**proof, "phone": words, "on_behalf_of": words, "words": words, "language": "en"}),
        ):
            answer = client.post(path, data={key: _sent(value) for key, value in form.items()})
            yield f"POST {path} {words!r}", answer.status_code, answer.text
        for path, asked in (
            ("/console/tickets", {"q": words, "folder": "everything"}),
            ("/console/audit", {"subject": words}),
        ):
            page = client.get(path, query_string={key: _sent(value) for key, value in asked.items()})
            yield f"GET {path} {words!r}", page.status_code, page.text


def _sent(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def kept() -> tuple[set[str], set[str]]:
    """Gives what was kept: the first words of every ticket, and what stands on the timelines."""
    with database.transaction() as db:
        first = {words for (words,) in db.query(Ticket.words)}
        told = {body for (body,) in db.query(TicketEvent.body).filter(TicketEvent.body.is_not(None))}
    return first, told


def shown(seen: Seen, words: str) -> bool:
    """Whether a text stands on a page, whole or as much of it as a list shows."""
    whole = html_text(words)
    return whole in seen.said or html_text(f"{words[:EXCERPT]}…") in seen.said
