"""Tickets on a desk, made straight in the database: for pages that need many of them, or of a certain kind."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from gateway import database
from gateway.desk import queue_search
from gateway.tickets import references
from models import Channel, Citizen, EventKind, Kind, Ticket, TicketEvent
from tests.grounds import NOW, PHONE

LINE = re.compile(r'<span class="reference">([^<]+)</span>')
_hours: Iterator[int] = count(1)


def ticket(words: str = "No water at the tap since Monday", **more: Any) -> str:
    """Makes an open ticket about water, each due a little later than the one before; gives its printed reference."""
    due = NOW + timedelta(hours=next(_hours))
    usual: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "channel": Channel.USSD,
        "category_code": "water",
        "department_code": "lands",
        "ward_code": "755",
        "phone": PHONE,
        "language": "en",
        "opened_at": NOW,
        "answer_due_at": due,
        "resolve_due_at": due,
        "next_due_at": due,
    }
    reference = references.draw()
    with database.transaction() as db:
        if db.get(Citizen, PHONE) is None:
            db.add(Citizen(phone=PHONE, first_seen_at=NOW))
            db.flush()
        made = Ticket(reference=reference, submission=uuid4(), words=words, **{**usual, **more})
        db.add(made)
        db.flush()
        db.add(TicketEvent(ticket_id=made.id, kind=EventKind.OPENED, at=NOW))
    return references.printed(reference)


def many(words: str, number: int) -> None:
    """Opens so many tickets of the same words at once."""
    usual = {"kind": Kind.COMPLAINT, "channel": Channel.USSD, "language": "en", "category_code": "water"}
    usual |= {"department_code": "lands", "opened_at": NOW, "answer_due_at": NOW, "resolve_due_at": NOW}
    with database.transaction() as db:
        rows = [{**usual, "reference": references.draw(), "submission": uuid4(), "words": words} for _ in range(number)]
        db.execute(insert(Ticket), rows)


def much_later() -> None:
    """Numbers the next tickets as if more than are searched for common words had come in since the ones before."""
    onward = text("SELECT setval('ticket_id_seq', nextval('ticket_id_seq') + :more)")
    with database.transaction() as db:
        db.execute(onward, {"more": queue_search.LATELY + 100})


def happens(reference: str, kind: EventKind, body: str | None = None) -> None:
    """Adds a line to a ticket's timeline."""
    with database.transaction() as db:
        found = db.query(Ticket).filter_by(reference=references.read(reference)).one()
        db.add(TicketEvent(ticket_id=found.id, kind=kind, at=NOW, body=body))


def lines(client: FlaskClient, **asked: str) -> list[str]:
    """Gives the references on a page of the queue, in their order."""
    return LINE.findall(client.get("/console/tickets", query_string=asked).text)
