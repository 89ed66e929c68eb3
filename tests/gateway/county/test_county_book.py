"""The county's facts stay in memory until one of them changes, and then are read anew."""

from datetime import date

import pytest
from sqlalchemy import Engine, delete, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from gateway.county.county_book import book
from gateway.dialogues.callers_county import CallersCounty
from models import Category, County, Holiday, Subcounty, Ward
from tests.grounds import NOW, PHONE
from tests.handlers.queries import counted

pytestmark = pytest.mark.usefixtures("county")
KABIYET = "764"


def test_what_has_not_changed_is_not_read_again(db: Session) -> None:
    first = book(db)
    with counted() as asked:
        assert book(db) is first
        assert len(asked) == 1
        assert book(db, first.revision) is first
        assert len(asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        update(County).values(name="Another"),
        update(Subcounty).values(name="Another"),
        update(Ward).values(name="Another"),
        update(Category).values(answer_hours=1),
        insert(Holiday).values(on=date(2026, 12, 24), name="Another", is_expected=False),
        delete(Holiday),
    ],
    ids=lambda change: f"{change.__class__.__name__} {change.table}",
)
def test_a_change_of_any_of_it_shows_at_once(db: Session, change: UpdateBase) -> None:
    before = book(db)
    db.execute(change, execution_options={"synchronize_session": False})
    assert book(db) != before
    assert book(db).revision != before.revision


def test_a_change_that_is_taken_back_is_forgotten(db: Session) -> None:
    before = book(db)
    with db.begin_nested() as tried:
        db.execute(update(County).values(name="Another"))
        assert book(db).name == "Another"
        tried.rollback()
    assert book(db) == before


def test_a_retired_ward_is_offered_no_more_and_still_has_its_name(db: Session) -> None:
    db.execute(update(Ward).where(Ward.code == KABIYET).values(retired_at=NOW))
    county = CallersCounty(db, PHONE, NOW)
    kabiyet = county.ward(KABIYET)
    assert kabiyet is not None
    assert kabiyet not in [ward for place in county.subcounties() for ward in county.wards(place.code)]


def test_a_load_in_another_process_shows_here(db: Session, county: Engine) -> None:
    before = book(db)
    with county.begin() as elsewhere:
        elsewhere.execute(update(County).values(line="1549"))
    try:
        assert book(db).line == "1549"
    finally:
        with county.begin() as elsewhere:
            elsewhere.execute(update(County).values(line=before.line))
