"""A ticket is filed as it should have been, and its clocks count from when they began."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import Refused, Stale
from gateway.tickets import escalation, filing, merging, tickets
from gateway.tickets.filing import Filing
from menus.intents import CompleteTicket
from models import EventKind, Priority, Project, ProjectStatus, Role, Staff, Status, Ticket, TicketEvent
from tests.gateway.desks import Desk, hire, report, texts, timeline
from tests.grounds import NOW, OTHER, PHONE

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db, hire(db, "asha", Role.SUPERVISOR))


def test_another_category_brings_its_department_and_clocks_counted_from_the_start(desk: Desk) -> None:
    ticket, roads = report(desk.db), report(desk.db, category="roads")
    desk.waits(days=1)
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    assert (ticket.department_code, ticket.answer_due_at) == ("works", roads.answer_due_at)
    assert ticket.next_due_at == ticket.answer_due_at


def test_after_it_was_opened_again_the_clocks_count_from_then(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    desk.waits(days=7)
    desk.moves(ticket, Status.REOPENED)
    roads = report(desk.db, at=desk.now, category="roads")
    desk.waits(days=1)
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.HIGH))
    assert ticket.answer_due_at == roads.answer_due_at


def _waits(desk: Desk, ticket: Ticket, *days: float) -> None:
    """Asks the citizen so many days after the last thing that happened, and hears from them so many later, in turn."""
    for number, passed in enumerate(days):
        desk.waits(days=passed)
        desk.moves(ticket, Status.OPEN if number % 2 else Status.WAITING_CITIZEN, "" if number % 2 else "Where is it?")


@pytest.mark.parametrize("days", [(1, 7), (0, 1, 1, 7), (9, 7)], ids=["once", "twice", "one clock had run out"])
@pytest.mark.parametrize("by", ["staff", "citizen"])
def test_filed_anew_it_is_due_as_if_it_had_waited_for_its_citizen_there(
    desk: Desk, days: tuple[float, ...], by: str
) -> None:
    ticket, roads = report(desk.db, category="emergency"), report(desk.db, phone=OTHER, category="roads")
    _waits(desk, ticket, *days)
    _waits(Desk(desk.db, desk.staff), roads, *days)
    if by == "staff":
        filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    else:
        tickets.complete(desk.db, CompleteTicket(ticket.reference, category="roads"), PHONE, desk.now)
    assert ticket.answer_due_at == roads.answer_due_at
    assert ticket.resolve_due_at == roads.resolve_due_at
    assert ticket.next_due_at == roads.next_due_at


def test_waits_before_it_was_opened_again_count_no_more_when_it_is_filed_anew(desk: Desk) -> None:
    ticket = report(desk.db)
    _waits(desk, ticket, 1, 7)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    desk.moves(ticket, Status.REOPENED)
    roads = report(desk.db, at=desk.now, category="roads")
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.HIGH))
    assert ticket.answer_due_at == roads.answer_due_at


def test_filed_anew_while_it_waits_it_goes_on_with_what_was_left_there(desk: Desk) -> None:
    ticket, roads = report(desk.db), report(desk.db, phone=OTHER, category="roads")
    for each in (ticket, roads):
        desk.moves(each, Status.WAITING_CITIZEN, "Where is it?")
    desk.waits(days=3)
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    assert ticket.next_due_at is None
    for each in (ticket, roads):
        desk.moves(each, Status.OPEN)
    assert (ticket.answer_due_at, ticket.next_due_at) == (roads.answer_due_at, roads.next_due_at)


def test_a_wait_that_a_merge_cut_in_two_counts_to_the_end_when_it_is_filed_anew(desk: Desk) -> None:
    ticket, roads, lead = report(desk.db), report(desk.db, phone=OTHER, category="roads"), report(desk.db)
    for each in (ticket, roads):
        desk.moves(each, Status.WAITING_CITIZEN, "Where is it?")
    desk.waits(days=2)
    merging.merge(desk.db, desk.deed(ticket), lead.reference)
    desk.waits(days=2)
    merging.unmerge(desk.db, desk.deed(ticket))
    desk.waits(days=2)
    for each in (ticket, roads):
        desk.moves(each, Status.OPEN)
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    assert ticket.answer_due_at == roads.answer_due_at


def test_what_is_the_same_is_no_change(desk: Desk) -> None:
    ticket = report(desk.db)
    filing.refile(desk.db, desk.deed(ticket), Filing("water", "772", Priority.NORMAL))
    assert (timeline(desk.db, ticket), ticket.version) == (["opened"], 1)


@pytest.mark.parametrize("wish", [Filing("dragons", "772", Priority.LOW), Filing("water", "999", Priority.LOW)])
def test_what_the_county_does_not_have_is_refused(desk: Desk, wish: Filing) -> None:
    ticket = report(desk.db)
    with pytest.raises(Refused, match="no such"):
        filing.refile(desk.db, desk.deed(ticket), wish)


def test_a_category_chosen_by_staff_makes_a_ticket_as_sensitive_as_one_chosen_by_the_citizen(desk: Desk) -> None:
    ticket = report(desk.db)
    filing.refile(desk.db, desk.deed(ticket), Filing("corruption", "772", Priority.NORMAL))
    assert ticket.is_sensitive


def test_what_was_left_as_it_was_shown_does_not_undo_what_a_colleague_filed_meanwhile(desk: Desk) -> None:
    ticket = report(desk.db, category="roads")
    shown = Filing("roads", "772", Priority.NORMAL)
    filing.refile(desk.db, desk.deed(ticket), Filing("water", "756", Priority.NORMAL))
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.HIGH), shown)
    assert (ticket.category_code, ticket.ward_code, ticket.priority) == ("water", "756", Priority.HIGH)
    assert last_lines(desk, ticket, 1) == [(EventKind.MOVED, "asha", {"priority": "high"})]


def test_a_form_that_was_open_when_the_clock_ran_out_does_not_take_the_priority_back(desk: Desk) -> None:
    ticket = report(desk.db)
    shown = Filing("water", "772", Priority.NORMAL)
    opened = desk.deed(ticket)
    desk.waits(days=60)
    escalation.escalate(desk.db, desk.now)
    assert ticket.priority is Priority.HIGH
    filing.refile(desk.db, opened, Filing("water", "756", Priority.NORMAL), shown)
    assert (ticket.ward_code, ticket.priority) == ("756", Priority.HIGH)
    filing.refile(desk.db, desk.deed(ticket), Filing("water", "756", Priority.LOW), shown)
    assert ticket.priority is Priority.LOW


def test_a_ticket_is_linked_to_a_listed_project_only(desk: Desk) -> None:
    desk.db.add(
        Project(
            code="W-1", name="Borehole", department_code="lands", is_county_wide=False, is_sample=True,
            status=ProjectStatus.ONGOING, percent_done=10, source_document="A sample", as_of=NOW.date(),
        )
    )  # fmt: skip
    ticket = report(desk.db)
    filing.link_project(desk.db, desk.deed(ticket), "W-1")
    assert ticket.project_code == "W-1"
    with pytest.raises(Refused, match="no such project"):
        filing.link_project(desk.db, desk.deed(ticket), "W-2")
    filing.link_project(desk.db, desk.deed(ticket), None)
    assert ticket.project_code is None


def test_a_paused_clock_stays_paused_when_the_category_changes(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.WAITING_CITIZEN, "Which road?")
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    assert ticket.next_due_at is None
    before = ticket.answer_due_at
    desk.waits(days=7)
    desk.moves(ticket, Status.OPEN)
    assert ticket.answer_due_at == before + timedelta(days=7)


def test_whoever_may_not_see_what_it_became_has_it_no_more(desk: Desk) -> None:
    for name, category, still in (("baraka", "corruption", None), ("baraka", "roads", "baraka")):
        ticket = report(desk.db)
        ticket.assignee = (desk.db.get(Staff, name) or hire(desk.db, name)).name
        filing.refile(desk.db, desk.deed(ticket), Filing(category, "772", Priority.NORMAL))
        assert ticket.assignee == still


def last_lines(desk: Desk, ticket: Ticket, number: int) -> list[tuple[EventKind, str | None, dict[str, object]]]:
    """The last lines of a timeline: what, by whom, and the details."""
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    return [(line.kind, line.actor, line.details or {}) for line in desk.db.scalars(wanted)][-number:]


def test_the_timeline_says_who_has_it_no_more_since_it_was_filed_elsewhere(desk: Desk) -> None:
    ticket = report(desk.db)
    ticket.assignee = hire(desk.db, "wanjiru", Role.OFFICER, department_code="lands").name
    filing.refile(desk.db, desk.deed(ticket), Filing("roads", "772", Priority.NORMAL))
    assert ticket.assignee is None
    assert last_lines(desk, ticket, 2) == [
        (EventKind.MOVED, "asha", {"category": "roads"}),
        (EventKind.ASSIGNED, None, {"to": None, "before": "wanjiru"}),
    ]


def test_a_citizens_answer_takes_it_from_the_officer_of_the_department_it_leaves(desk: Desk) -> None:
    ticket = report(desk.db)
    ticket.assignee = hire(desk.db, "wanjiru", Role.OFFICER, department_code="lands").name
    tickets.complete(desk.db, CompleteTicket(ticket.reference, category="roads"), PHONE, NOW)
    assert (ticket.department_code, ticket.assignee) == ("works", None)
    assert last_lines(desk, ticket, 2) == [
        (EventKind.MOVED, None, {"category": "roads"}),
        (EventKind.ASSIGNED, None, {"to": None, "before": "wanjiru"}),
    ]


@pytest.mark.parametrize("wish", [{"category": "roads"}, {"ward": "756"}])
def test_a_citizens_answer_leaves_it_with_whoever_can_work_on_it_still(desk: Desk, wish: dict[str, str]) -> None:
    ticket = report(desk.db)
    ticket.assignee = hire(desk.db, "baraka").name
    tickets.complete(desk.db, CompleteTicket(ticket.reference, **wish), PHONE, NOW)
    assert ticket.assignee == "baraka"
    assert timeline(desk.db, ticket) == ["opened", "moved"]


def test_a_case_that_speaks_for_an_emergency_stays_one_whatever_its_citizen_answers(desk: Desk) -> None:
    lead, urgent = report(desk.db, category="other"), report(desk.db, phone=OTHER, category="emergency")
    merging.merge(desk.db, desk.deed(urgent), lead.reference)
    tickets.complete(desk.db, CompleteTicket(lead.reference, category="roads"), PHONE, NOW)
    assert (lead.category_code, lead.is_urgent) == ("roads", True)


def test_a_form_that_was_shown_before_the_citizen_answered_does_not_undo_the_answer(desk: Desk) -> None:
    ticket = report(desk.db, category="other")
    shown = ticket.version
    tickets.complete(desk.db, CompleteTicket(ticket.reference, category="roads"), PHONE, NOW)
    with pytest.raises(Stale):
        filing.refile(desk.db, desk.deed(ticket, version=shown), Filing("other", "772", Priority.HIGH))
    assert ticket.category_code == "roads"


@pytest.mark.parametrize("by", ["staff", "citizen"])
def test_the_officers_of_another_department_hear_of_a_case_that_waits_for_them_since_it_was_filed(
    desk: Desk, by: str
) -> None:
    officers = {"lands": "+254711000001", "works": "+254711000002"}
    for code, phone in officers.items():
        hire(desk.db, code, Role.OFFICER, department_code=code, phone=phone)
    ticket = report(desk.db)
    desk.moves(ticket, Status.WAITING_DEPARTMENT)
    if by == "staff":
        filing.refile(desk.db, desk.deed(ticket), Filing("water", "756", Priority.NORMAL))
        filing.refile(desk.db, desk.deed(ticket), Filing("roads", "756", Priority.NORMAL))
    else:
        tickets.complete(desk.db, CompleteTicket(ticket.reference, ward="756"), PHONE, NOW)
        tickets.complete(desk.db, CompleteTicket(ticket.reference, category="roads"), PHONE, NOW)
    assert [len(texts(desk.db, phone)) for phone in officers.values()] == [1, 1]
    assert "Terik" in texts(desk.db, officers["works"])[0]
