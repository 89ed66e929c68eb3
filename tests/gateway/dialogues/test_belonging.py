"""Whose words are whose while a case is open: what may be a cry for help is never hidden in another case."""

import pytest

from gateway.tickets import references
from models import Status
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone

WATER = "No water in Kapsabet since Monday"


@pytest.fixture
def stage(citizen: TextingPhone) -> Stage:
    return Stage(citizen)


@pytest.mark.parametrize("words", ["Tumevamiwa sasa hivi!", "They came again", "Nisaidie haraka"])
def test_few_words_that_nobody_knows_are_not_hidden_in_the_case_that_is_open(citizen: TextingPhone, words: str) -> None:
    citizen.sends(WATER)
    citizen.sends(words)
    _, own = citizen.cases()
    assert (own.words, citizen.sent()[-1].ticket_id) == (words, own.id)


@pytest.mark.parametrize("words", ["Asante sana", "ok", "Noted", "Bado", "Not yet", "Ndiyo", "7"])
def test_thanks_a_bare_yes_or_no_and_a_number_go_to_the_case_that_is_open(citizen: TextingPhone, words: str) -> None:
    citizen.sends(WATER)
    assert references.printed(citizen.case().reference) in citizen.sends(words)
    assert citizen.sent()[-1].ticket_id == citizen.case().id


def test_few_words_go_to_the_case_that_something_was_asked_about(citizen: TextingPhone) -> None:
    citizen.sends("There is no water")
    assert references.printed(citizen.case().reference) in citizen.sends("I don't know")


def test_thanks_go_to_the_case_that_was_resolved_last(citizen: TextingPhone, stage: Stage) -> None:
    citizen.sends(WATER)
    citizen.sends("The road in Kapsabet is very bad")
    water, road = citizen.cases()
    stage.moves(water, Status.RESOLVED, "The pump was mended.")
    citizen.sends("Asante")
    assert (citizen.sent()[-1].ticket_id, road.status) == (water.id, Status.NEW)


@pytest.mark.parametrize(
    "words", ["Maji yamerudi asante sana", "Water is now flowing in Kapsabet, thank you", "<ref> sawa tumeona"]
)
def test_good_news_of_a_resolved_case_are_no_complaint_that_it_is_not_fixed(
    citizen: TextingPhone, stage: Stage, words: str
) -> None:
    citizen.sends(WATER)
    case = citizen.case()
    stage.moves(case, Status.RESOLVED, "The pump was mended.")
    answer = citizen.sends(words.replace("<ref>", references.printed(case.reference)))
    assert "Is it fixed?" in answer or "imetatuliwa?" in answer
    assert (citizen.case().status, case.verdict) == (Status.RESOLVED, None)


def test_thanks_that_are_taken_back_open_a_resolved_case_again(citizen: TextingPhone, stage: Stage) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, "The pump was mended.")
    citizen.sends("Thanks, but there is still no water in Kapsabet")
    assert citizen.case().status is Status.REOPENED
