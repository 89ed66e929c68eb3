"""A name that is only nearly one is asked about by one sentence; a story that begins like a command stays a case."""

import pytest

from menus.words import segments
from tests.gateway.texting import TextingPhone


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("PROJECT Kobjoy", "PROJECT 758 (Kobujoi)"),
        ("Mradi Kobjoy", "MRADI 758 (Kobujoi)"),
        ("project Keben springs", "PROJECT S104 (Protection of Keben springs)"),
        ("PROJECT flod dykes", "PROJECT S165 (Songhor and Chemase"),
        ("follow Terik toilets", "FOLLOW S111 (Terik market sheds"),
        ("Usifuate Keben spring", "USIFUATE S104 (Protection"),
        ("Mradi burseries", "MRADI S167 (Bursaries"),
        ("BUDGET helth", "BUDGET health"),
        ("BAJETI afia", "BAJETI afya"),
        ("budget agricluture", "BUDGET agriculture"),
        ("Bajeti ya elimmu", "BAJETI elimu"),
        ("LUGHA kiswahli", "LUGHA"),
        ("language englsh", "LANGUAGE"),
        ("Lugha ya Kiswahilli", "LUGHA"),
    ],
)
def test_a_misspelt_name_after_a_keyword_is_asked_about(citizen: TextingPhone, words: str, meant: str) -> None:
    answer = citizen.sends(words)
    assert meant in answer
    assert segments(answer) <= 2
    assert citizen.cases() == []


@pytest.mark.parametrize(
    "words",
    [
        "PROJECT Atlantis",
        "Mradi umekwama",
        "Mradi umeharibika",
        "project abandoned",
        "Project incomplete",
        "MRADI barabra",
        "mradi daraja",
        "Mradi maji",
        "Project dispensary closed",
        "Mradi Kapsabet umekwama",
        "Project Kaptumo stalled",
        "project market",
        "fuata sheria",
        "Budget stolen",
        "Bajeti hewa",
        "Bajeti mbaya",
        "Lugha chafu",
        "lugha mbaya",
        "Lugha ya matusi ofisini",
    ],
)
def test_what_comes_close_to_no_name_is_a_case(citizen: TextingPhone, words: str) -> None:
    citizen.sends(words)
    assert citizen.case().words == words


@pytest.mark.parametrize("command", ["PROJECT 772", "PROJECT S104", "BUDGET health", "LUGHA kiswahili"])
def test_what_is_proposed_is_understood_when_it_is_sent(citizen: TextingPhone, command: str) -> None:
    assert "Did you mean" not in citizen.sends(command)
    assert citizen.cases() == []
