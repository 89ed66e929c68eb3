"""A county pack is found wrong before anything is written, and loading it twice is the same as loading it once."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from gateway.errors import BadPack
from gateway.imports.pack import read
from gateway.imports.pack_loading import Changes, load
from models import Base, BudgetLine, Category, County, Holiday, Place, Project, Ward
from tests.grounds import NANDI, NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack of one's own to spoil."""
    return Path(shutil.copytree(NANDI, tmp_path / "nandi"))


@pytest.fixture
def empty(db: Session) -> Session:
    """A database without rows, whatever other tests have left in theirs."""
    for table in reversed(Base.metadata.sorted_tables):
        db.execute(table.delete())
    return db


def change(path: Path, old: str, new: str) -> None:
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_a_first_load_brings_the_county_and_a_second_changes_nothing(empty: Session) -> None:
    pack = read(NANDI)
    first = load(empty, pack, NOW)
    assert first.added > 30 + 60
    assert (first.changed, first.retired) == (0, 0)
    assert load(empty, pack, NOW + timedelta(days=1)) == Changes()


def test_wards_projects_and_budget_arrive_whole(empty: Session) -> None:
    load(empty, read(NANDI), NOW)
    assert empty.get_one(Ward, "763").name == "Ol'lessos"
    assert "Lessos" in empty.get_one(Ward, "763").spellings
    assert empty.get_one(Place, "Mosoriot").ward_codes == ["766", "767"]
    assert [ward.code for ward in empty.get_one(Project, "S161").wards] == ["770", "772"]
    assert empty.get_one(Project, "S166").is_county_wide
    assert empty.scalar(select(func.sum(BudgetLine.approved))) == sum(row.approved for row in read(NANDI).budget)


