"""Whose words are whose: a matter of its own, a reply to what was read last, thanks after the end."""

import pytest
from sqlalchemy import select

from gateway.tickets import casework, merging, moves
from models import Message, Role, State, Status, Ticket
from tests.gateway.desks import deed, hire
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

WATER, ROAD = "No water in Kapsabet since Monday", "The road in Kapsabet is very bad"


@pytest.fixture
def stage(citizen: TextingPhone) -> Stage:
    return Stage(citizen)


@pytest.fixture
def both(citizen: TextingPhone) -> list[Ticket]:
    """A case about water and one about the road."""
    citizen.sends(WATER)
    citizen.sends(ROAD)
    return citizen.cases()


@pytest.mark.parametrize(
    ("words", "category"), [("Kuna moto sokoni Serem", "emergency"), ("Mtoto amebakwa Kapsabet", "abuse")]
)
def test_a_grave_matter_is_no_answer_to_what_staff_asked_about_another(
    citizen: TextingPhone, stage: Stage, words: str, category: str
) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.WAITING_CITIZEN, "How many houses have none?")
    citizen.sends(words)
    water, grave = citizen.cases()
    assert (grave.category_code, grave.words) == (category, words)
    assert water.status is Status.WAITING_CITIZEN


def test_more_of_a_grave_matter_is_told_to_its_own_case_that_waits(citizen: TextingPhone) -> None:
    citizen.sends("Doctor in Kapsabet wants a bribe")
    boss = hire(citizen.db, "boss", Role.SUPERVISOR)
    casework.move(citizen.db, deed(citizen.case(), boss), Status.WAITING_CITIZEN, "Which hospital is it?")
    citizen.sends("He wants a bribe at the county hospital")
    assert citizen.case().status is Status.OPEN


@pytest.mark.parametrize("reply", ["1", "Ndiyo"])
def test_a_word_said_before_of_another_case_answers_what_was_asked_since(
    citizen: TextingPhone, stage: Stage, both: list[Ticket], reply: str
) -> None:
    water, road = both
    stage.moves(water, Status.RESOLVED, "The pump was mended.")
    citizen.waits(minutes=1)
    citizen.sends(reply)
    assert water.status is Status.CLOSED
    citizen.waits(minutes=1)
    stage.moves(road, Status.WAITING_CITIZEN, "Is it near the school?")
    citizen.waits(minutes=1)
    assert "Added to your case" in citizen.sends(reply) or citizen.sent()[-1].ticket_id == road.id
    assert road.status is Status.OPEN


def test_a_word_said_before_of_another_case_belongs_to_what_staff_wrote_last(
    citizen: TextingPhone, stage: Stage, both: list[Ticket]
) -> None:
    water, road = both
    stage.moves(water, Status.WAITING_CITIZEN, "Has it come back?")
    citizen.waits(minutes=1)
    citizen.sends("Bado")
    stage.moves(road, Status.WAITING_CITIZEN, "Was the road graded?")
    citizen.waits(minutes=1)
    citizen.sends("Bado")
    assert citizen.sent()[-1].ticket_id == road.id


def test_one_who_was_joined_to_a_case_that_waits_for_somebody_else_was_asked_nothing(
    citizen: TextingPhone, stage: Stage
) -> None:
    neighbour = citizen.of(OTHER)
    citizen.sends(WATER)
    neighbour.sends(WATER)
    stage.moves(citizen.case(), Status.WAITING_CITIZEN, "How many houses have none?")
    boss = hire(citizen.db, "boss", Role.SUPERVISOR)
    own, lead = neighbour.case(), citizen.case()
    merging.merge(citizen.db, deed(own, boss, citizen.now), lead.reference)
    citizen.db.flush()
    citizen.db.refresh(own)
    assert "waits for you" not in neighbour.sends(f"STATUS {own.reference}")
    neighbour.sends(ROAD)
    assert len(neighbour.cases()) == 2
    neighbour.sends("Still no water in Kapsabet")
    assert citizen.sent()[-1].body == WATER
    assert lead.status is Status.WAITING_CITIZEN
    citizen.sends("Ten houses")
    assert lead.status is Status.OPEN


def test_who_never_chose_a_language_is_answered_in_that_of_the_case_that_is_over(
    citizen: TextingPhone, stage: Stage
) -> None:
    citizen.sends("Hakuna maji Kapsabet tangu Jumatatu")
    case = citizen.case()
    stage.moves(case, Status.RESOLVED, "Bomba limerekebishwa.")
    moves.put(citizen.db, case, Status.CLOSED, None, citizen.now)
    assert citizen.sends(f"1 {case.reference}").startswith("Asante")


@pytest.mark.parametrize("words", ["Asante", "ok", "Thank you"])
def test_thanks_after_the_end_open_no_case(citizen: TextingPhone, stage: Stage, words: str) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.REJECTED, "This is not the county's.")
    assert citizen.sends(words) == ""
    assert citizen.sent()[-1].ticket_id == citizen.case().id


@pytest.mark.parametrize("words", ["Asante", "Thank you"])
def test_thanks_from_one_who_heard_nothing_of_late_are_a_compliment(citizen: TextingPhone, words: str) -> None:
    citizen.sends(words)
    assert citizen.case().category_code == "compliment"


def test_the_news_that_somebody_follows_after_stop_are_said_to_need_start(citizen: TextingPhone) -> None:
    citizen.sends("STOP")
    for words in ("FOLLOW Kapsabet", "FUATA Kapsabet"):
        assert "START" in citizen.sends(words)
    citizen.sends("START")
    assert "START" not in citizen.sends("FOLLOW Kapsabet")


def test_all_that_came_is_kept_as_handled(citizen: TextingPhone, stage: Stage) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.REJECTED, "This is not the county's.")
    for words in ("Asante", "ok", "1", "Bado"):
        citizen.sends(words)
    states = citizen.db.scalars(select(Message.state).where(Message.phone == citizen.number)).all()
    assert State.RECEIVED not in states
