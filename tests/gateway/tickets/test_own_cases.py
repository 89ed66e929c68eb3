"""What a citizen reads of their own case: how it stands, what was answered to them, and nothing of anybody else."""

from gateway.dialogues.callers_county import CallersCounty
from gateway.tickets import references
from menus.county import Case
from models import EventKind, Status, TicketEvent
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

WATER = "No water in Kapsabet since Monday"


def read(citizen: TextingPhone) -> Case:
    case = CallersCounty(citizen.db, citizen.number, citizen.now).my_case(citizen.case().reference)
    assert case
    return case


def test_what_came_with_a_resolution_is_the_last_answer(citizen: TextingPhone) -> None:
    citizen.sends(WATER)
    Stage(citizen).moves(citizen.case(), Status.RESOLVED, "The pipe was mended.")
    case = read(citizen)
    assert (case.status, case.answer, case.asked) == ("resolved", "The pipe was mended.", None)
    assert case.again


def test_what_was_said_fixed_is_judged_for_a_day_and_then_no_more(citizen: TextingPhone) -> None:
    citizen.sends(WATER)
    Stage(citizen).moves(citizen.case(), Status.RESOLVED, "The pipe was mended.")
    citizen.sends("1")
    assert read(citizen).again
    citizen.waits(hours=24)
    assert read(citizen).again is None


def test_the_question_is_what_came_with_the_move_and_not_a_later_answer(citizen: TextingPhone) -> None:
    citizen.sends(WATER)
    Stage(citizen).moves(citizen.case(), Status.WAITING_CITIZEN, "Near which school?")
    later = TicketEvent(ticket_id=citizen.case().id, kind=EventKind.ANSWERED, at=citizen.now, body="We look at it.")
    citizen.db.add(later)
    citizen.db.flush()
    case = read(citizen)
    assert (case.asked, case.answer) == ("Near which school?", "We look at it.")


def test_a_merged_case_stands_as_the_other_and_tells_nothing_said_before(citizen: TextingPhone) -> None:
    neighbour, stage = citizen.of(OTHER), Stage(citizen)
    neighbour.sends(WATER)
    citizen.sends("The road in Kobujoi is bad")
    lead = neighbour.case()
    stage.moves(lead, Status.WAITING_CITIZEN, "Jane, are you at home?")
    neighbour.sends("Yes, all day")
    stage.merges(citizen.case(), lead)
    case = read(citizen)
    assert (case.reference, case.ward) == (references.printed(citizen.case().reference), "Kobujoi")
    assert (case.status, case.answer) == ("open", None)
    stage.moves(lead, Status.RESOLVED, "The pipe was mended.")
    assert (read(citizen).status, read(citizen).answer) == ("resolved", "The pipe was mended.")


def test_a_case_merged_into_a_sensitive_one_names_neither_matter_nor_place(citizen: TextingPhone) -> None:
    neighbour = citizen.of(OTHER)
    neighbour.sends("The doctor at Kapsabet hospital wants a bribe")
    citizen.sends("Kapsabet hospital has no medicine")
    Stage(citizen).merges(citizen.case(), neighbour.case())
    assert (read(citizen).label, read(citizen).ward) == (None, None)
