"""A number is seen whole by who may and says why; each look is recorded, and there are not many in an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.desk import showing_phones
from gateway.errors import NoSuchTicket, Refused
from gateway.staff import audit
from models import AuditEntry, Role, Staff
from tests.gateway.desks import case, hire
from tests.grounds import NOW, PHONE

pytestmark = pytest.mark.usefixtures("county")
WHY = "The line broke off"


@pytest.fixture
def asha(db: Session) -> Staff:
    return hire(db, "asha")


def test_a_number_is_shown_to_who_says_why_and_that_is_recorded_without_it(db: Session, asha: Staff) -> None:
    ticket = case(db)
    assert showing_phones.masked(ticket) == "+2547…001"
    assert showing_phones.show(db, asha, ticket.reference.lower(), f"  {WHY} ", NOW) == PHONE
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("asha", "phone_shown", f"ticket:{ticket.reference}")
    assert entry.details == {"reason": WHY}
    assert audit.verify(db) == (1, None)


@pytest.mark.parametrize("reason", ["", "    ", "why", "a" * 201, "call +254700000001", "he said 0712 345 678 is his"])
def test_without_a_reason_that_can_be_kept_nothing_is_shown(db: Session, asha: Staff, reason: str) -> None:
    with pytest.raises(Refused):
        showing_phones.show(db, asha, case(db).reference, reason, NOW)
    assert audit.count(db) == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OFFICIAL, Role.APPROVER, Role.AUDITOR])
def test_who_may_not_see_numbers_sees_none(db: Session, role: Role) -> None:
    staff = hire(db, "asha", role=role, department_code="lands")
    with pytest.raises(Refused, match="You may not see phone numbers"):
        showing_phones.show(db, staff, case(db).reference, WHY, NOW)


def test_what_one_may_not_see_has_no_number_either(db: Session, asha: Staff) -> None:
    with pytest.raises(NoSuchTicket):
        showing_phones.show(db, asha, case(db, "corruption").reference, WHY, NOW)
    with pytest.raises(NoSuchTicket):
        showing_phones.show(db, asha, "no reference", WHY, NOW)


def test_a_hidden_number_is_for_supervisors(db: Session, asha: Staff) -> None:
    ticket = case(db, hides_phone=True)
    assert showing_phones.masked(ticket) == ""
    with pytest.raises(Refused, match="only a supervisor"):
        showing_phones.show(db, asha, ticket.reference, WHY, NOW)
    chebet = hire(db, "chebet", Role.SUPERVISOR)
    assert showing_phones.show(db, chebet, ticket.reference, WHY, NOW) == PHONE


def test_a_caller_without_a_number_has_none_to_show(db: Session, asha: Staff) -> None:
    ticket = case(db)
    ticket.phone = None
    with pytest.raises(Refused, match="gave no number"):
        showing_phones.show(db, asha, ticket.reference, WHY, NOW)


def test_after_thirty_within_the_hour_one_waits_and_others_do_not(db: Session, asha: Staff) -> None:
    reference = case(db).reference
    for minute in range(30):
        showing_phones.show(db, asha, reference, WHY, NOW + timedelta(minutes=minute))
    with pytest.raises(Refused, match="30 numbers within the hour"):
        showing_phones.show(db, asha, reference, WHY, NOW + timedelta(minutes=59))
    showing_phones.show(db, hire(db, "kip"), reference, WHY, NOW + timedelta(minutes=59))
    assert showing_phones.show(db, asha, reference, WHY, NOW + timedelta(minutes=61)) == PHONE
