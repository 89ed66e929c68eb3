"""Rows into a spreadsheet file, CSV or XLSX, such that no cell is ever a formula, whoever wrote its words.

Rows are written as they come and never held together: a large file costs no more memory than a small one.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font

_SIGNS = frozenset("=+-@|＝＋－＠\t\r\n\0")
_PASSED_OVER = frozenset("\ufeff'\"`´‘’“”")  # what a spreadsheet may drop before it looks; blanks are told by category
_LONGEST = 32_000  # characters of an XLSX cell
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Sheet(Protocol):
    """A file that rows are written to."""

    def row(self, cells: Iterable[str]) -> None:
        """Writes one row."""

    def finish(self, notes: Sequence[tuple[str, str]]) -> None:
        """Writes what is to be known of the file, and closes it. The file below stays open."""


def guarded(text: str) -> str:
    """Gives a cell that no spreadsheet takes for a formula: with `'` before what could be read as one."""
    begins = next((character for character in text if character in _SIGNS or not _is_passed_over(character)), "")
    return f"'{text}" if begins in _SIGNS and text else text


def _is_passed_over(character: str) -> bool:
    return character in _PASSED_OVER or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf")


class Csv:
    """A CSV file in UTF-8 with every cell quoted; what is to be known of it stands below the rows."""

    media = "text/csv"  # its charset is added where it is handed out

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL)

    def row(self, cells: Iterable[str]) -> None:
        """Writes one row."""
        self._writer.writerow([guarded(cell.replace("\0", "")) for cell in cells])

    def finish(self, notes: Sequence[tuple[str, str]]) -> None:
        """Writes the notes below an empty row."""
        self.row([""])
        for note in notes:
            self.row(note)
        self._text.detach()


class Xlsx:
    """A workbook whose cells are all text; what is to be known of it stands on a sheet of its own."""

    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._rows = self._book.create_sheet(name)
        self._rows.freeze_panes = "A2"

    def row(self, cells: Iterable[str]) -> None:
        """Writes one row."""
        self._rows.append([self._value(text) for text in cells])

    def finish(self, notes: Sequence[tuple[str, str]]) -> None:
        """Writes the notes on a second sheet, and the workbook to its file."""
        about = self._book.create_sheet("About this file")
        about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 80
        for name, words in notes:
            about.append([self._bold(name), self._value(words)])
        self._book.save(self._file)

    def _value(self, text: str) -> Cell | str | None:
        """Gives what openpyxl writes as text: a bare string where it can be, at half the time of a cell."""
        written = _written(text)
        return self._cell(written) if written in ERROR_CODES else written or None

    def _bold(self, text: str) -> Cell:
        cell = self._cell(_written(text))
        cell.font = Font(bold=True)
        return cell

    def _cell(self, written: str) -> Cell:
        cell = WriteOnlyCell(self._rows, value=written)
        cell.data_type = "s"  # whatever openpyxl takes it for
        return cell


def _written(text: str) -> str:
    return guarded(_printable(text)[:_LONGEST])


def _printable(text: str) -> str:
    """Gives a text without the characters that no XML holds."""
    return _NOT_XML.sub("\ufffd", text)
