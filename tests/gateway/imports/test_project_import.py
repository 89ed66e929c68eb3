"""Projects come from the county's own spreadsheets, in whatever dialect; wrong rows are named; twice is as once."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.errors import BadImport
from gateway.imports.imports import ImportReport
from gateway.imports.pack import read
from gateway.imports.pack_loading import Changes, load
from gateway.imports.project_import import import_projects
from models import Project, ProjectStatus
from tests import grounds
from tests.grounds import NANDI, NOW

HEADER = (
    "code,name,ward,department,status,percent_done,contract_sum,paid,contractor,start_date,end_date,"
    "source_document,source_page,as_of"
)
ROAD = 'R1,Kabiyet road,777,works,ongoing,45%,"1,200,000",KES 600000.50,Ltd,2026-01-05,31/12/2026,CBROP,12,2026-10-31'
WELL = "W2,Kosirai well,766|Terik,lands,planned,0,,,,,,CBROP,13,2026-10-31"

Import = Callable[..., ImportReport]


@pytest.fixture
def county(db: Session) -> Session:
    """A database that holds Nandi's pack and nothing else."""
    return grounds.only_nandi(db)


@pytest.fixture
def take(county: Session, tmp_path: Path) -> Import:
    """Imports lines of text as a file."""

    def imported(*lines: str, encoding: str = "utf-8", partial: bool = False, replace: bool = False) -> ImportReport:
        path = tmp_path / "projects.csv"
        path.write_text("\n".join(lines), encoding)
        return import_projects(county, path, partial=partial, replace=replace, now=NOW)

    return imported


def real_projects(db: Session) -> list[str]:
    standing = select(Project.code).where(Project.is_sample.is_(False), Project.retired_at.is_(None))
    return sorted(db.scalars(standing))


def test_a_project_arrives_as_the_file_tells_it(county: Session, take: Import) -> None:
    assert take(HEADER, ROAD).written.added == ("R1",)
    road = county.get_one(Project, "R1")
    assert (road.name, road.department_code, road.status) == ("Kabiyet road", "works", ProjectStatus.ONGOING)
    assert (road.percent_done, road.contract_sum, road.paid) == (45, Decimal(1_200_000), Decimal("600000.50"))
    assert (road.starts_on, road.ends_on, road.as_of) == (date(2026, 1, 5), date(2026, 12, 31), date(2026, 10, 31))
    assert (road.source_document, road.source_page, road.contractor) == ("CBROP", "12", "Ltd")
    assert [ward.code for ward in road.wards] == ["777"]
    assert not road.is_sample


def test_a_second_import_of_the_same_file_changes_nothing(take: Import) -> None:
    take(HEADER, ROAD, WELL)
    again = take(HEADER, ROAD, WELL)
    assert (again.rows, again.written.added, again.written.changed, again.written.retired) == (2, (), (), ())


def test_a_project_may_stand_in_several_wards_and_move(county: Session, take: Import) -> None:
    take(HEADER, WELL)
    assert [ward.code for ward in county.get_one(Project, "W2").wards] == ["756", "766"]
    assert take(HEADER, WELL.replace("766|Terik", "Terik")).written.changed == ("W2",)
    assert [ward.code for ward in county.get_one(Project, "W2").wards] == ["756"]


@pytest.mark.parametrize("wide", ["county", "County-wide", "COUNTY WIDE"])
def test_a_project_may_be_for_the_whole_county(county: Session, take: Import, wide: str) -> None:
    take(HEADER, WELL.replace("766|Terik", wide))
    assert county.get_one(Project, "W2").is_county_wide
    assert county.get_one(Project, "W2").wards == []


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Lessos", "763"),
        ("OLLESSOS WARD", "763"),
        ("Ol’lessos", "763"),
        ("chemundu / kapng'etunyi", "765"),
        ("Kilbwoni", "773"),
        ("Sang'alo", "780"),
        ("Nandi Hills", "761"),
    ],
)
def test_a_ward_goes_by_every_known_spelling(county: Session, take: Import, spelling: str, code: str) -> None:
    take(HEADER, WELL.replace("766|Terik", spelling))
    assert [ward.code for ward in county.get_one(Project, "W2").wards] == [code]


def test_a_department_goes_by_its_name_too(county: Session, take: Import) -> None:
    take(HEADER, WELL.replace("lands", "health & SANITATION"))
    assert county.get_one(Project, "W2").department_code == "health"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_may_come_in_any_office_encoding(county: Session, take: Import, encoding: str) -> None:
    take(HEADER, WELL.replace("Kosirai well", "Café – Kosirai’s"), encoding=encoding)
    assert county.get_one(Project, "W2").name == "Café – Kosirai’s"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_file_may_be_separated_by_semicolons_or_tabs(take: Import, delimiter: str) -> None:
    assert take(HEADER.replace(",", delimiter), WELL.replace(",", delimiter)).written.added == ("W2",)


