"""Whose words are whose while a case is open: what may be a cry for help is never hidden in another case."""

import pytest

from gateway.tickets import references
from models import Status
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

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


@pytest.mark.parametrize("words", ["<ref>", "<ref> imefika wapi?", "Kesi <ref> iko wapi", "Hali ya kesi <ref>"])
def test_who_asks_by_a_reference_how_it_stands_is_told_and_has_answered_nothing(
    citizen: TextingPhone, stage: Stage, words: str
) -> None:
    citizen.sends(WATER)
    case = citizen.case()
    stage.moves(case, Status.WAITING_CITIZEN, "How many houses have none?")
    answer = citizen.sends(words.replace("<ref>", references.printed(case.reference)))
    assert "How many houses have none?" in answer
    assert (citizen.case().status, citizen.sent()[-1].kind) == (Status.WAITING_CITIZEN, "status")


def test_a_reference_alone_tells_nobody_else_whether_there_is_such_a_case(citizen: TextingPhone) -> None:
    citizen.sends(WATER)
    stranger = citizen.of(OTHER)
    told = stranger.sends(references.printed(citizen.case().reference))
    assert told == stranger.sends(references.printed(references.draw()))
    assert stranger.cases() == []


@pytest.mark.parametrize(
    "words", ["Hali ya kesi yangu", "Kesi yangu imefika wapi", "Fuatilia kesi yangu", "Kesi zangu"]
)
def test_who_asks_after_their_case_in_ordinary_words_opens_none(citizen: TextingPhone, words: str) -> None:
    citizen.sends(WATER)
    assert references.printed(citizen.case().reference) in citizen.sends(words)


@pytest.mark.parametrize("words", ["Miradi ya Kapsabet", "Projects in Kapsabet", "FUATA wadi ya Kapsabet"])
def test_projects_are_asked_for_in_a_whole_phrase(citizen: TextingPhone, words: str) -> None:
    citizen.sends(words)
    assert citizen.cases() == []


def test_a_project_that_stands_still_is_a_complaint(citizen: TextingPhone) -> None:
    citizen.sends("Mradi wa Kapsabet umekwama")
    assert citizen.case().ward_code == "772"


@pytest.mark.parametrize(("reply", "ward"), [("Kabiyet market", "777"), ("Kobujoi dispensary", "758")])
def test_a_landmark_answers_the_question_where(citizen: TextingPhone, reply: str, ward: str) -> None:
    citizen.sends("Maji hakuna kwetu")
    citizen.sends(reply)
    citizen.db.refresh(citizen.case())
    assert (citizen.case().category_code, citizen.case().ward_code) == ("water", ward)


def test_a_grave_matter_is_no_answer_to_the_question_where(citizen: TextingPhone) -> None:
    citizen.sends("Maji hakuna kwetu")
    citizen.sends("Moto Kabiyet")
    water, fire = citizen.cases()
    assert (water.ward_code, fire.category_code) == (None, "emergency")


@pytest.mark.parametrize("words", ["Ni Chepterit", "Samahani, ni Kabiyet"])
def test_a_place_corrected_after_the_confirmation_is_no_case_of_its_own(citizen: TextingPhone, words: str) -> None:
    citizen.sends(WATER)
    citizen.waits(hours=5)
    citizen.sends(words)
    assert (citizen.case().ward_code, citizen.sent()[-1].ticket_id) == ("772", citizen.case().id)


def test_a_place_with_a_word_that_nobody_knows_is_a_case_of_its_own(citizen: TextingPhone) -> None:
    citizen.sends(WATER)
    citizen.sends("Tumevamiwa Kabiyet")
    assert len(citizen.cases()) == 2


def test_whatever_answers_whether_it_is_fixed_stays_with_that_case(citizen: TextingPhone, stage: Stage) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, "The pump was mended.")
    citizen.waits(hours=5)
    citizen.sends("Uongo! hamna mtu alikuja huku kwetu")
    assert citizen.sent()[-1].ticket_id == citizen.case().id


@pytest.mark.parametrize("words", ["Nashukuru sana", "Shukrani"])
def test_late_thanks_in_other_words_open_no_case(citizen: TextingPhone, stage: Stage, words: str) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.REJECTED, "This is not the county's.")
    assert citizen.sends(words) == ""
    assert citizen.sent()[-1].ticket_id == citizen.case().id


def test_the_longer_story_goes_to_the_case_that_was_opened_a_moment_ago(citizen: TextingPhone) -> None:
    story = "Tulipiga simu mara tatu lakini hakuna aliyekuja kutusaidia"
    citizen.sends("The road in Kapsabet is very bad")
    citizen.waits(minutes=20)
    citizen.sends(story)
    assert citizen.sent()[-1].ticket_id == citizen.case().id
    citizen.waits(minutes=20)
    citizen.sends(f"{story} leo")
    assert len(citizen.cases()) == 2
