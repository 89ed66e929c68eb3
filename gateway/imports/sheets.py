"""Rows out of a spreadsheet file, CSV or XLSX, the same way for both: a header, then numbered rows of tidy text.

Whether a text is a date, a sum or a ward is for import_cells.py to say. A file is foreign: its size is bounded before
it is opened, and a row that can't be trusted (a formula, a control character) carries its fault.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from gateway.errors import BadImport, BadSheet

MOST_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 100_000_000  # an XLSX is a zip file: a small one may hide a large one
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_REASON = 200  # characters of what a library says
LONGEST_ROW = 2_000_000  # bytes of a workbook's row, unpacked
_ROW_ENDS = re.compile(rb"</(?:\w+:)?row>")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Wrong(StrEnum):
    """Why a row can't be trusted."""

    FORMULA = "formula"
    ERROR = "error"
    INVISIBLE = "invisible"


# The console marks the same sentences for its catalogue (handlers/console/campaign_words.py).
_TOLD = {
    Wrong.FORMULA: "cell %(cell)s holds a formula: paste it as a value",
    Wrong.ERROR: "cell %(cell)s holds the error %(error)s",
    Wrong.INVISIBLE: "holds an invisible character (%(character)s)",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and the values that its sentence is filled with."""

    wrong: Wrong
    values: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Gives what is wrong, with its values as `%(name)s`."""
        return _TOLD[self.wrong]

    def __str__(self) -> str:
        return self.sentence % self.values


@dataclass(frozen=True)
class Row:
    """One row: its number as an editor or spreadsheet shows it, its cells, and its fault if it has one."""

    number: int
    cells: tuple[str, ...]
    fault: Fault | None = None


@dataclass(frozen=True)
class Sheet:
    """A header and the rows below it; empty rows are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> Sheet:
    """Reads a CSV file (UTF-8, UTF-16 or Windows-1252; `,` `;` or tab) or the first sheet of an XLSX workbook.

    White space within a cell becomes single spaces. Dates come as ISO text, numbers as plain digits.
    Raises `BadImport` when the file can't be read, is empty, or is larger than the limits above.
    """
    filled = rows(_content(path))
    header = next(filled)
    return Sheet(header.cells, tuple(filled))


def rows(content: bytes) -> Iterator[Row]:
    """Gives the rows of a file's content one after the other, the header first; otherwise as `read`.

    Raises `BadImport` as it goes: what came before it is of a file that can't be taken.
    """
    _refuse_a_strange_one(content)
    every = _workbook_rows(content) if content.startswith(_ZIP) else _csv_rows(_decoded(content))
    filled = (row for row in every if any(row.cells))
    header = next(filled, None)
    if header is None:
        raise BadSheet("the file is empty")
    if header.fault is not None:
        raise BadSheet("row %(row)s: %(why)s", row=str(header.number), why=header.fault)
    yield header
    for below, row in enumerate(filled):
        if below == MOST_ROWS:
            raise BadSheet("the file has more than %(most)s rows", most=f"{MOST_ROWS:,}")
        yield row


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadImport(f"{path} can't be read: {error.strerror}") from error


def _refuse_a_strange_one(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise BadSheet("the file has more than %(most)s MB", most=MOST_BYTES // 1_000_000)
    if content.startswith(_OLE):
        raise BadSheet("the workbook is of the old kind (.xls) or has a password: save it as .xlsx or CSV")


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("the file is not text in UTF-8, UTF-16 or Windows-1252")


def _csv_rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for texts in reader:
            yield _row(begins, texts)
            begins = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        raise BadSheet("row %(row)s: %(why)s", row=str(begins), why=error) from error


def _delimiter(text: str) -> str:
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _workbook_rows(content: bytes) -> Iterator[Row]:
    try:
        _refuse_a_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # the stated size is often wrong
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            yield _workbook_row(number, cells)
    except BadImport:
        raise
    except Exception as error:  # a broken workbook makes openpyxl raise anything
        raise BadSheet("the workbook can't be read: %(why)s", why=str(error)[:LONGEST_REASON]) from error


def _refuse_a_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise BadSheet("the workbook unpacks to more than %(most)s MB", most=MOST_UNPACKED_BYTES // 1_000_000)
        for part in packed.namelist():
            if part.startswith("xl/worksheets/") and _longest_row(packed, part) > LONGEST_ROW:
                raise BadSheet("the workbook has a row of far too many columns")


def _longest_row(packed: zipfile.ZipFile, part: str) -> int:
    """Gives about how many bytes the longest stretch without the end of a row has: a row is held in memory whole."""
    longest = current = 0
    with packed.open(part) as unpacked:
        while piece := unpacked.read(64 * 1024):
            current = 0 if _ROW_ENDS.search(piece) else current + len(piece)
            longest = max(longest, current)
    return longest


def _workbook_row(number: int, cells: Iterable[Any]) -> Row:
    cells = list(cells)
    for cell in cells:
        if cell.data_type == "f":
            return _row(number, ["="], Fault(Wrong.FORMULA, {"cell": cell.coordinate}))
        if cell.data_type == "e":
            return _row(number, ["#"], Fault(Wrong.ERROR, {"cell": cell.coordinate, "error": str(cell.value)}))
    return _row(number, [_workbook_text(cell) for cell in cells])


def _workbook_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _plain_number(value, cell.number_format)
    return str(value)


def _plain_number(value: float, shown_as: str) -> str:
    exact = Decimal(repr(value))  # 0.07 * 100 as floats would be 7.000000000000001
    if "%" in shown_as:
        return f"{(exact * 100).normalize():f}%"
    return f"{exact.normalize():f}"


def _row(number: int, texts: Iterable[str], fault: Fault | None = None) -> Row:
    cells = tuple(" ".join(text.split()) for text in islice(texts, MOST_COLUMNS))
    hidden = next((character for cell in cells for character in cell if not character.isprintable()), None)
    if hidden is not None:
        fault = Fault(Wrong.INVISIBLE, {"character": f"U+{ord(hidden):04X}"})
    return Row(number, cells, fault)