def test_capitals_spaces_and_order_of_the_header_do_not_matter(take: Import) -> None:
    header = "As Of,SOURCE DOCUMENT,Percent Done,Status, Department ,Wards,Project Name,Code,Remarks"
    report = take(header, "31/10/2026,CBROP,7,On-going,works,county,Roads,r-9,none")
    assert report.written.added == ("R-9",)
    assert report.ignored_columns == ("Remarks",)
    assert "columns not used: Remarks" in str(report)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("W2", "", "code is empty"),
        ("W2", "W 2", "code: 'W 2' is not a code"),
        ("Kosirai well", "", "name is empty"),
        ("Kosirai well", "x" * 501, "name: has 501 characters, at most 500"),
        ("766|Terik", "766|", "ward: no ward is called ''"),
        ("766|Terik", "Mosoriot", "ward: no ward is called 'Mosoriot'"),
        ("lands", "roads", "department: no department is called 'roads'"),
        ("planned", "begun", "status: 'begun' is not one of planned, procurement"),
        (",0,", ",101,", "percent_done: '101' is not a percentage"),
        (",0,", ",-1,", "percent_done: '-1' is not a percentage"),
        (",0,", ",0.45,", "may mean 45% or 0.45%"),
        ("0,,,", "0,12 million,,", "contract_sum: '12 million' is not a sum"),
        ("0,,,", "0,-5,,", "contract_sum: '-5' is not a sum"),
        ("0,,,", '0,"12,00,000",,', "contract_sum: '12,00,000' is not a sum"),
        ("0,,,", "0,100000000000000,,", "contract_sum: '100000000000000' is too large"),
        ("2026-10-31", "31/13/2026", "as_of: '31/13/2026' is not a day"),
        ("2026-10-31", "31/10/26", "as_of: '31/10/26' is not a day"),
        (",,,CBROP", ",2026-05-02,2026-05-01,CBROP", "end_date 2026-05-01 comes before start_date 2026-05-02"),
        ("Kosirai well", "Kosirai\x00well", "an invisible character (U+0000)"),
        ("Kosirai well", "Kosirai\u202ewell", "an invisible character (U+202E)"),
        ("Kosirai well", "Kosirai, well", "has 15 cells, the header has 14"),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_reason(take: Import, old: str, new: str, reason: str) -> None:
    assert old in WELL
    report = take(HEADER, ROAD, "", WELL.replace(old, new, 1))
    assert [row.number for row in report.bad] == [4]
    assert reason in report.bad[0].reason


def test_a_project_told_twice_is_wrong_the_second_time(take: Import) -> None:
    report = take(HEADER, ROAD, ROAD.replace("R1", "r1"))
    assert [(row.number, row.reason) for row in report.bad] == [
        (3, "tells of the same as row 2: one of them is too many")
    ]


def test_a_row_is_numbered_by_the_line_it_begins_on(take: Import) -> None:
    report = take(HEADER, ROAD.replace("Kabiyet road", '"Kabiyet\nroad"'), WELL.replace("planned", "?"))
    assert [row.number for row in report.bad] == [4]


def test_one_wrong_row_refuses_the_file(county: Session, take: Import) -> None:
    report = take(HEADER, ROAD, WELL.replace("planned", "begun"))
    assert report.is_refused
    assert real_projects(county) == []
    assert county.scalar(select(func.count()).where(Project.retired_at.is_(None))) == len(read(NANDI).projects)
    assert "Nothing was imported: 1 of 2 rows are wrong" in str(report)


def test_with_partial_the_right_rows_are_taken(county: Session, take: Import) -> None:
    report = take(HEADER, ROAD, WELL.replace("planned", "begun"), partial=True)
    assert not report.is_refused
    assert len(report.bad) == 1
    assert real_projects(county) == ["R1"]


def test_the_terminal_shows_fifty_wrong_rows_and_counts_the_rest(take: Import) -> None:
    report = take(HEADER, *(f"P{number},,,,,,,,,,,,," for number in range(120)))
    assert len(report.bad) == 120
    assert str(report).count("\nrow ") + 1 == 50
    assert "... and 70 more wrong rows" in str(report)


