"""Hostile strings through every door and onto every page: each is text and stays text, and nothing ever fails."""

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Engine

from gateway.desk.sheets_out import guarded
from gateway.settings import Settings
from handlers import create_app
from tests import grounds
from tests.handlers.staff import post
from tests.hostile import pages, strings
from tests.hostile.pages import LEAD, PAGER, PLAIN, Seen, clean


@pytest.fixture
def client(county: Engine, clean_database: Engine, settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    with grounds.connected(settings):
        yield app.test_client()


def test_there_are_enough_of_them() -> None:
    assert len(strings.ALL) >= 320
    assert len(strings.SHARP) >= 25
    assert set(strings.SHARP) <= set(strings.ALL)


SINGLE, OTHERS = strings.SHARP, [words for words in strings.ALL if words not in strings.SHARP]
TYPED = (*strings.SHARP[::4], *strings.LINES[21:28], *strings.QUERIES[::10], *strings.LONG[::9])


@pytest.mark.timeout(300)
def test_what_anybody_writes_is_text_on_every_page_and_in_every_file(client: FlaskClient, settings: Settings) -> None:
    plain, hostile = Seen(), Seen()
    for seen, texts, notes, typed in (
        (plain, PLAIN, PLAIN, (*PLAIN, "\0")),
        (hostile, (*SINGLE, *pages.bunches(OTHERS, of=16)), strings.ALL, TYPED),
    ):
        reference = pages.fill(client, settings, texts, notes)
        for page in (*pages.pages(client, reference), *pages.forms(client, reference, typed)):
            seen.look(*page)
    assert hostile.failed == []
    first, told = pages.kept()
    assert {clean(LEAD + words).strip() for words in SINGLE} <= first, "an SMS or a report by USSD was changed"
    assert {clean(words).strip().replace("\r\n", "\n") for words in strings.ALL} - {""} <= told, "a note was changed"
    assert [words for words in first | told if not pages.shown(hostile, words)] == []
    assert hostile.shapes - plain.shapes <= PAGER, "an element or an attribute that no template made"
    check_files(client, first)


def check_files(client: FlaskClient, first: set[str]) -> None:
    """Exports everything and wants each text in its cell, and no cell a formula."""
    whole = {guarded(words) for words in first}
    table = csv.reader(io.StringIO(export(client, "csv").decode("utf-8-sig"), newline=""))
    assert whole <= {cell for row in table for cell in row}
    file = export(client, "xlsx")
    cells = [cell for sheet in load_workbook(io.BytesIO(file)) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert "<script>alert(1548)</script>" in "".join(str(cell.value) for cell in cells)
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def export(client: FlaskClient, kind: str) -> bytes:
    path = "/console/exports?folder=everything"
    answer = post(client, path, reason="=1+1 for the <b>monthly</b> report", kind=kind)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.data
    answer.close()
    return data
