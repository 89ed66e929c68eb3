"""An export that words narrow holds every case that has them, and says so where it can't."""

import csv
import io

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.desk import queue_search
from models import AuditEntry, EventKind, Role
from tests.handlers.desks import happens, many, much_later, ticket
from tests.handlers.staff import enter, hire, token

ASKED = {"folder": "everything", "q": "maji"}
WHY = "For the county assembly"


def export(client: FlaskClient) -> list[str]:
    """Exports what the words find and gives the first cell of each row."""
    form = {"kind": "csv", "reason": WHY, "csrf_token": token(client.get("/console/exports"))}
    answer = client.post("/console/exports", query_string=ASKED, data=form, buffered=True)
    if answer.status_code == 302:
        return []
    _, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    return [row[0] for row in rows[: [len(row) for row in rows].index(1)]]  # the notes stand below an empty row


def come(client: FlaskClient) -> None:
    hire(role=Role.SUPERVISOR)
    enter(client)


def test_it_holds_more_cases_than_a_search_looks_at(client: FlaskClient) -> None:
    heard = ticket("The tap is dry")
    for _ in range(queue_search.LOOKED_AT + 1):
        happens(heard, EventKind.WROTE, "Bado hakuna maji")
    silent = ticket("Tap")
    happens(silent, EventKind.WROTE, "maji")
    many("Hakuna maji", queue_search.LOOKED_AT + 5)
    come(client)
    number = queue_search.LOOKED_AT + 7
    assert f"{number} cases" in client.get("/console/exports", query_string=ASKED).text
    found = export(client)
    assert (len(found), {heard, silent} <= set(found)) == (number, True)


def test_words_that_so_many_have_that_not_all_are_found_are_refused(client: FlaskClient, kept: Session) -> None:
    ticket("Hakuna maji Kapsabet")
    much_later()
    many("Hakuna maji", queue_search.RARE + 1)
    come(client)
    page = client.get("/console/exports", query_string=ASKED).text
    assert "So many cases have these words" in page
    assert "Export and record it" not in page
    assert export(client) == []
    assert "So many cases have these words" in client.get("/console/account").text
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []
