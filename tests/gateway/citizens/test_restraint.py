"""Two machines that answer each other come to an end, and whoever guesses references learns nothing."""

from itertools import pairwise

from gateway.citizens import consent, restraint
from gateway.tickets import references
from models import State, Status
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

WORDS = "No water in Kapsabet since Monday"
_WARDS = (
    "Kapsabet Kilibwoni Chepkumia Kabiyet Kabisaga Ndalat Kobujoi Terik Kiptuya Kosirai Kipkaren Tindiret Kapchorua"
)
WARDS = _WARDS.split()  # a matter in each is a case of its own


def test_a_phone_gets_ten_automatic_answers_an_hour(citizen: TextingPhone) -> None:
    answers = [citizen.sends(f"HELP{'!' * n}") for n in range(15)]
    assert [bool(answer) for answer in answers] == [True] * 10 + [False] * 5
    citizen.waits(hours=1, seconds=1)
    assert citizen.sends("HELP")


def test_another_phone_is_answered_meanwhile(citizen: TextingPhone) -> None:
    for n in range(12):
        citizen.sends(f"HELP{'!' * n}")
    assert citizen.of(OTHER).sends("HELP")


def test_the_same_text_again_and_again_is_one_case_and_every_one_is_kept(citizen: TextingPhone) -> None:
    answers = [citizen.sends(WORDS) for _ in range(30)]
    assert sum(map(bool, answers)) == 10
    case = citizen.case()
    assert [message.ticket_id for message in citizen.sent()] == [case.id] * 30
    assert {message.state for message in citizen.sent()} == {State.HANDLED}
    assert len(case.events) <= 1 + restraint.MOST_ALIKE


def test_a_phone_opens_ten_cases_an_hour_and_further_words_go_to_the_newest_one(citizen: TextingPhone) -> None:
    said = [f"There has been no water in {ward} since Monday" for ward in WARDS]
    for words in said:
        citizen.sends(words)
    newest = citizen.cases()[-1]
    assert [case.words for case in citizen.cases()] == said[:10]
    assert [event.body for event in newest.events if event.body] == said[10:]
    assert [message.ticket_id for message in citizen.sent()[10:]] == [newest.id] * 3
    assert citizen.of(OTHER).sends(said[12])
    citizen.waits(hours=1, seconds=1)
    citizen.sends("There has been no water in Chepterwai since Monday")
    assert len(citizen.cases()) == 11


def test_after_ten_cases_a_cry_for_help_still_is_a_case_of_its_own(citizen: TextingPhone) -> None:
    for ward in WARDS[:10]:
        citizen.sends(f"There has been no water in {ward} since Monday")
    citizen.sends("The road to Kapkangani has a very deep hole")
    citizen.sends("There is a big fire at Kapkangani market")
    assert [case.category_code for case in citizen.cases()] == ["water"] * 10 + ["emergency"]


def test_a_reference_of_somebody_else_is_no_way_round_the_ten_cases(citizen: TextingPhone) -> None:
    citizen.of(OTHER).sends(WORDS)
    theirs = references.printed(citizen.of(OTHER).case().reference)
    for n in range(12):
        citizen.sends(f"{theirs} please look at this thing of ours, number {n}")
    assert len(citizen.cases()) == 10


def test_without_a_living_case_even_the_eleventh_is_opened(citizen: TextingPhone) -> None:
    for ward in WARDS[:10]:
        citizen.sends(f"There has been no water in {ward} since Monday")
    for case in citizen.cases():
        case.status = Status.CLOSED
    citizen.sends("please look at this thing of ours, once more")
    assert len(citizen.cases()) == 11


def test_after_twenty_identical_texts_in_five_minutes_the_next_is_not_answered(citizen: TextingPhone) -> None:
    for _ in range(restraint.MOST_ALIKE):
        citizen.leaves("HELP")
    citizen.is_handled()
    citizen.waits(minutes=4)
    citizen.leaves("HELP")
    assert not restraint.may_answer(citizen.db, citizen.sent()[-1], citizen.now)
    citizen.waits(hours=1)
    citizen.leaves("HELP")
    assert restraint.may_answer(citizen.db, citizen.sent()[-1], citizen.now)


def test_stop_is_obeyed_where_it_is_answered_no_more(citizen: TextingPhone) -> None:
    for _ in range(restraint.MOST_ALIKE + 1):
        citizen.sends("STOP")
    citizen.sends("START")
    assert not consent.is_opted_out(citizen.db, citizen.number)
    citizen.sends("STOP")
    assert consent.is_opted_out(citizen.db, citizen.number)


def test_a_case_is_confirmed_once_whatever_happens_to_it(citizen: TextingPhone) -> None:
    for words in (WORDS, "still no water in Kapsabet", "thanks", WORDS):
        citizen.sends(words)
    assert [message.kind for message in citizen.answers()].count("confirmation") == 1


def test_five_wrong_references_an_hour_are_looked_up_and_then_even_the_right_one_is_not_found(
    citizen: TextingPhone,
) -> None:
    citizen.sends(WORDS)
    own = f"STATUS {references.printed(citizen.case().reference)}"
    wrong = {citizen.sends(f"STATUS {references.printed(references.draw())}") for _ in range(restraint.MOST_MISSES)}
    assert len(wrong) == 1
    assert citizen.sends(own) in wrong
    citizen.waits(hours=1, seconds=1)
    assert "Water" in citizen.sends(own)


def test_two_machines_that_answer_each_other_come_to_an_end(citizen: TextingPhone) -> None:
    said = ["Thank you for your message, we are out of the office"]
    while len(said) < 50 and said[-1]:
        said.append(citizen.sends(said[-1]))
    assert said[-1] == ""
    assert len(said) <= 12
    assert all(first for first, _ in pairwise(said))
