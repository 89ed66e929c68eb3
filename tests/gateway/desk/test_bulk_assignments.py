"""Many cases given at once: each stands or falls for itself, a second press does nothing, the log tells it in one."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.desk.bulk_assignments import Pick, Turn, assign_many
from gateway.errors import Refused
from models import AuditEntry, EventKind, Role, Staff, Status, Ticket, TicketEvent
from tests.gateway.desks import case, hire
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def chebet(db: Session) -> Staff:
    hire(db, "asha")
    return hire(db, "chebet", Role.SUPERVISOR)


def pick(ticket: Ticket) -> Pick:
    return Pick(ticket.reference, ticket.version)


def turn(staff: Staff, press: UUID | None = None) -> Turn:
    return Turn(staff, press or uuid4(), NOW)


def test_each_case_gets_its_person_and_its_line_and_the_log_one_entry(db: Session, chebet: Staff) -> None:
    first, second = case(db), case(db)
    results = assign_many(db, turn(chebet), [pick(first), pick(second)], "asha")
    assert [result.fault for result in results] == [None, None]
    assert {first.assignee, second.assignee} == {"asha"}
    assert {first.status, second.status} == {Status.OPEN}
    lines = db.scalars(select(TicketEvent).where(TicketEvent.kind == EventKind.ASSIGNED)).all()
    assert {line.ticket_id for line in lines} == {first.id, second.id}
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("chebet", "assigned_many", "staff:asha")
    assert entry.details == {"tickets": sorted([first.reference, second.reference]), "refused": 0}


def test_one_that_somebody_changed_is_refused_and_the_others_stand(db: Session, chebet: Staff) -> None:
    stale, fine, secret = case(db), case(db), case(db, "corruption")
    picks = [Pick(stale.reference, 99), pick(fine), pick(secret), Pick("AAAAAAAAA", 1)]
    found = assign_many(db, turn(chebet), picks, "asha")
    results = {result.reference: str(result.fault or "") for result in found}
    assert results[fine.reference] == ""
    assert "Somebody else changed" in results[stale.reference]
    assert "may not see sensitive" in results[secret.reference]
    assert "no such case" in results["AAAAAAAAA"]
    assert (stale.assignee, fine.assignee, secret.assignee) == (None, "asha", None)
    assert (stale.version, secret.version) == (1, 1)
    assert db.scalars(select(AuditEntry)).one().details == {"tickets": [fine.reference], "refused": 3}


def test_the_same_press_again_does_nothing(db: Session, chebet: Staff) -> None:
    ticket, press = case(db), uuid4()
    wanted = [pick(ticket)]
    assign_many(db, turn(chebet, press), wanted, "asha")
    (again,) = assign_many(db, turn(chebet, press), wanted, "chebet")
    assert (again.fault, ticket.assignee) == (None, "asha")
    assert len(db.scalars(select(AuditEntry)).all()) == 1


def test_where_all_are_refused_nothing_is_recorded(db: Session, chebet: Staff) -> None:
    assign_many(db, turn(chebet), [pick(case(db))], "nobody-of-this-name")
    assert db.scalars(select(AuditEntry)).all() == []


def test_cases_can_be_given_back_to_nobody(db: Session, chebet: Staff) -> None:
    ticket = case(db, assignee="asha", status=Status.OPEN)
    assign_many(db, turn(chebet), [pick(ticket)], None)
    assert ticket.assignee is None


def test_only_a_supervisor_gives_many_and_not_too_many(db: Session, chebet: Staff) -> None:
    ticket = case(db)
    with pytest.raises(Refused, match="Only a supervisor"):
        assign_many(db, turn(db.get_one(Staff, "asha")), [pick(ticket)], "asha")
    for picks in ([], [pick(ticket)] * 101):
        with pytest.raises(Refused, match="from 1 to 100"):
            assign_many(db, turn(chebet), picks, "asha")
