"""The language of one who never chose any is guessed from the words."""

import pytest

from menus.language import guessed


@pytest.mark.parametrize(
    "words",
    [
        "Mbolea haijafika Chepkumia",
        "Mwalimu hayupo shuleni Ndalat",
        "Daktari hayupo Chepterwai",
        "Majambazi wako nyumbani kwetu sasa hivi Kapsabet tusaidieni",
        "Nimebakwa",
        "Wametuibia",
        "Nyumba inaungua",
        "Limepinduka Chepterit",
        "Hawajalipwa Kobujoi",
        "Tunangoja transformer",
        "Zimeharibika",
    ],
)
def test_kiswahili_is_known_by_its_verbs(words: str) -> None:
    assert guessed(words) == "sw"


@pytest.mark.parametrize(
    "words",
    [
        "The limestone quarry is open",
        "Limelight of the school",
        "A tuna can in our canteen",
        "Wanted: a doctor at Kapsabet",
        "My neighbour beats me",
        "Hatchery not working",
        "The walnut trees are dying",
        "There is no water",
    ],
)
def test_english_is_not_taken_for_kiswahili(words: str) -> None:
    assert guessed(words) == "en"


@pytest.mark.parametrize("words", ["Kapsabet", "hello", "", "Limestone", "Zimbabwe", "Uganda", "Name", "Sublime"])
def test_what_shows_no_language_is_not_guessed(words: str) -> None:
    assert guessed(words) is None
