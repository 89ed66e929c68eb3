"""Whose a ticket is, and who can't have it."""

import pytest
from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.tickets import assignments
from menus.words import segments
from models import Role, Status
from tests.gateway.desks import Desk, hire, report, texts, timeline

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db, hire(db, "asha", Role.SUPERVISOR))


def test_a_new_ticket_that_somebody_has_is_being_looked_at(desk: Desk) -> None:
    ticket = report(desk.db)
    hire(desk.db, "baraka")
    assignments.assign(desk.db, desk.deed(ticket), "baraka")
    assert (ticket.assignee, ticket.status, texts(desk.db)) == ("baraka", Status.OPEN, [])
    assert timeline(desk.db, ticket) == ["opened", "assigned", "moved"]
    assignments.assign(desk.db, desk.deed(ticket), None)
    assert ticket.assignee is None


@pytest.mark.parametrize(
    ("name", "role", "more", "why"),
    [
        ("nobody", None, {}, "no such member"),
        ("auditor", Role.AUDITOR, {}, "does not work on cases"),
        ("official", Role.OFFICIAL, {}, "does not work on cases"),
        ("works", Role.OFFICER, {"department_code": "works"}, "does not work on cases"),
    ],
)
def test_who_can_not_work_on_a_ticket_is_not_given_it(
    desk: Desk, name: str, role: Role | None, more: dict[str, str], why: str
) -> None:
    if role:
        hire(desk.db, name, role, **more)
    ticket = report(desk.db)
    with pytest.raises(Refused, match=why):
        assignments.assign(desk.db, desk.deed(ticket), name)
    assert ticket.assignee is None


def test_a_sensitive_ticket_is_given_only_to_those_who_may_see_it(desk: Desk) -> None:
    ticket = report(desk.db, category="corruption")
    hire(desk.db, "baraka")
    with pytest.raises(Refused, match="sensitive"):
        assignments.assign(desk.db, desk.deed(ticket), "baraka")
    assert [staff.name for staff in assignments.able(desk.db, ticket)] == ["asha"]


def test_the_departments_officer_may_be_given_its_ticket(desk: Desk) -> None:
    hire(desk.db, "lands", Role.OFFICER, department_code="lands")
    ticket = report(desk.db)
    assignments.assign(desk.db, desk.deed(ticket), "lands")
    assert ticket.assignee == "lands"


def test_a_transfer_needs_another_department_and_a_note_and_frees_the_ticket(desk: Desk) -> None:
    ticket = report(desk.db)
    assignments.assign(desk.db, desk.deed(ticket), "asha")
    for department, words in (("lands", "Same"), ("nowhere", "None"), ("works", " ")):
        with pytest.raises(Refused):
            assignments.transfer(desk.db, desk.deed(ticket), department, words)
        desk.db.refresh(ticket)
    assignments.transfer(desk.db, desk.deed(ticket), "works", "The pipe lies under their road.")
    assert (ticket.department_code, ticket.assignee) == ("works", None)


def test_the_new_departments_officers_get_a_case_that_waits_for_them_by_sms(desk: Desk) -> None:
    phones = {"lands": "+254711000001", "works": "+254711000002"}
    for code, phone in phones.items():
        hire(desk.db, code, Role.OFFICER, department_code=code, phone=phone)
    ticket = report(desk.db)
    desk.moves(ticket, Status.WAITING_DEPARTMENT)
    (first,) = texts(desk.db, phones["lands"])
    assert "Water/sanitation, Kapsabet, No water at the tap" in first
    assert first.endswith(" and what was done.")
    assignments.transfer(desk.db, desk.deed(ticket), "works", "Under their road.")
    assert len(texts(desk.db, phones["works"])) == 1


def test_an_officer_reads_of_a_sensitive_case_its_reference_alone(desk: Desk) -> None:
    ticket = report(desk.db, category="corruption")
    hire(desk.db, "officer", Role.OFFICER, department_code=ticket.department_code, phone="+254711000001")
    desk.moves(ticket, Status.WAITING_DEPARTMENT)
    (said,) = texts(desk.db, "+254711000001")
    assert said.split("\n")[0] == f"Case {ticket.reference[:3]}-{ticket.reference[3:6]}-{ticket.reference[6:]}"


def test_an_officer_reads_what_the_agent_asks_for_before_the_citizens_words_in_two_segments(desk: Desk) -> None:
    phones = {"lands": "+254711000001", "works": "+254711000002"}
    for code, phone in phones.items():
        hire(desk.db, code, Role.OFFICER, department_code=code, phone=phone)
    ticket = report(desk.db, "No water at the tap " * 20)
    desk.moves(ticket, Status.WAITING_DEPARTMENT, "Look at\nthe valve first.")
    assignments.transfer(desk.db, desk.deed(ticket), "works", "It lies under your road.")
    for phone, note in zip(phones.values(), ("Look at the valve first.", "It lies under your road."), strict=True):
        (said,) = texts(desk.db, phone)
        assert f'Kapsabet, {note}, "No water at the tap' in said
        assert said.endswith(" and what was done.")
        assert segments(said) == 2


def test_an_officer_reads_no_note_to_a_sensitive_case(desk: Desk) -> None:
    ticket = report(desk.db, category="corruption")
    hire(desk.db, "officer", Role.OFFICER, department_code=ticket.department_code, phone="+254711000001")
    desk.moves(ticket, Status.WAITING_DEPARTMENT, "The clerk named is Otieno.")
    assert "Otieno" not in texts(desk.db, "+254711000001")[0]
