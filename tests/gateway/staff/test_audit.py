"""The audit log: the database refuses to change it, and whoever gets around that is found out."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gateway import database
from gateway.staff import accounts, audit
from models import Role, Staff
from tests.grounds import NOW

# Past the triggers, as only somebody who owns the database can.
PAST_THE_TRIGGERS = "SET LOCAL session_replication_role = replica"


def record(db: Session, number: int) -> None:
    audit.record(db, "asha", "number_shown", f"ticket:{number}", NOW, reason=f"call {number}", count=number)


@pytest.fixture
def five(db: Session) -> Session:
    """A log of five entries."""
    for number in range(1, 6):
        record(db, number)
    return db


def spoil(db: Session, statement: str) -> tuple[int, audit.Fault | None]:
    db.execute(text(PAST_THE_TRIGGERS))
    db.execute(text(statement))
    db.expire_all()
    return audit.verify(db)


def test_an_untouched_log_holds(five: Session) -> None:
    assert audit.verify(five) == (5, None)
    assert audit.count(five) == 5


def test_an_empty_log_holds(db: Session) -> None:
    assert audit.verify(db) == (0, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'brian' WHERE id = 3",
        "UPDATE audit_entry SET details = '{}'",
        "UPDATE audit_entry SET hash = hash",
        "DELETE FROM audit_entry WHERE id = 5",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE id = 1 ON CONFLICT (id) DO UPDATE SET actor = 'brian'",
        "WITH gone AS (DELETE FROM audit_entry RETURNING *) SELECT count(*) FROM gone",
    ],
)
def test_the_database_refuses_to_change_it(five: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), five.begin_nested():
        five.execute(text(statement))
    assert audit.verify(five) == (5, None)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'brian'",
        "action = 'nothing'",
        "subject = 'ticket:99'",
        "at = at + interval '1 microsecond'",
        'details = details || \'{"reason": "none"}\'',
        "details = details - 'count'",
        'details = details || \'{"count": "3"}\'',
        "hash = repeat('0', 64)",
    ],
)
def test_an_entry_altered_past_the_triggers_is_named(five: Session, change: str) -> None:
    assert spoil(five, f"UPDATE audit_entry SET {change} WHERE id = 3") == (2, audit.Fault(3, "was altered"))  # noqa: S608


@pytest.mark.parametrize("gone", [1, 2, 4])
def test_an_entry_taken_out_is_named(five: Session, gone: int) -> None:
    assert spoil(five, f"DELETE FROM audit_entry WHERE id = {gone}") == (gone - 1, audit.Fault(gone, "is missing"))  # noqa: S608


def test_an_entry_taken_out_and_the_gap_closed_is_named(five: Session) -> None:
    statement = """DELETE FROM audit_entry WHERE id = 3; UPDATE audit_entry SET id = 3 WHERE id = 4;
                   UPDATE audit_entry SET id = 4 WHERE id = 5"""
    assert spoil(five, statement) == (2, audit.Fault(3, "does not follow the entry before it"))


def test_two_entries_exchanged_are_named(five: Session) -> None:
    statement = """UPDATE audit_entry SET id = 99 WHERE id = 3; UPDATE audit_entry SET id = 3 WHERE id = 4;
                   UPDATE audit_entry SET id = 4 WHERE id = 99"""
    assert spoil(five, statement) == (2, audit.Fault(3, "does not follow the entry before it"))


def test_an_entry_put_in_between_is_named(five: Session) -> None:
    statement = """UPDATE audit_entry SET id = 6 WHERE id = 5; UPDATE audit_entry SET id = 5 WHERE id = 4;
                   INSERT INTO audit_entry SELECT 4, at, actor, action, subject, details, previous, hash
                   FROM audit_entry WHERE id = 3"""
    assert spoil(five, statement)[1] == audit.Fault(4, "does not follow the entry before it")


def test_an_altered_entry_with_a_hash_that_fits_it_breaks_the_next(five: Session) -> None:
    five.execute(text(PAST_THE_TRIGGERS))
    entry = next(each for each in audit._entries(five) if each.id == 3)
    entry.actor = "brian"
    entry.hash = audit._hash(entry)
    five.flush()
    five.expire_all()
    assert audit.verify(five) == (3, audit.Fault(4, "does not follow the entry before it"))


def test_a_cut_end_shows_in_the_count(five: Session) -> None:
    assert spoil(five, "DELETE FROM audit_entry WHERE id > 3") == (3, None)


def test_an_entry_goes_with_the_deed_it_tells_of(ground: Engine) -> None:
    with suppress(RuntimeError), database.transaction() as db:
        record(db, 1)
        raise RuntimeError
    with database.transaction() as db:
        record(db, 2)
    with database.transaction() as db:
        assert audit.verify(db) == (1, None)


def test_times_and_words_of_all_kinds_are_kept_as_they_were_hashed(db: Session) -> None:
    moment = NOW.replace(microsecond=123456)
    audit.record(
        db,
        "asha",
        "tried",
        "ticket:1",
        moment,
        words="Ng'ombe \"\\ \u2028 é 牛",
        none=None,
        nested={"b": [1, 2.5], "a": True},
    )
    db.expire_all()
    assert audit.verify(db) == (1, None)


@pytest.fixture
def written_at_once(ground: Engine) -> None:
    """Forty entries by eight writers."""

    def write(number: int) -> None:
        with database.transaction() as db:
            record(db, number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))


@pytest.mark.usefixtures("written_at_once")
def test_many_writers_at_once_make_one_chain() -> None:
    with database.transaction() as db:
        assert audit.verify(db) == (40, None)


@pytest.fixture
def asha(ground: Engine) -> None:
    """A supervisor who does what is counted."""
    with database.transaction() as db:
        accounts.add(db, Staff(name="asha", role=Role.SUPERVISOR, created_at=NOW), "correct horse battery staple")


def find_room(db: Session, action: str = "exported") -> bool:
    """Does once more what may be done once, if it was not; gives whether it was done."""
    if audit.deeds_since(db, "asha", action, NOW - timedelta(hours=1), most=1):
        return False
    audit.record(db, "asha", action, "tickets", NOW)
    return True


@pytest.mark.usefixtures("asha")
def test_while_somebody_exports_all_else_that_they_do_or_is_done_to_them_goes_on() -> None:
    with database.transaction() as long:
        audit.deeds_since(long, "asha", "exported", NOW, most=1)
        with database.transaction() as db:
            db.execute(text("SET LOCAL lock_timeout = '100ms'"))
            db.execute(select(Staff).where(Staff.name == "asha").with_for_update())
            assert find_room(db, "number_shown")


@pytest.mark.usefixtures("asha")
def test_two_who_export_at_once_in_one_name_do_not_both_find_the_last_room() -> None:
    start = Barrier(2)

    def export(_: int) -> bool:
        start.wait()
        with database.transaction() as db:
            return find_room(db)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(export, range(2))) == [False, True]
