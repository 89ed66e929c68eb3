"""Which SMS are commands and which only begin like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import keywords
from menus.intents import OptOut
from menus.play_cases import SAMPLE_CASES
from menus.play_county import SampleCounty
from menus.sms import Said, joined
from menus.words import LANGUAGES, gsm7, segments


class WritersCounty(SampleCounty):
    """The sample county, as one who writes may see it."""

    def wards_named(self, words: str):  # type: ignore[no-untyped-def]
        return [self.ward("772")] if "kapsabet" in words.lower() else []

    def department_named(self, words: str) -> str | None:
        return "health" if {"health", "afya"} & set(words.lower().split()) else None

    def nearly_named(self, words: str):  # type: ignore[no-untyped-def]
        return [self.ward("772")] if words.lower() == "kabset" else []

    def departments_nearly_named(self, words: str) -> list[str]:
        return ["health"] if words.lower() == "helth" else []


def command(text: str) -> str | None:
    """The name of the command a text is, None where it is none."""
    match = keywords.match(text)
    if match is None:
        return None
    said = Said(match.rest, match.language, WritersCounty("772", list(SAMPLE_CASES)), "*1548#")
    return match.keyword.name if match.keyword.answer(said) else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HELP", "help"),
        ("Help please", "help"),
        ("msaada", "help"),
        ("STATUS", "status"),
        ("statas MKF-A8S-42V", "status"),
        ("Hali mkf a8s 42v", "status"),
        ("hali MKFA8S42V", "status"),
        ("hali mkfa8s-42v", "status"),
        ("status mkf a8s 4v", "status"),
        ("status MKF-ABS-ZVZ", "status"),
        ("Hali ya kesi yangu", "status"),
        ("Hali ya kesi MKF-A8S-42V", "status"),
        ("Status of my case", "status"),
        ("Kesi yangu imefika wapi", "status"),
        ("Kesi yangu imefika wapi?", "status"),
        ("Kesi zangu", "status"),
        ("My case", "status"),
        ("Case MKF-A8S-42V", "status"),
        ("Fuatilia kesi yangu", "follow"),
        ("PROJECT", "project"),
        ("Miradi ya Kapsabet", "project"),
        ("Projects in Kapsabet", "project"),
        ("Mradi wa Kapsabet", "project"),
        ("Miradi ya wadi ya Kapsabet", "project"),
        ("FUATA wadi ya Kapsabet", "follow"),
        ("Mradi S117", "project"),
        ("MIRADI Kapsabet", "project"),
        ("project Kapsabet ward", "project"),
        ("project S999", "project"),
        ("budget", "budget"),
        ("Bajeti afya", "budget"),
        ("FOLLOW S117", "follow"),
        ("fuata Kapsabet", "follow"),
        ("unfollow S117", "unfollow"),
        ("Acha kufuata S117", "unfollow"),
        ("usifuate Kapsabet", "unfollow"),
        ("ERASE", "erase"),
        ("futa taarifa zangu zote", "erase"),
        ("delete my number", "erase"),
        ("LANGUAGE Kiswahili", "language"),
        ("Lugha english", "language"),
        ("LUGHA kiswahli", "language"),
        ("Project Kabset", "project"),
        ("budget helth", "budget"),
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Stop!!", "stop"),
        ('"STOP"', "stop"),
        ("STOP SMS", "stop"),
        ("acha tafadhali", "stop"),
        ("Ondoka", "stop"),
        ("TOKA", "stop"),
        ("STOP STOP STOP", "stop"),
        ("STOP sending me messages", "stop"),
        ("STOP thanks", "stop"),
        ("stop it", "stop"),
        ("Please stop", "stop"),
        ("stop sms please", "stop"),
        ("Acha kunitumia SMS", "stop"),
        ("Tafadhali acha kunitumia meseji", "stop"),
        ("Sitaki meseji zenu", "stop"),
        ("STOP*456*9*5#", "stop"),
        ("No more messages please", "stop"),
        ("START", "start"),
        ("anza", "start"),
        ("ＳＴＯＰ", "stop"),
        ("S\u200bTOP", "stop"),
    ],
)
def test_a_keyword_is_known_as_people_write_it(text: str, name: str) -> None:
    assert command(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "Stop the lorries dumping at the river",
        "Stop corruption",
        "Please stop the lorries dumping at the river",
        "Please help, there is a fire",
        "Please, no water",
        "Sitaki hongo",
        "Sitaki",
        "No more water in the tank",
        "Stop, help me now",
        "Acha rushwa tafadhali",
        "Acha wizi",
        "Acha rushwa kwa hospitali",
        "Toka jana hakuna maji",
        "Ondoka na hongo",
        "Start the road works please",
        "Anza kujenga barabara",
        "Help, there is a fire at the market",
        "Msaada wa maji Kaptumo",
        "Hali ya barabara ni mbaya",
        "hali mbaya sana",
        "Hali barabara",
        "hali hospitali",
        "Status hospital",
        "hali wadi ya 778",
        "Mradi umekwama",
        "Project abandoned",
        "Mradi umeibiwa pesa",
        "Mradi Kapsabet umekwama",
        "Mradi wa Kapsabet umekwama",
        "Kesi ya wizi Kapsabet",
        "Case of theft in Kapsabet",
        "Kesi yangu mahakamani Kapsabet",
        "Fuata sheria",
        "Bajeti imeibiwa",
        "Budget health stolen",
        "Lugha chafu",
        "status of our road",
        "Mradi wa maji umekwama Kaptumo",
        "project stalled since last year in our village",
        "Bajeti ya barabara iko wapi mwaka huu",
        "follow up on the broken bridge",
        "Lugha chafu kwa hospitali",
        "futa deni la maji",
        "No water",
        "unstoppable",
        "",
        "  ",
        "😀",
        "2",
    ],
)
def test_a_sentence_that_only_begins_like_a_command_is_none(text: str) -> None:
    assert command(text) is None


@pytest.mark.parametrize("text", ["Fuatilia kesi yangu", "Follow my case", "Follow up on my case"])
def test_to_follow_ones_case_asks_how_it_stands(text: str) -> None:
    match = keywords.match(text)
    assert match
    answer = match.keyword.answer(Said(match.rest, "en", WritersCounty("772", list(SAMPLE_CASES)), "*1548#"))
    assert answer
    assert answer.intent is None
    assert "My cases" in answer.text


@given(st.lists(st.text(alphabet=st.characters(categories=["Ll"]), min_size=3), min_size=2))
def test_no_sentence_opts_anybody_out(words: list[str]) -> None:
    match = keywords.match(f"stop {' '.join(words)}")
    said = Said(match.rest, "en", WritersCounty(), "*1548#") if match else None
    answer = match.keyword.answer(said) if match and said else None
    assert answer is None or not isinstance(answer.intent, OptOut)


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert command(text) in {None, *(keyword.name for keyword in keywords.KEYWORDS)}


def test_no_word_stands_for_two_commands() -> None:
    words = [word for keyword in keywords.KEYWORDS for spelled in keyword.words.values() for word in spelled.split()]
    assert len(words) == len(set(words))
    assert all(set(keyword.words) == {"en", "sw"} <= set(LANGUAGES) for keyword in keywords.KEYWORDS)


@given(st.lists(st.text(max_size=200), min_size=1, max_size=60), st.just("More: dial *1548#, free."))
def test_an_answer_takes_three_segments_at_most_and_says_where_there_is_more(lines: list[str], more: str) -> None:
    text = joined(lines, more=more)
    assert segments(text) <= 3
    assert text.endswith(more) or text == "\n".join(map(gsm7, lines))
