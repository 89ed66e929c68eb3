"""Uploaded lists: any spelling of a number, every bad row named, and what is no list refused in one sentence."""

import io
import resource
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.campaigns import uploads
from gateway.campaigns.uploads import Wrong
from gateway.errors import Refused
from models import Role, Staff, Upload, UploadedPhone
from tests.gateway.desks import hire
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def author(db: Session) -> Staff:
    return hire(db, "chebet", Role.OFFICIAL)


def book(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def packed(sheet: str | bytes, **more: str) -> bytes:
    """A workbook around a sheet's own XML."""
    with zipfile.ZipFile(io.BytesIO(book(("phone",)))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode() if isinstance(sheet, str) else sheet
    parts |= {name: text.encode() for name, text in more.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def phones(db: Session, upload: Upload) -> list[str]:
    wanted = select(UploadedPhone.phone).where(UploadedPhone.upload_id == upload.id)
    return list(db.scalars(wanted.order_by(UploadedPhone.phone)))


@pytest.mark.parametrize(
    "content",
    [
        b"name,phone\nA,0722000111\nB,+254 722 000 112\n",
        b"\xef\xbb\xbfname;Phone Number\nA;0722000111\nB;254722000112\n",
        "jina\tNambari ya simu\nA\t722000111\nB\t722-000-112\n".encode("utf-16"),
        "n\u00e9e,Mobile No.\nA,0722000111\nB,0722000112\n".encode("latin-1"),
        b"0722000111\n0722000112\n",  # a bare list
        b"whatever\n0722000111\n0722000112\n",  # the only column, whatever it is called
        book(("Name", "PHONE"), ("A", 722000111), ("B", "0722 000 112")),
        book(("MSISDN",), (254722000111,), (254722000112.0,)),
        b"phone\r\n0722000111\r\n\r\n0722000112\r\n0722000112",
    ],
)
def test_a_list_is_read_however_it_was_saved(db: Session, author: Staff, content: bytes) -> None:
    upload = uploads.take(db, author, "list", content, NOW)
    assert phones(db, upload) == ["+254722000111", "+254722000112"]
    assert (upload.faults, upload.settled_at) == ([], NOW)
    assert uploads.size(db, upload.id) == 2


def test_every_bad_row_is_named_with_its_line_and_waits_for_a_person(db: Session, author: Staff) -> None:
    rows = ("0722000111", "", "nobody", "+44 20 7946 0018", "0202345678", "2.54722E+11", "07220001112223334445556667")
    content = "name,phone\n" + "\n".join(f"A,{row}" for row in rows)
    upload = uploads.take(db, author, "list.csv", content.encode(), NOW)
    assert [(fault["line"], fault["wrong"]) for fault in upload.faults] == [
        (3, Wrong.EMPTY),
        (4, Wrong.NO_NUMBER),
        (5, Wrong.NOT_MOBILE),
        (6, Wrong.NOT_MOBILE),
        (7, Wrong.ROUNDED),
        (8, Wrong.NO_NUMBER),
    ]
    assert (upload.rows, upload.settled_at) == (7, None)
    uploads.settle(db, author, upload.id, NOW)
    assert upload.settled_at == NOW
    assert phones(db, upload) == ["+254722000111"]


def test_a_formula_is_a_bad_row(db: Session, author: Staff) -> None:
    upload = uploads.take(db, author, "l.xlsx", book(("phone",), ("0722000111",), ("=1+1",)), NOW)
    assert upload.faults[0] == {"line": 3, "value": "=", "wrong": "formula", "values": {"cell": "A3"}}
    upload = uploads.take(db, author, "l.csv", b'phone\n0722000111\n"=HYPERLINK(""x"")"\n', NOW)
    assert upload.faults[0]["wrong"] == Wrong.NO_NUMBER


def test_only_who_uploaded_a_list_settles_it(db: Session, author: Staff) -> None:
    upload = uploads.take(db, author, "list.csv", b"phone\n0722000111\nx\n", NOW)
    with pytest.raises(Refused, match="no such list among yours"):
        uploads.settle(db, hire(db, "other", Role.OFFICIAL), upload.id, NOW)
    with pytest.raises(Refused, match="may not write"):
        uploads.take(db, hire(db, "agent"), "list.csv", b"phone\n0722000111\n", NOW)


def _bomb() -> bytes:
    return packed("<x>" + " " * 101_000_000 + "</x>")


def _sheet(cells: str, head: str = "") -> bytes:
    return packed(f"{head}<worksheet xmlns='{SPREADSHEET}'><sheetData><row>{cells}</row></sheetData></worksheet>")


def _entities() -> bytes:
    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    head = f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>{grown}]>"
    return _sheet("<c t='str'><v>&a9;</v></c>", head)


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GOOD_BOOK = book(("phone",), ("0722000111",))
MALFORMED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "blanks": lambda: b"   \n \r\n\t\n",
    "commas": lambda: b",,,\n,,,\n",
    "a header only": lambda: b"phone\n",
    "a byte order mark only": lambda: b"\xef\xbb\xbf",
    "a byte order mark of UTF-16 only": lambda: b"\xff\xfe",
    "UTF-16 cut short": lambda: "phone\n0722000111\n".encode("utf-16")[:-1],
    "UTF-16 without its mark": lambda: "phone,name\n0722000111,a\n".encode("utf-16-le"),
    "UTF-32": lambda: "phone,name\n0722000111,a\n".encode("utf-32"),
    "EBCDIC": lambda: "phone,name\n0722000111,a\n".encode("cp500"),
    "zeros": lambda: bytes(10_000),
    "random bytes": lambda: bytes(range(256)) * 40,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
    "a PDF": lambda: b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" * 9,
    "a web page": lambda: b"<html><body><table><tr><td>0722</td></tr></table></body></html>",
    "JSON": lambda: b'[{"phone": "0722000111", "name": "A"}]',
    "XML": lambda: b"<?xml version='1.0'?><phones><phone>0722000111</phone></phones>",
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "no column of phones": lambda: b"name,ward\nA,Kabiyet\n",
    "two columns of phones": lambda: b"phone,mobile\n0722000111,0722000112\n",
    "the column twice": lambda: b"phone,phone\n0722000111,0722000112\n",
    "numbers without a header, in two columns": lambda: b"0722000111,0722000112\n",
    "nobody's number": lambda: b"phone\nnobody\nno one\n",
    "landlines": lambda: b"phone\n0202345678\n",
    "foreigners": lambda: b"phone\n+447911123456\n",
    "short codes": lambda: b"phone\n1548\n40404\n",
    "numbers rounded": lambda: b"phone\n2.54722E+11\n",
    "formulas in CSV": lambda: b"phone\n=1+1\n@SUM(A1)\n-1\n+1\n",
    "a quote left open": lambda: b'phone,name\n"0722000111,A\n',
    "a quote in the middle": lambda: b'phone,name\n"07"22000111,A\n',
    "a million columns": lambda: b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000,
    "a cell of four megabytes": lambda: b"phone\n" + b"0" * 4_000_000,
    "more than five megabytes": lambda: b"phone\n" + b"0722000111\n" * 500_000,
    "more than 100,000 rows": lambda: b"phone\n" + b"0722000111\n" * 100_001,
    "a carriage return for a line": lambda: b"phone,x\r" * 3,
    "a workbook cut short": lambda: GOOD_BOOK[:-200],
    "the head of a workbook": lambda: GOOD_BOOK[:60],
    "a workbook of another kind": lambda: packed("<document/>"),
    "a workbook without rows": lambda: packed("<worksheet><sheetData/></worksheet>"),
    "a broken sheet": lambda: packed("<worksheet><sheetData><row>"),
    "a zip of nothing": lambda: b"PK\x05\x06" + bytes(18),
    "a zip that is no workbook": lambda: _zip({"list.txt": b"0722000111"}),
    "an archive in an archive": lambda: _zip({"xl/workbook.xml": GOOD_BOOK}),
    "a bomb": _bomb,
    "a row of a million cells": lambda: _sheet("<c><v>1</v></c>" * 1_000_000),
    "entities": _entities,
    "a workbook of formulas": lambda: book(("phone",), ("=A1",)),
    "a formula for a header": lambda: book(("=A2",), ("0722000111",)),
    "an empty workbook": lambda: book(),
    "a workbook with dates": lambda: book(("phone",), (NOW.replace(tzinfo=None),)),
    "true and false": lambda: book(("phone",), (True,), (False,)),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def test_there_are_fifty_of_them() -> None:
    assert len(MALFORMED) >= 50


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_list_is_refused_in_one_sentence_and_nothing_is_kept(db: Session, author: Staff, name: str) -> None:
    content = MALFORMED[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as refused:
        uploads.take(db, author, name, content, NOW)
    said = str(refused.value)
    assert said.startswith("This list can't be taken: ")
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 400
    assert "Traceback" not in said
    assert [db.scalar(select(func.count()).select_from(table)) for table in (Upload, UploadedPhone)] == [0, 0]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024  # kilobytes
