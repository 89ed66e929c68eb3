"""Uploaded lists of phones: any spelling of a number, each once; every row that holds none is named.

A list may be sent to once its bad rows are settled: somebody says that they are left out, or uploads a better file.
What can't be read as a list at all is refused in one sentence, and nothing of it is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway import phones
from gateway.errors import BadSheet, Refused
from gateway.imports import sheets
from gateway.imports.import_cells import fold
from gateway.imports.sheets import Row
from gateway.staff import audit, rights
from gateway.staff.rights import Right
from models import Staff, Upload, UploadedPhone

_HEADERS = (
    "phone phonenumber phoneno mobile mobilenumber mobileno mobilephone msisdn number telephone telephonenumber tel"
    " telno cell cellphone contact simu nambari nambariyasimu namba nambayasimu"
)
HEADERS = frozenset(_HEADERS.split())
LONGEST_VALUE, LONGEST_NAME = 24, 120
BATCH = 5000


class Wrong(StrEnum):
    """Why a cell holds no number to send to."""

    EMPTY = "empty"
    ROUNDED = "rounded"  # by the spreadsheet: its last digits are gone
    NO_NUMBER = "no_number"
    NOT_MOBILE = "not_mobile"


@dataclass(frozen=True)
class Fault:
    """A row that holds no number to send to: its line, what stands there, cut short, and what is wrong.

    That is kept by its key and the values of its sentence, so that everybody reads it in their own language.
    """

    line: int
    value: str
    wrong: Wrong | sheets.Wrong
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Found:
    """What a file holds: the rows read, the phones in their order, and the bad rows."""

    rows: int = 0
    phones: dict[str, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: Row, cell: str) -> None:
        """Takes one more row."""
        self.rows += 1
        number = _number(cell)
        if row.fault is not None:
            self.faults.append(Fault(row.number, cell[:LONGEST_VALUE], row.fault.wrong, row.fault.values))
        elif isinstance(number, Wrong):
            self.faults.append(Fault(row.number, cell[:LONGEST_VALUE], number))
        else:
            self.phones[number] = None


def take(db: Session, staff: Staff, name: str, content: bytes, now: datetime) -> Upload:
    """Keeps the phones of a CSV or XLSX file; gives the upload, which is settled where no row is bad.

    Raises `Refused`, with nothing kept, for a file that can't be read or is too large, one without a column of phones,
    and one without a single number to send to.
    """
    _may_write(staff)
    found = Found()
    try:
        for row, cell in _cells(content):
            found.add(row, cell)
    except BadSheet as error:
        raise Refused("This list can't be taken: %(why)s.", why=error) from error
    if not found.phones:
        raise Refused("This list can't be taken: no row holds a Kenyan mobile number.")
    return _keep(db, staff, name, found, now)


def _cells(content: bytes) -> Iterator[tuple[Row, str]]:
    """Gives each row with its cell in the column of phones."""
    rows = sheets.rows(content)
    header = next(rows)
    first = next(rows, None)
    every: Iterator[Row] = chain([first] if first else [], rows)
    place = _place(header, first)
    if place is None:  # a bare list, without a header
        place, every = 0, chain([header], every)
    for row in every:
        yield row, row.cells[place] if place < len(row.cells) else ""


def _place(header: Row, first: Row | None) -> int | None:
    """Gives the place of the column of phones, None where the first row is no header."""
    named = [place for place, title in enumerate(header.cells) if fold(title) in HEADERS]
    if len(named) == 1:
        return named[0]
    if named:
        one, other = (header.cells[place][:LONGEST_VALUE] for place in named[:2])
        raise BadSheet("%(one)s and %(other)s may both hold the phones: leave one of them out", one=one, other=other)
    width = max(len(header.cells), len(first.cells) if first else 0)
    if width > 1:
        raise BadSheet("no column is called phone, mobile, number or simu")
    return 0 if isinstance(_number(header.cells[0]), Wrong) else None


def _number(cell: str) -> str | Wrong:
    """Gives the number of a cell in E.164, or what is wrong with it."""
    if not cell:
        return Wrong.EMPTY
    number = phones.e164(cell)
    if number is None:
        return Wrong.ROUNDED if "e+" in cell.lower() else Wrong.NO_NUMBER
    return number if phones.is_kenyan_mobile(number) else Wrong.NOT_MOBILE


def _keep(db: Session, staff: Staff, name: str, found: Found, now: datetime) -> Upload:
    upload = Upload(
        name="".join(each for each in name if each.isprintable())[-LONGEST_NAME:] or "list",
        uploaded_by=staff.name,
        uploaded_at=now,
        rows=found.rows,
        faults=[asdict(fault) for fault in found.faults],
        settled_at=None if found.faults else now,
    )
    db.add(upload)
    db.flush()
    rest = iter(found.phones)
    while batch := list(islice(rest, BATCH)):
        db.execute(insert(UploadedPhone).values([{"upload_id": upload.id, "phone": number} for number in batch]))
    counts = {"phones": len(found.phones), "bad_rows": len(found.faults)}
    audit.record(db, staff.name, "list_uploaded", f"upload:{upload.id}", now, **counts)
    return upload


def find(db: Session, staff: Staff, upload_id: int) -> Upload:
    """Gives a list to the one who uploaded it; raises `Refused` where there is none such."""
    upload = db.get(Upload, upload_id)
    if upload is None or upload.uploaded_by != staff.name:
        raise Refused("There is no such list among yours.")
    return upload


def settle(db: Session, staff: Staff, upload_id: int, now: datetime) -> Upload:
    """Leaves the bad rows of a list out, as somebody decided; a second time changes nothing."""
    _may_write(staff)
    upload = db.get(Upload, upload_id, with_for_update=True)
    if upload is None or upload.uploaded_by != staff.name:
        raise Refused("There is no such list among yours.")
    if upload.settled_at is None:
        upload.settled_at = now
        left_out = len(upload.faults)
        audit.record(db, staff.name, "list_settled", f"upload:{upload.id}", now, left_out=left_out)
    return upload


def size(db: Session, upload_id: int) -> int:
    """Gives how many phones a list has."""
    return db.scalar(select(func.count()).where(UploadedPhone.upload_id == upload_id)) or 0


def _may_write(staff: Staff) -> None:
    if not rights.may(staff, Right.WRITE_CAMPAIGNS):
        raise Refused("You may not write campaigns.")
