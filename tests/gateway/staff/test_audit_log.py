"""The audit log as it is read: newest first, narrowed, by pages; and what the last look at its chain found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gateway.staff import audit, audit_log
from gateway.staff.audit_log import SHOWN, Filters
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")


def fill(db: Session, count: int = 1, *, actor: str = "asha", action: str = "phone_shown", days: int = 0) -> None:
    for number in range(count):
        audit.record(db, actor, action, f"ticket:{number}", NOW + timedelta(days=days), reason="why")


def ids(db: Session, filters: Filters = Filters(), below: int | None = None) -> list[int]:  # noqa: B008
    return [entry.id for entry in audit_log.page(db, filters, below).entries]


def test_pages_lead_from_the_newest_entry_to_the_first_without_a_gap(db: Session) -> None:
    fill(db, SHOWN * 2 + 1)
    first = audit_log.page(db, Filters())
    second = audit_log.page(db, Filters(), first.below)
    third = audit_log.page(db, Filters(), second.below)
    seen = [entry.id for page in (first, second, third) for entry in page.entries]
    assert seen == list(range(SHOWN * 2 + 1, 0, -1))
    assert third.below is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(actor="asha"), [2, 1]),
        (Filters(action="exported"), [3]),
        (Filters(subject="ticket:1"), [2]),
        (Filters(first=date(2026, 11, 24)), [4]),
        (Filters(last=date(2026, 11, 23)), [3, 2, 1]),
        (Filters(actor="asha", action="exported"), []),
    ],
)
def test_the_log_is_narrowed_by_who_what_whom_and_when(db: Session, filters: Filters, expected: list[int]) -> None:
    fill(db, 2)
    fill(db, actor="chebet", action="exported")
    fill(db, actor="kip", days=1)
    assert ids(db, filters) == expected


def test_the_chain_is_verified_once_a_day_and_what_was_found_is_kept(db: Session) -> None:
    assert audit_log.last_look(db) is None
    fill(db, 3)
    look = audit_log.verify_if_due(db, NOW)
    assert look is not None
    assert (look.entries, look.fault) == (3, None)
    assert audit_log.last_look(db) == look
    assert audit_log.verify_if_due(db, NOW + timedelta(hours=23)) is None
    later = audit_log.verify_if_due(db, NOW + timedelta(hours=25))
    assert later is not None
    assert later.entries == 4


def test_an_entry_that_was_altered_is_named_by_the_next_look(db: Session) -> None:
    fill(db, 3)
    db.execute(text("SET LOCAL session_replication_role = replica"))  # as somebody with the database's keys could
    db.execute(text("UPDATE audit_entry SET actor = 'kip' WHERE id = 2"))
    db.expire_all()
    audit_log.verify_if_due(db, NOW)
    look = audit_log.last_look(db)
    assert look is not None
    assert look.fault == "entry 2 was altered"


def test_only_the_clocks_own_look_counts(db: Session) -> None:
    audit.record(db, "asha", audit_log.VERIFIED, "audit", NOW, entries=999, fault=None)
    assert audit_log.last_look(db) is None
