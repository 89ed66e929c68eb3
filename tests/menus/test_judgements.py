"""What a citizen says of a resolution is read off plain words, and never guessed."""

import pytest

from menus.judgements import how, is_courtesy, read, sounds_well
from menus.words import segments
from tests.menus.calls import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "1",
        " 1. ",
        "1!",
        "Number 1 ..",
        "jibu 1",
        "1 asante",
        "1, thank you very much",
        "1 maji yamerudi",
        "Yes",
        "YES!!",
        "yess",
        "Yes it is fixed",
        "It's fixed now",
        "fixed",
        "fixd",
        "ndiyo",
        "Ndio",
        "ndyo asante sana",
        "Imetatuliwa",
        "ndiyo imetatuliwa",
        "Yes, the water is back",
        "tatizo limetatuliwa",
    ],
)
def test_a_plain_yes_is_read_as_fixed(text: str) -> None:
    said = read(text)
    assert said
    assert (said.is_fixed, said.is_sure) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        "namba 2",
        "2 still no water",
        "2 bado",
        "No",
        "NO!",
        "noo",
        "not fixed",
        "Not yet",
        "It is not fixed",
        "The problem is not fixed",
        "it isn't fixed",
        "hapana",
        "Hapna",
        "hapana asante",
        "bado",
        "bado haijatatuliwa",
        "Haijatatuliwa",
        "no, still the same",
        "no not fixed",
        "bado hakuna maji",
        "2 imetatuliwa kidogo tu",
    ],
)
def test_a_plain_no_is_read_as_not_fixed(text: str) -> None:
    said = read(text)
    assert said
    assert (said.is_fixed, said.is_sure) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No problem",
        "no problem, thank you",
        "Hapana shida",
        "hakuna matata asante",
        "3",
        "12",
        "1548",
        "1.5 km of road",
        "2/3 done",
        "2nd street",
        "asante",
        "ok",
        "sawa",
        "Thank you",
        "maji",
        "Hakuna maji",
        "Water is back",
        "yes no",
        "fixed? no",
        "yes, never",
        "no it is fixed",
        "ndiyo hapana",
        "K7Q-M2P-4XD",
    ],
)
def test_what_is_neither_is_no_judgement(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "yes but only at night",
        "1 week without water",
        "2 weeks without water",
        "1 bado",
        "Yes the pipe",
        "ndiyo lakini",
        "1 2",
        "1 or 2",
    ],
)
def test_what_takes_a_yes_back_leaves_it_in_doubt(text: str) -> None:
    said = read(text)
    assert said
    assert not said.is_sure


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2", ""),
        ("2 Still no water!", "Still no water!"),
        ("1, asante sana", "asante sana"),
        ("not fixed", ""),
        ("Hapana, bado hakuna maji", "Hapana, bado hakuna maji"),
    ],
)
def test_the_words_beside_it_are_kept_as_they_were_written(text: str, words: str) -> None:
    said = read(text)
    assert said
    assert said.words == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_to_say_it_fits_one_segment(language: str) -> None:
    assert segments(how(language, "K7Q-M2P-4XD")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Maji yamerudi asante sana",
        "Water is now flowing in Kapsabet, thank you",
        "sawa tumeona",
        "Hakuna shida sasa, maji yamerudi",
        "The road is fine now",
    ],
)
def test_good_news_sound_well(text: str) -> None:
    assert sounds_well(text)


@pytest.mark.parametrize(
    "text",
    [
        "Asante lakini bado hakuna maji",
        "Thank you but the water is still dirty",
        "Water is not flowing",
        "Si sawa, maji hayajarudi",
        "Asante, fundi hakufika",
        "Haya maji ni ya kahawia",
        "Still no water in Kapsabet",
        "",
    ],
)
def test_what_takes_thanks_back_does_not_sound_well(text: str) -> None:
    assert not sounds_well(text)


@pytest.mark.parametrize("text", ["Nashukuru sana", "Shukrani", "Ahsanteni sana", "ok", "God bless you"])
def test_thanks_in_other_words_are_courtesy(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize("text", ["Asante tumeibiwa", "Please", "Sana sana"])
def test_what_says_more_or_no_thanks_is_none(text: str) -> None:
    assert not is_courtesy(text)
