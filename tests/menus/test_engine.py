"""The rules of the dialogue: keys, numbers, mistakes and the way back."""

from dataclasses import replace

import pytest

from menus import engine
from menus.intents import ContestFixed, FollowProject, OpenTicket, SetLanguage
from menus.play_cases import SAMPLE_CASES
from menus.play_county import SampleCounty
from tests.menus.calls import Call, kept, opening
from tests.menus.longest import LongestCounty

KAPSABET = "772"
PROJECTS = ("3", "1")  # from home to the projects of one's own ward
LONG_STORY = "No water at Namgoi since Monday, the pipe by the school is broken. " * 15


@pytest.fixture
def known() -> Call:
    """A call of somebody who has called before, from Kapsabet."""
    return Call(SampleCounty(KAPSABET, list(SAMPLE_CASES)))


@pytest.fixture
def busy() -> Call:
    """A call to a county whose lists run over many pages."""
    return Call(LongestCounty(projects_listed=7))


def test_0_goes_back_one_screen(known: Call) -> None:
    before = known.type("3")
    known.type("1")
    assert known.type("0") == before


def test_00_goes_home_from_anywhere(known: Call) -> None:
    home = known.text
    known.type(*PROJECTS, "1", "1")
    assert known.type("00") == home
    assert (known.turn.state.trail, known.turn.state.answers) == ((), {})


def test_home_has_no_way_back(known: Call) -> None:
    home = known.text
    assert known.type("0") == f"Not on the list.\n{home}"
    assert "0 Back" not in home


def test_98_turns_the_page_and_0_turns_it_back(busy: Call) -> None:
    first = busy.type(*PROJECTS)
    second = busy.type("98")
    assert busy.type("98") not in (first, second)
    assert busy.type("0") == second
    assert busy.type("0") == first


def test_98_on_the_last_page_is_a_mistake(known: Call) -> None:
    home = known.text
    assert known.type("98") == f"Not on the list.\n{home}"


def test_back_keeps_the_page_one_came_from(busy: Call) -> None:
    third = busy.type(*PROJECTS, "98", "98")
    assert busy.type("3", "0") == third


def test_the_page_of_a_list_that_has_shrunk_is_its_last_one(busy: Call) -> None:
    busy.type(*PROJECTS, "98", "98", "98", "98")
    busy.county = LongestCounty(projects_listed=2)
    assert busy.type("777").splitlines()[-1] == "0 Back 00 Home"
    assert engine.step(kept(busy.turn.state), "2", busy.county).state.screen == "project"


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("turned", [0, 3, 6])
def test_any_number_of_the_list_counts_on_any_of_its_pages(busy: Call, number: int, turned: int) -> None:
    busy.type(*PROJECTS, *["98"] * turned, str(number))
    assert busy.turn.state.answers["project"] == str(number - 1)


@pytest.mark.parametrize("typed", ["1", "1#", " 01 ", "01", " 1", "1 #"])
def test_a_number_is_read_as_people_type_it(known: Call, typed: str) -> None:
    known.type(typed)
    assert known.screen == "complaint_category"


@pytest.mark.parametrize("typed", ["", " ", "#", "6", "99", "-1", "1.0", "one", "1 2 3 4 5", "²", "١", "😀"])
def test_what_is_not_on_the_list_repeats_the_screen_under_one_short_line(known: Call, typed: str) -> None:
    home = known.text
    assert known.type(typed) == f"Not on the list.\n{home}"
    assert not known.turn.is_end


def test_the_third_mistake_names_the_line_where_people_answer_and_the_call_goes_on(known: Call) -> None:
    home = known.text
    known.type("9", "9")
    assert known.type("9") == known.type("9") == f"Help: call 1548\n{home}"
    assert not known.turn.is_end
    known.type("1")
    assert known.screen == "complaint_category"


def test_mistakes_are_counted_anew_on_the_next_screen(known: Call) -> None:
    known.type("9", "9", "1")
    assert known.type("99").startswith("Not on the list.\n")


def test_mistakes_are_counted_anew_on_the_next_page(busy: Call) -> None:
    busy.type(*PROJECTS, "777", "777", "98")
    assert busy.type("777").startswith("Not on the list.\n")


