"""Cells that would be formulas are words in the files that leave the console, whatever is passed over first."""

import csv
import io
from itertools import product

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.exports import Kind
from gateway.desk.sheets_out import guarded

SIGNS = ("=", "+", "-", "@", "|", "＝", "＋", "－", "＠", "\t", "\r", "\n")
BEFORE = ("", " ", "\ufeff", "\u00a0", "\u200b", '"', "'", '"\ufeff ', "  \u3000")
PAYLOADS = ("1+1", 'HYPERLINK("http://evil.example","Click")', "cmd|' /C calc'!A0")
CORPUS = [f"{before}{sign}{payload}" for before, sign, payload in product(BEFORE, SIGNS, PAYLOADS)]
HARMLESS = ["No water", "Maji hakuna", "3 days = long", "a@b", "", "#N/A", "#REF!", "TRUE", "0712"]
STARTS = frozenset("=+-@|＝＋－＠\t\r\n\0")


def written(kind: Kind, rows: list[list[str]]) -> io.BytesIO:
    file = io.BytesIO()
    sheet = kind.sheet(file, "Cases")
    for row in rows:
        sheet.row(row)
    sheet.finish([("Reason", "=1+1")])
    file.seek(0)
    return file


def test_the_corpus_is_large() -> None:
    assert len(set(CORPUS)) >= 120


def test_no_cell_of_a_workbook_is_a_formula_when_it_is_opened_again() -> None:
    book = openpyxl.load_workbook(written(Kind.XLSX, [[cell] for cell in CORPUS + HARMLESS]))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) >= len(CORPUS) + 8
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if str(cell.value)[0] in STARTS] == []


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    text = written(Kind.CSV, [[cell] for cell in CORPUS]).read().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert cells[: len(CORPUS)] == [f"'{cell}" for cell in CORPUS]
    assert cells[-1] == "'=1+1"


def test_a_workbook_made_from_a_csv_of_ours_holds_no_formula_either() -> None:
    text = written(Kind.CSV, [[cell] for cell in CORPUS]).read().decode("utf-8-sig")
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text, newline="")):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    opened = openpyxl.load_workbook(file)
    assert [cell.value for row in opened.active.iter_rows() for cell in row if cell.data_type == "f"] == []


@pytest.mark.parametrize("words", HARMLESS)
def test_harmless_words_stay_as_they_are(words: str) -> None:
    assert guarded(words) == words


def test_what_a_workbook_cannot_hold_is_left_out_and_the_rest_kept() -> None:
    odd = ["bell\x07", "null\0", "half \ud83d", "end\uffff", "fine 😀", "x" * 40_000]
    book = openpyxl.load_workbook(written(Kind.XLSX, [odd]))
    values = [cell.value for cell in next(book.worksheets[0].iter_rows())]
    assert values[:5] == ["bell\ufffd", "null\ufffd", "half \ufffd", "end\ufffd", "fine 😀"]
    assert len(values[5]) == 32_000


@given(st.text(max_size=40))
def test_whatever_is_written_no_sign_comes_first(words: str) -> None:
    cell = guarded(words)
    assert cell in (words, f"'{words}")
    assert not cell or cell[0] not in STARTS
