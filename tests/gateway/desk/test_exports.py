"""Exports: for who may and says why, no number in them, marked with who and why, few in an hour, and recorded."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.desk import exports
from gateway.desk.exports import Exported, Kind, Wish
from gateway.errors import Refused
from gateway.staff import audit
from models import AuditEntry, Category, Role, Staff, Ticket
from tests.gateway.desks import case, hire
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
WHY = "For the county assembly"


@pytest.fixture
def chebet(db: Session) -> Staff:
    return hire(db, "chebet", Role.SUPERVISOR)


def exported(db: Session, staff: Staff, wish: Wish | None = None) -> tuple[Exported, io.BytesIO]:
    file = io.BytesIO()
    made = exports.write(db, staff, wish or Wish(Kind.CSV, WHY), file, NOW)
    file.seek(0)
    return made, file


def rows(file: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


def test_a_file_holds_the_cases_newest_first_without_anybodys_number(db: Session, chebet: Staff) -> None:
    case(db, words="=HYPERLINK(1)")
    case(db, "roads", words="The bridge is gone", hides_phone=True)
    made, file = exported(db, chebet)
    text = file.getvalue().decode()
    assert "700000001" not in text
    header, newest, oldest, *_ = rows(file)
    assert made.rows == 2
    assert newest[header.index("category")] == "Roads & bridges"
    assert [line[header.index("phone")] for line in (newest, oldest)] == ["hidden", "'+2547…001"]
    assert oldest[header.index("citizen's words")] == "'=HYPERLINK(1)"
    assert oldest[header.index("opened")] == "2026-11-23 12:00"  # in Nairobi


def test_a_file_says_who_made_it_when_why_and_of_how_many(db: Session, chebet: Staff) -> None:
    case(db)
    made, file = exported(db, chebet, Wish(Kind.CSV, WHY, filters={"ward": "756"}))
    notes = dict(row for row in rows(file) if len(row) == 2)
    assert (notes["Exported by"], notes["Reason"], notes["Cases"]) == ("chebet", WHY, "1")
    assert notes["Exported at"].startswith("2026-11-23 12:00")
    assert notes["Filters"] == "ward: 756"
    assert "Sample data" in notes
    assert made.name == "cases-20261123-1200-chebet-sample-data.csv"


def test_only_sample_clocks_make_sample_data(db: Session, chebet: Staff) -> None:
    db.execute(update(Category).values(clocks_are_sample=False))
    case(db)
    made, file = exported(db, chebet)
    assert "sample" not in made.name
    assert "Sample data" not in file.getvalue().decode()


def test_a_workbook_holds_the_same_and_its_mark_on_a_sheet_of_its_own(db: Session, chebet: Staff) -> None:
    case(db, words="+254 is our code")
    made, file = exported(db, chebet, Wish(Kind.XLSX, WHY))
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Cases", "About this file"]
    assert "'+254 is our code" in [cell.value for cell in book["Cases"][2]]
    assert [cell.value for cell in book["About this file"]["B"]][:1] == ["chebet"]
    assert made.name.endswith(".xlsx")


def test_an_export_is_recorded_with_its_reason_and_not_with_what_was_searched_for(db: Session, chebet: Staff) -> None:
    case(db)
    exported(db, chebet, Wish(Kind.CSV, WHY, filters={"ward": "756", "q": "0712 345 678"}))
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action) == ("chebet", "exported")
    assert entry.details["rows"] == 1
    assert entry.details == {
        "kind": "csv",
        "rows": 1,
        "reason": WHY,
        "filters": {"ward": "756", "q": "(some words)"},
    }


def test_conditions_narrow_and_the_scope_always_holds(db: Session) -> None:
    case(db)
    case(db, "roads")
    case(db, "corruption")
    auditor = hire(db, "auditor", Role.AUDITOR)
    assert exported(db, auditor)[0].rows == 3
    assert exported(db, auditor, Wish(Kind.CSV, WHY, [Ticket.category_code == "roads"]))[0].rows == 1


@pytest.mark.parametrize("role", [Role.AGENT, Role.OFFICER, Role.OFFICIAL, Role.APPROVER])
def test_who_may_not_export_gets_no_file(db: Session, role: Role) -> None:
    staff = hire(db, "asha", role=role, department_code="lands")
    file = io.BytesIO()
    with pytest.raises(Refused, match="You may not export"):
        exports.write(db, staff, Wish(Kind.CSV, WHY), file, NOW)
    assert file.getvalue() == b""


def test_without_a_reason_there_is_no_file(db: Session, chebet: Staff) -> None:
    with pytest.raises(Refused, match="Say why"):
        exported(db, chebet, Wish(Kind.CSV, "no"))
    assert audit.count(db) == 0


def test_the_sixth_within_the_hour_waits(db: Session, chebet: Staff) -> None:
    for _ in range(5):
        exported(db, chebet)
    with pytest.raises(Refused, match="5 times within the hour"):
        exported(db, chebet)
    exports.write(db, chebet, Wish(Kind.CSV, WHY), io.BytesIO(), NOW + timedelta(minutes=61))


def test_more_than_the_most_is_refused_before_anything_is_written(
    db: Session, chebet: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    case(db)
    exported(db, chebet)
    case(db)
    with pytest.raises(Refused, match="more than 1 cases"):
        exported(db, chebet)