def test_numbers_and_pages_stay_where_they_are_under_a_mistake(busy: Call) -> None:
    page = busy.type(*PROJECTS, "98")
    for line in ("Not on the list.", "Not on the list.", "Help: call 1548"):
        assert busy.type("777") == f"{line}\n{page}"
    assert busy.type("98") != page


def test_a_list_stops_at_90_and_says_so() -> None:
    call = Call(LongestCounty(projects_listed=95))
    assert " 90+, KES " in call.type(*PROJECTS)
    assert "Only the first 90." in call.leaf_through()[-1]
    assert call.type("91").startswith("Not on the list.\n")
    call.type("90")
    assert call.screen == "project"


def test_a_number_that_is_taken_away_leaves_the_others_theirs() -> None:
    county = SampleCounty(KAPSABET)
    call = Call(county)
    assert "1 Report a problem\n2 Follow it\n" in call.type(*PROJECTS, "1")
    county.followed.add("S117")
    assert "1 Report a problem\n3 Unfollow\n" in call.type("0", "1")
    assert call.type("2").startswith("Not on the list.")


def test_a_language_is_chosen_for_the_rest_of_the_call(known: Call) -> None:
    assert "Ripoti shida" in known.type("5", "2")
    assert known.intents == [SetLanguage("sw")]
    assert known.type("77").startswith("Haipo orodhani.")


def test_a_first_call_asks_for_the_language_and_says_in_each_why_the_number_is_kept() -> None:
    call = Call(SampleCounty(), language=None)
    assert "SMS ERASE" in call.text
    assert "SMS FUTA" in call.text
    assert "1 Report a problem" in call.type("1")


def test_a_caller_whose_language_is_no_longer_offered_chooses_again() -> None:
    assert opening("kln").screen == "welcome"


@pytest.mark.parametrize("trail", [(), (("home", 0),), (("home", 0), ("gone_too", 1))])
def test_a_screen_that_was_renamed_meanwhile_starts_again_at_home(trail: tuple[tuple[str, int], ...]) -> None:
    state = replace(opening("en"), screen="gone", trail=trail)
    assert engine.begin(state, SampleCounty()).state.screen == "home"
    assert engine.step(state, "1", SampleCounty()).state.screen == "complaint_category"


def test_a_way_over_a_renamed_screen_starts_again_at_home() -> None:
    state = replace(opening("en"), screen="budget", trail=(("home", 0), ("gone", 0)))
    assert engine.begin(state, SampleCounty()).state.screen == "home"


def test_short_words_of_a_category_left_again_are_not_told_of_the_next(known: Call) -> None:
    known.type("1", "1", "1", "maji", "0", "0", "2", "1", "The bridge has fallen")
    assert "maji" not in known.text
    assert "The bridge has fallen" in known.text


def test_short_words_outlive_a_line_that_drops(known: Call) -> None:
    known.type("1", "1", "1", "maji")
    known.redial()
    known.type("1", "none for three days")
    assert "maji none for three days" in known.text


def test_short_words_are_asked_for_once_more_and_then_taken_with_nothing_lost(known: Call) -> None:
    question = known.type("1", "1", "1")
    assert known.type("maji") == f"A little more, please.\n{question}"
    assert "maji Namgoi" in known.type("Namgoi")
    known.type("1")
    assert known.intents == [OpenTicket("water", "maji Namgoi", ward=KAPSABET)]


def test_nothing_typed_is_asked_for_again_and_doesnt_count_as_words(known: Call) -> None:
    question = known.type("1", "1", "1")
    assert known.type("maji", "   ") == f"Please type it.\n{question}"
    known.type("yamekwisha", "1")
    assert known.intents == [OpenTicket("water", "maji yamekwisha", ward=KAPSABET)]


def test_words_that_may_be_left_out_are_left_out_with_a_number(known: Call) -> None:
    known.type("2", "2", "2", "1")
    assert known.intents == [ContestFixed("XKCZSUPT5")]


def test_words_begun_are_not_lost_when_the_rest_is_left_out(known: Call) -> None:
    known.type("2", "2", "2", "no", "1")
    assert known.intents == [ContestFixed("XKCZSUPT5", "no")]