def test_what_disappears_is_retired_and_what_returns_stands_again(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    places, kept = folder / "places.csv", (folder / "places.csv").read_text()
    change(places, "Arwos,773\n", "")
    assert load(empty, read(folder), NOW) == Changes(retired=1)
    assert empty.get_one(Place, "Arwos").retired_at == NOW
    places.write_text(kept)
    assert load(empty, read(folder), NOW) == Changes(changed=1)
    assert empty.get_one(Place, "Arwos").retired_at is None


def test_what_stays_retired_is_not_retired_again(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    change(folder / "places.csv", "Arwos,773\n", "")
    load(empty, read(folder), NOW)
    assert load(empty, read(folder), NOW + timedelta(days=1)) == Changes()
    assert empty.get_one(Place, "Arwos").retired_at == NOW


def test_a_changed_clock_is_one_change(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    change(folder / "categories.toml", "answer_hours = 18", "answer_hours = 9")
    assert load(empty, read(folder), NOW) == Changes(changed=1)
    assert empty.get_one(Category, "water").answer_hours == 9


def test_escalation_is_the_countys_and_left_out_it_is_as_usual(empty: Session, folder: Path) -> None:
    change(folder / "county.toml", "[0, 9, 27]", "[2, 18, 45]")
    change(folder / "county.toml", "closes_after_days = 14", "closes_after_days = 30")
    load(empty, read(folder), NOW)
    county = empty.scalars(select(County)).one()
    assert (county.escalation_hours, county.closes_after_days) == ([2, 18, 45], 30)
    path = folder / "county.toml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith(("escalation_", "closes_after"))]
    path.write_text("\n".join(kept))
    assert load(empty, read(folder), NOW) == Changes(changed=1)
    assert (county.escalation_hours, county.closes_after_days) == ([0, 9, 27], 14)


def test_a_holiday_gazetted_for_another_day_replaces_the_expected_one(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    change(folder / "holidays.csv", "2027-03-10,Idd-ul-Fitr,yes", "2027-03-11,Idd-ul-Fitr,no")
    assert load(empty, read(folder), NOW) == Changes(added=1, retired=1)
    assert empty.get(Holiday, date(2027, 3, 10)) is None


def test_a_pack_that_drops_its_samples_retires_them(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    samples = len(read(folder).projects)
    (folder / "projects.csv").unlink()
    assert load(empty, read(folder), NOW) == Changes(retired=samples)


def test_a_database_keeps_to_its_county(empty: Session, folder: Path) -> None:
    load(empty, read(folder), NOW)
    change(folder / "county.toml", 'code = "029"', 'code = "030"')
    with pytest.raises(BadPack, match="belongs to Nandi"):
        load(empty, read(folder), NOW)


@pytest.fixture
def own_database(engine: Engine) -> Iterator[Engine]:
    """A database of this test's own: what it commits meets nobody else's rows."""
    name = f"{engine.url.database}_packs"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        made = create_engine(make_url(engine.url).set(database=name))
        Base.metadata.create_all(made)
        yield made
        made.dispose()
        connection.execute(text(f'DROP DATABASE "{name}"'))


def test_two_processes_that_load_at_once_write_the_county_once(own_database: Engine) -> None:
    pack = read(NANDI)

    def load_once(_: int) -> Changes:
        with Session(own_database) as db, db.begin():
            return load(db, pack, NOW)

    with ThreadPoolExecutor(4) as pool:
        changes = list(pool.map(load_once, range(4)))
    assert sum(change != Changes() for change in changes) == 1
    with Session(own_database) as db:
        assert db.scalar(select(func.count()).select_from(County)) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("categories.toml", 'label.sw = "Umeme"', 'label.sw = "Umeme na stima yote"', "has 19 characters, at most 16"),
        ("categories.toml", 'label.sw = "Umeme"', 'label.sw = "Umeme’s"', "no phone is sure to show"),
        (
            "categories.toml",
            'call.sw = "Uhalifu ni wa polisi: piga 999 au 112, bure."',
            f'call.sw = "{"9" * 61}"',
            "at most 60",
        ),
        ("categories.toml", 'kind = "question"', 'kind = "quesion"', "kind has 'quesion'"),
        ("categories.toml", "ours = false", 'ours = "no"', "ours must be of the kind bool"),
        ("categories.toml", "urgent = true", "urgnt = true", "urgnt is not known here"),
        ("categories.toml", 'department = "finance"', 'department = "treasury"', "not in departments.toml"),
        ("categories.toml", "answer_hours = 4\n", "answer_hours = 0\n", "answer_hours is 0, must be from 1"),
        ("categories.toml", "resolve_hours = 63", "resolve_hours = 6", "must not be less than answer_hours"),
        ("departments.toml", "[works]", "[Works]", "must be a table: [code] in small letters"),
        ("departments.toml", 'label.sw = "Uchukuzi, ujenzi"', 'label.sw = ""', "label.sw must be some words"),
        ("calendar.toml", "month = 8", "month = 13", "month is 13, must be from 1 to 12"),
        ("calendar.toml", "on = 2027-02-02", "on = 2027-02-02T10:00:00", "on must be of the kind date"),
        ("county.toml", 'languages = ["en",', 'languages = ["xx",', "languages has 'xx'"),
        ("county.toml", "workdays = [1,", "workdays = [0,", "workdays has 0"),
        ("county.toml", "closes = 17:00:00", "closes = 07:00:00", "closes must be later than opens"),
        ("county.toml", "Africa/Nairobi", "Africa/Kapsabet", "no clock knows"),
        ("county.toml", '"budget_question"', '"water"', "names no category of the kind question"),
        ("county.toml", "[0, 9, 27]", "[0, 9]", "escalation_hours must be 3 whole numbers, such as [0, 9, 27]"),
        ("county.toml", "[0, 9, 27]", "[0, 9, 27.5]", "escalation_hours must be 3 whole numbers"),
        ("county.toml", "[0, 9, 27]", "[0, 9, true]", "escalation_hours must be 3 whole numbers"),
        ("county.toml", "[0, 9, 27]", "27", "escalation_hours must be of the kind list"),
        ("county.toml", "[0, 9, 27]", "[9, 9, 27]", "where each must be more than the one before"),
        ("county.toml", "[0, 9, 27]", "[0, 9, 901]", "escalation_hours is 901, must be from 0 to 900"),
        ("county.toml", "[0, 9, 27]", "[-1, 9, 27]", "escalation_hours is -1, must be from 0 to 900"),
        ("county.toml", "closes_after_days = 14", "closes_after_days = 0", "is 0, must be from 1 to 90"),
        ("county.toml", "closes_after_days = 14", 'closes_after_days = "14"', "must be of the kind int"),
        ("wards.csv", "754,Kapsimotwo,151", "754,Kapsimotwo,159", "'159' is not one of"),
        ("wards.csv", "756,Terik,152", "755,Terik,152", "the same as row 6"),
        ("wards.csv", "Kaptumo|Kaboi", "Kaptumo|Kobujoi", "is already ward 758"),
        ("places.csv", "Namgoi,772", "Namgoi,799", "no ward is called '799'"),
        ("holidays.csv", "2026-05-01,", "2026-05-32,", "'2026-05-32' is not a day"),
        ("projects.csv", "S104,", "S101,", "tells of the same as row 2"),
        ("projects.csv", ",753,health,", ",753,helth,", "no department is called 'helth'"),
        ("budget.csv", "2026/27,health", "2026/28,health", "is not a fiscal year"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(folder: Path, file: str, old: str, new: str, reason: str) -> None:
    line = line_of(folder / file, old.rstrip("\n"))
    change(folder / file, old, new)
    with pytest.raises(BadPack) as caught:
        read(folder)
    where, _, why = str(caught.value).partition(": ")
    assert where == f"{file} line {line}"
    assert reason in why


def test_a_file_that_is_no_toml_is_told_with_its_line(folder: Path) -> None:
    change(folder / "county.toml", 'line = "1548"', "line = 1548 toll-free")
    with pytest.raises(BadPack, match=r"^county\.toml line 4: "):
        read(folder)


def test_a_label_that_is_missing_in_one_language_is_told_with_its_category(folder: Path) -> None:
    change(folder / "categories.toml", 'label.sw = "Afya"\n', "")
    with pytest.raises(BadPack, match=r"^categories\.toml line \d+: label\.sw is missing$"):
        read(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "wards.csv").unlink()
    with pytest.raises(BadPack, match=r"^wards\.csv .*can't be read"):
        read(folder)


def test_a_pack_holds_no_real_projects(folder: Path) -> None:
    change(folder / "projects.csv", "2026-10-31,yes", "2026-10-31,no")
    with pytest.raises(BadPack, match=r"^projects\.csv line 2: is not marked as a sample"):
        read(folder)