def test_the_first_real_project_retires_the_samples_for_good(county: Session, take: Import) -> None:
    samples = len(read(NANDI).projects)
    assert take(HEADER, ROAD).written.samples_retired == samples
    assert load(county, read(NANDI), NOW) == Changes()
    assert list(county.scalars(select(Project.code).where(Project.retired_at.is_(None)))) == ["R1"]


def test_the_packs_own_sample_file_imported_stays_a_sample(county: Session) -> None:
    report = import_projects(county, NANDI / "projects.csv", partial=False, now=NOW)
    assert (report.bad, report.written.added, report.written.changed) == ((), (), ())
    assert real_projects(county) == []


def test_samples_are_left_out_once_real_projects_are_here(county: Session, take: Import) -> None:
    take(HEADER, ROAD)
    report = import_projects(county, NANDI / "projects.csv", partial=False, replace=True, now=NOW)
    assert report.written.samples_left_out == report.rows
    assert real_projects(county) == ["R1"]


def test_what_a_file_leaves_out_stays_unless_the_file_is_the_whole_list(county: Session, take: Import) -> None:
    take(HEADER, ROAD, WELL)
    assert take(HEADER, WELL).written.retired == ()
    assert real_projects(county) == ["R1", "W2"]
    assert take(HEADER, WELL, replace=True).written.retired == ("R1",)
    assert real_projects(county) == ["W2"]
    assert take(HEADER, ROAD).written.changed == ("R1",)
    assert real_projects(county) == ["R1", "W2"]


def test_a_whole_list_may_hold_no_wrong_row(county: Session, take: Import) -> None:
    take(HEADER, ROAD, WELL)
    with pytest.raises(BadImport, match="row 2 is the first wrong one"):
        take(HEADER, ROAD.replace("ongoing", "begun"), WELL, partial=True, replace=True)
    assert real_projects(county) == ["R1", "W2"]


def test_an_empty_cell_empties_the_field(county: Session, take: Import) -> None:
    take(HEADER, ROAD)
    take(HEADER, ROAD.replace(",Ltd,", ",,"))
    assert county.get_one(Project, "R1").contractor is None


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "the file is empty"),
        ((HEADER,), "a header and no rows"),
        (("code,name", "R1,road"), "the header lacks ward, department"),
        ((HEADER + ",Project Code", ROAD + ",R1"), "the column code stands twice"),
        ((HEADER, 'R1,"road'), "row 2: unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_taken_at_all_says_why(take: Import, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(BadImport, match=reason):
        take(*lines)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x" * 5_000_001, "more than 5 MB"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "of the old kind"),
        (b"PK\x03\x04" + bytes(600), "the workbook can't be read"),
        (b"code,name\n\x81\x8d\x8f", "not text in UTF-8"),
        (b"code\n" + b"1\n" * 100_001, "more than 100,000 rows"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused(county: Session, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadImport, match=reason):
        import_projects(county, path, partial=False, now=NOW)


def workbook(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for column in sheet.iter_cols(min_col=6, max_col=6, min_row=2):
        for cell in column:
            assert isinstance(cell, Cell)
            cell.number_format = "0%"
    book.save(path)
    return path


def test_a_workbooks_own_dates_and_numbers_are_understood(county: Session, tmp_path: Path) -> None:
    row = (
        "R1",
        "Road",
        777,
        "works",
        "ongoing",
        0.07,
        1_200_000,
        600_000.5,
        "Ltd",
        datetime(2026, 1, 5),  # noqa: DTZ001 - a spreadsheet's days have no zone
        None,
        "CBROP",
        12,
    )
    path = workbook(tmp_path / "projects.xlsx", tuple(HEADER.split(",")), (*row, date(2026, 10, 31)))
    report = import_projects(county, path, partial=False, now=NOW)
    assert report.bad == ()
    road = county.get_one(Project, "R1")
    assert (road.percent_done, road.contract_sum, road.paid) == (7, Decimal(1_200_000), Decimal("600000.50"))
    assert (road.starts_on, road.as_of, road.source_page) == (date(2026, 1, 5), date(2026, 10, 31), "12")


def test_a_workbooks_formula_is_refused_with_its_row(county: Session, tmp_path: Path) -> None:
    row = ("R1", "Road", 777, "works", "ongoing", 0.07, "=1+1", None, "Ltd", None, None, "CBROP", 12, "2026-10-31")
    path = workbook(tmp_path / "projects.xlsx", tuple(HEADER.split(",")), row)
    report = import_projects(county, path, partial=False, now=NOW)
    assert [(bad.number, bad.reason) for bad in report.bad] == [(2, "cell G2 holds a formula: paste it as a value")]