def test_what_a_case_is_said_to_be_is_done_once(known: Call) -> None:
    known.type("2", "2", "1", "1", "1")
    assert len(known.intents) == 1
    assert engine.replay(opening("en"), ("2", "2", "1"), known.county).intents == ()


def test_a_long_story_is_kept_whole_and_read_back_cut_at_a_word(known: Call) -> None:
    read_back = known.type("1", "1", "1", LONG_STORY).splitlines()
    assert read_back[2] == "No water at Namgoi since Monday, the pipe by the school is.."
    known.type("1")
    assert known.intents == [OpenTicket("water", LONG_STORY.strip(), ward=KAPSABET)]


@pytest.mark.parametrize(
    "words", ["98 people have no water", "0 water since Monday", "pipe *broken* #1 at Namgoi", "…"]
)
def test_words_are_kept_as_they_were_typed(known: Call, words: str) -> None:
    known.type("1", "1", "1", words)
    if known.screen == "complaint_words":
        known.type("-")
    known.type("1")
    assert [intent.words.removesuffix(" -") for intent in known.intents if isinstance(intent, OpenTicket)] == [words]


def test_changing_the_words_leads_to_the_question_and_replaces_them(known: Call) -> None:
    known.type("1", "1", "1", "No water at Namgoi", "2")
    assert known.screen == "complaint_words"
    known.type("Water is back, but it is brown", "1")
    assert known.intents == [OpenTicket("water", "Water is back, but it is brown", ward=KAPSABET)]


def test_few_words_that_were_changed_do_not_come_back(known: Call) -> None:
    known.type("1", "1", "1", "maji", "Namgoi", "2", "Water is back, but it is brown", "1")
    assert known.intents == [OpenTicket("water", "Water is back, but it is brown", ward=KAPSABET)]


def test_a_choice_left_behind_does_not_stick_to_what_is_sent() -> None:
    call = Call(SampleCounty(KAPSABET))
    call.type("4", "2", "1", "0", "0", "4", "How much is for roads?", "1")
    assert call.intents == [OpenTicket("budget_question", "How much is for roads?")]


def test_a_hidden_number_left_behind_does_not_stick_to_a_question_about_the_budget() -> None:
    call = Call(SampleCounty(KAPSABET))
    call.type("4", "2", "1", "1", "6", "He asked me for a bribe", "2")
    call.type("0", "0", "0", "0", "0", "0", "4", "How much is for roads?", "1")
    assert call.intents == [OpenTicket("budget_question", "How much is for roads?")]


def test_the_ward_of_a_problem_with_a_project_of_the_whole_county_can_be_chosen_anew() -> None:
    call = Call(LongestCounty())
    call.type("3", "3", "1", "1", "1", "1")
    assert call.screen == "complaint_words"
    call.type("0", "0")
    assert call.screen == "complaint_category"
    call.type("1")
    assert call.screen == "complaint_where"


def test_a_number_hidden_for_one_matter_is_not_hidden_for_another(known: Call) -> None:
    known.type("1", "6", "1", "He asked me for a bribe", "2")
    assert known.screen == "complaint_check"
    known.type("0", "0", "0", "0", "1", "1", "No water since Monday", "1")
    assert known.intents == [OpenTicket("water", "No water since Monday", ward=KAPSABET)]


def test_what_is_to_be_done_comes_once(known: Call) -> None:
    known.type(*PROJECTS, "1", "2")
    assert known.intents == [FollowProject("S117")]
    known.type("777")
    known.type("0", "0")
    assert engine.begin(kept(known.turn.state), known.county).intents == ()
    assert known.intents == [FollowProject("S117")]


def test_whatever_is_typed_after_the_end_starts_at_home_and_does_nothing(known: Call) -> None:
    known.type("1", "1", "1", "No water since Monday", "1")
    assert known.turn.is_end
    known.type("1")
    assert known.screen == "home"
    assert len(known.intents) == 1


def test_the_way_back_is_long_but_not_endless_and_ends_at_home(known: Call) -> None:
    known.type("1", "1", "1", *["No water since Monday", "2"] * 40)
    assert len(known.turn.state.trail) <= engine.LONGEST_TRAIL + 1
    known.type(*["0"] * (engine.LONGEST_TRAIL + 1))
    assert known.screen == "home"
