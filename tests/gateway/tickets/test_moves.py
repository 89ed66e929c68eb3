"""Where a ticket may go, who may move it there, and what its citizen reads of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from gateway.desk import desk as queue
from gateway.desk.folders import Folder
from gateway.errors import Refused
from gateway.tickets import moves, own_cases
from gateway.tickets.moves import MOVES, Itself
from menus.tickets import STATUS_WORDS
from models import LIVE_STATUSES, EventKind, Role, Status, TicketEvent
from tests.gateway.desks import Desk, hire, report, texts, timeline

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db, hire(db, "asha", Role.SUPERVISOR))


def test_every_status_is_left_and_reached_by_some_move_and_has_words_for_the_citizen() -> None:
    assert {status for status, _ in MOVES} == set(Status)
    assert {to for _, to in MOVES} == set(Status) - {Status.NEW}
    assert set(STATUS_WORDS) == {status.value for status in Status}


def test_nobody_but_staff_who_work_on_cases_the_citizen_and_the_clock_moves_one() -> None:
    movers = set().union(*(move.by for move in MOVES.values()))
    assert movers == {Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.OFFICER, *Itself}


def test_what_ends_a_case_or_asks_of_the_citizen_needs_words() -> None:
    needy = {to for (_, to), move in MOVES.items() if move.needs_words}
    assert needy == {Status.WAITING_CITIZEN, Status.RESOLVED, Status.REJECTED}
    assert all(move.tells for move in MOVES.values() if move.needs_words)


@pytest.mark.parametrize(("status", "to"), [(a, b) for a in Status for b in Status if (a, b) not in MOVES])
def test_a_move_that_is_not_in_the_table_is_refused_and_changes_nothing(desk: Desk, status: Status, to: Status) -> None:
    ticket = report(desk.db)
    ticket.status = status
    with pytest.raises(Refused):
        desk.moves(ticket, to, "Some words")
    assert (ticket.status, texts(desk.db)) == (status, [])


@pytest.mark.parametrize(("status", "to"), list(MOVES))
def test_a_move_of_the_table_is_made_by_those_it_names_and_refused_to_others(
    db: Session, status: Status, to: Status
) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.OFFICER, Role.AUDITOR):
        ticket = report(db)
        ticket.status = status
        desk = Desk(db, hire(db, f"{role}-{ticket.id}", role, department_code="lands"))
        if role in MOVES[status, to].by:
            desk.moves(ticket, to, "Some words")
            assert ticket.status is to
        else:
            with pytest.raises(Refused):
                desk.moves(ticket, to, "Some words")


@pytest.mark.parametrize("to", [Status.WAITING_CITIZEN, Status.RESOLVED, Status.REJECTED])
def test_a_move_that_needs_words_and_has_none_is_refused(desk: Desk, to: Status) -> None:
    with pytest.raises(Refused, match="Write something"):
        desk.moves(report(desk.db), to, "  ")


def test_a_resolution_says_what_was_done_and_asks_whether_it_is_so(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "The pump is mended.")
    assert texts(desk.db)[0].endswith("The pump is mended. Is it fixed? Reply 1 yes, 2 no. Free.")
    assert (ticket.resolved_at, ticket.resolved_by, ticket.next_due_at) == (desk.now, "asha", None)
    assert timeline(desk.db, ticket) == ["opened", "moved", "answered"]


def test_a_rejection_tells_its_reason(desk: Desk) -> None:
    desk.moves(report(desk.db), Status.REJECTED, "This road is the national government's.")
    assert texts(desk.db)[0].endswith("is not taken up: This road is the national government's.")


def test_the_department_is_named_to_the_citizen_but_not_of_a_sensitive_case(desk: Desk) -> None:
    desk.moves(report(desk.db), Status.WAITING_DEPARTMENT)
    desk.moves(report(desk.db, category="corruption"), Status.WAITING_DEPARTMENT)
    named, unnamed = texts(desk.db)
    assert "is now with Lands & water." in named
    assert "is now with the department." in unnamed


@pytest.mark.parametrize(
    ("status", "to"), [(Status.NEW, Status.WAITING_DEPARTMENT), (Status.RESOLVED, Status.REOPENED)]
)
def test_words_beside_a_move_whose_sms_holds_none_are_a_note_and_the_citizen_finds_no_answer(
    desk: Desk, status: Status, to: Status
) -> None:
    ticket = report(desk.db)
    ticket.status = status
    desk.moves(ticket, to, "Ask the plumber of the school, he knows.")
    (told,) = texts(desk.db)
    assert "plumber" not in told
    assert timeline(desk.db, ticket) == ["opened", "moved", "noted"]
    assert own_cases.last_answer(desk.db, ticket) is None


def test_what_a_citizen_wrote_stays_unread_when_their_case_is_passed_on_with_a_note(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.WROTE, at=desk.now, body="Still dry"))
    desk.moves(ticket, Status.WAITING_DEPARTMENT, "The citizen wrote again.")
    wanted = queue.Wanted(Folder.ALL, ZoneInfo("Africa/Nairobi"))
    assert [line.unread for line in queue.page(desk.db, desk.staff, wanted, desk.now).lines] == [1]


def test_the_clocks_wait_while_the_case_waits_for_the_citizen(desk: Desk) -> None:
    ticket = report(desk.db)
    before = ticket.answer_due_at, ticket.resolve_due_at
    desk.moves(ticket, Status.WAITING_CITIZEN, "Which tap is it?")
    assert ticket.next_due_at is None
    desk.waits(days=7)
    desk.moves(ticket, Status.OPEN)
    assert (ticket.answer_due_at, ticket.resolve_due_at) == tuple(due + timedelta(days=7) for due in before)


def test_a_question_is_an_answer_that_the_citizen_finds_again(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.WAITING_CITIZEN, "Which tap is it?")
    assert "Which tap is it? Reply to this SMS, it is free." in texts(desk.db)[0]
    assert "answered" in timeline(desk.db, ticket)


def test_opened_again_it_stands_above_others_with_its_clocks_anew(desk: Desk) -> None:
    ticket = report(desk.db)
    first = ticket.answer_due_at
    desk.moves(ticket, Status.RESOLVED, "Done.")
    desk.waits(days=3)
    desk.moves(ticket, Status.REOPENED)
    desk.db.refresh(ticket)
    assert (ticket.reopened, ticket.rank, ticket.answered_at) == (1, 1, None)
    assert ticket.next_due_at == ticket.answer_due_at > first
    assert ticket.status in LIVE_STATUSES


def test_a_clock_that_ran_out_before_the_pause_stays_run_out(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.waits(days=30)
    overdue = ticket.answer_due_at
    desk.moves(ticket, Status.WAITING_CITIZEN, "Which tap is it?")
    desk.waits(days=1)
    desk.moves(ticket, Status.OPEN)
    assert ticket.answer_due_at == overdue


def test_a_pause_over_a_weekend_costs_nothing(desk: Desk) -> None:
    nairobi = ZoneInfo("Africa/Nairobi")
    desk.now = datetime(2026, 11, 27, 15, 0, tzinfo=nairobi)  # a Friday, two hours before the county closes
    ticket = report(desk.db, at=desk.now, category="emergency")  # answered within an hour of work
    desk.moves(ticket, Status.WAITING_CITIZEN, "Where are you?")
    desk.now = datetime(2026, 11, 30, 9, 0, tzinfo=nairobi)  # Monday
    desk.moves(ticket, Status.WAITING_DEPARTMENT)
    assert ticket.answer_due_at == datetime(2026, 11, 30, 10, 0, tzinfo=nairobi)


def test_a_merged_ticket_goes_nowhere_by_itself(desk: Desk) -> None:
    ticket, other = report(desk.db), report(desk.db)
    other.merged_into_id = ticket.id
    assert moves.open_to(other, desk.staff) == []
    with pytest.raises(Refused):
        desk.moves(other, Status.RESOLVED, "Done.")


def test_the_page_offers_what_the_table_allows(desk: Desk) -> None:
    ticket = report(desk.db)
    agent = hire(desk.db, "baraka")
    offered = [Status.OPEN, Status.WAITING_DEPARTMENT, Status.WAITING_CITIZEN, Status.RESOLVED, Status.REJECTED]
    assert list(moves.open_to(ticket, agent)) == offered
    ticket.status = Status.CLOSED
    assert list(moves.open_to(ticket, agent)) == []
    assert list(moves.open_to(ticket, desk.staff)) == [Status.REOPENED]
