"""A department's officer reports by SMS: only from the registered number, only on the department's own cases."""

from typing import Any

import pytest
from sqlalchemy import select

from gateway.citizens import restraint
from gateway.tickets import references
from models import EventKind, Role, Status, Ticket, TicketEvent
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

WATER = "No water in Kapsabet since Monday"


@pytest.fixture
def stage(citizen: TextingPhone) -> Stage:
    citizen.sends(WATER)
    return Stage(citizen)


def handed(citizen: TextingPhone, stage: Stage, **officer: Any) -> Ticket:
    """Hands the citizen's case to its department, where the officer works."""
    case = citizen.case()
    stage.hires(**{"department": case.department_code, **officer})
    stage.moves(case, Status.WAITING_DEPARTMENT)
    return case


def reports(citizen: TextingPhone, ticket: Ticket) -> list[TicketEvent]:
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.REPORTED)
    return list(citizen.db.scalars(wanted.order_by(TicketEvent.id)))


def test_an_ack_is_noted_once_and_answered(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    printed = references.printed(case.reference)
    assert printed in stage.officer.sends(f"ACK {printed}")
    assert printed in stage.officer.sends(f"ack {case.reference.lower()}")
    (line,) = reports(citizen, case)
    assert (line.actor, line.body, line.message_id) == ("sample officer", "acknowledged", stage.officer.sent()[0].id)
    assert case.status is Status.WAITING_DEPARTMENT


def test_done_with_words_gives_the_case_back_to_be_checked(citizen: TextingPhone, stage: Stage) -> None:
    case, told = handed(citizen, stage), len(citizen.answers())
    version = case.version
    assert "noted" in stage.officer.sends(f"DONE {references.printed(case.reference)}: replaced the pipe")
    (line,) = reports(citizen, case)
    assert (line.body, case.status, case.version) == ("replaced the pipe", Status.OPEN, version + 1)
    assert len(citizen.answers()) == told


def test_done_without_words_is_asked_for_them(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    assert "What was done?" in stage.officer.sends(f"DONE {references.printed(case.reference)}")
    assert (reports(citizen, case), case.status) == ([], Status.WAITING_DEPARTMENT)


def test_done_moves_nothing_that_no_longer_waits_for_the_department(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    stage.moves(case, Status.RESOLVED, "The pipe was mended.")
    stage.officer.sends(f"DONE {references.printed(case.reference)} replaced the pipe")
    assert (len(reports(citizen, case)), case.status) == (1, Status.RESOLVED)


def test_a_case_handed_over_again_is_acknowledged_again(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    printed = references.printed(case.reference)
    stage.officer.sends(f"ACK {printed}")
    stage.officer.sends(f"DONE {printed} replaced the pipe")
    stage.moves(case, Status.WAITING_DEPARTMENT)
    stage.officer.sends(f"ACK {printed}")
    assert [line.body for line in reports(citizen, case)] == ["acknowledged", "replaced the pipe", "acknowledged"]


@pytest.mark.parametrize(
    "officer", [{"role": Role.AGENT}, {"role": Role.SUPERVISOR}, {"phone": "+254110000009"}, {"phone": None}]
)
def test_the_same_text_from_anybody_else_is_a_citizens(
    citizen: TextingPhone, stage: Stage, officer: dict[str, Any]
) -> None:
    case = handed(citizen, stage, **officer)
    stage.officer.sends(f"ACK {references.printed(case.reference)}")
    assert reports(citizen, case) == []
    assert stage.officer.case().linked_id == case.id


def test_a_disabled_officer_is_a_citizen(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage, disabled_at=citizen.now)
    stage.officer.sends(f"ACK {references.printed(case.reference)}")
    assert reports(citizen, case) == []


def test_another_departments_case_reads_like_one_that_does_not_exist(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage, department="health")
    foreign = stage.officer.sends(f"ACK {references.printed(case.reference)}")
    unknown = stage.officer.sends(f"DONE {references.printed(references.draw())} all of it")
    misspelt = stage.officer.sends("ACK K7Q-M2P-4XX")
    assert foreign == unknown == misspelt != ""
    assert {message.kind for message in stage.officer.sent()} == {restraint.MISSED}
    assert (reports(citizen, case), stage.officer.cases()) == ([], [])


def test_who_guesses_references_finds_none_any_more(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    for _ in range(restraint.MOST_MISSES):
        wrong = stage.officer.sends(f"ACK {references.printed(references.draw())}")
    assert stage.officer.sends(f"ACK {references.printed(case.reference)}") == wrong
    assert reports(citizen, case) == []
    stage.officer.now = citizen.now
    stage.officer.waits(hours=1, seconds=1)
    assert stage.officer.sends(f"ACK {references.printed(case.reference)}") != wrong


def test_what_restrains_answers_to_citizens_does_not_silence_an_officers(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    for n in range(restraint.MOST_ANSWERS + 1):
        answer = stage.officer.sends(f"HELP{'!' * n}")
    assert answer == ""
    assert stage.officer.sends(f"ACK {references.printed(case.reference)}")


def test_an_officer_is_answered_in_the_language_of_the_account(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage, language="sw")
    assert stage.officer.sends(f"ACK {references.printed(case.reference)}").startswith("Kesi ")


def test_an_officer_may_report_a_problem_too(citizen: TextingPhone, stage: Stage) -> None:
    handed(citizen, stage)
    stage.officer.sends("Done nothing about the road in Kobujoi")
    own = stage.officer.case()
    assert own.category_code == "roads"
    stage.officer.sends(f"Done? {references.printed(own.reference)} still bad")
    words = [event.body for event in own.events if event.kind is EventKind.WROTE]
    assert words == [f"Done? {references.printed(own.reference)} still bad"]


def test_a_merged_case_is_reported_on_where_it_is_worked_on(citizen: TextingPhone, stage: Stage) -> None:
    case = handed(citizen, stage)
    neighbour = citizen.of(OTHER)
    neighbour.sends(WATER)
    stage.merges(neighbour.case(), case)
    stage.officer.sends(f"DONE {references.printed(neighbour.case().reference)} replaced the pipe")
    assert [line.body for line in reports(citizen, case)] == ["replaced the pipe"]
    assert case.status is Status.OPEN
