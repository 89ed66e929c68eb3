"""Who is in danger says so in plain words, in verbs that change in front; who is not, uses like ones."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.county import lexicon
from gateway.county.lexicon import categories_in, is_urgent
from gateway.county.recognition import recognise

DANGER = [
    ("Nimebakwa", "abuse"),
    ("Alinibaka jana usiku", "abuse"),
    ("Mtoto wangu amebakwa na jirani", "abuse"),
    ("Wamembaka msichana", "abuse"),
    ("Nisaidie mume ananipiga", "abuse"),
    ("Mume wangu amenipiga tena", "abuse"),
    ("Baba anampiga mama kila siku", "abuse"),
    ("My husband beats me every night", "abuse"),
    ("There is violence in that home", "abuse"),
    ("The child is a victim of abuse", "abuse"),
    ("Amesema ataniua", "abuse"),
    ("Amemlawiti kijana", "abuse"),
    ("Nyumba inaungua!", "emergency"),
    ("Nyumba yetu imeungua yote", "emergency"),
    ("Nyumba ya jirani imeteketea", "emergency"),
    ("A house is burning in Kapsabet please come", "emergency"),
    ("Mtoto ameanguka kisimani", "emergency"),
    ("Mtoto ametumbukia chooni", "emergency"),
    ("Watoto wanazama mtoni", "emergency"),
    ("A child fell into the river", "emergency"),
    ("We need an ambulance now at Kabisaga", "emergency"),
    ("Mama anajifungua barabarani tunahitaji ambulance haraka Ndalat", "emergency"),
    ("Gari limepinduka Chepterit", "emergency"),
    ("Kuna ajali hapa Chepterit", "emergency"),
    ("Magari mawili yamegongana", "emergency"),
    ("Kijana amegongwa na pikipiki", "emergency"),
    ("Nyoka ameingia darasani", "emergency"),
    ("Fisi wanazunguka kijijini", "emergency"),
    ("Mto umefurika Chemase", "emergency"),
    ("Nataka kujiua", "emergency"),
    ("Rafiki yangu anataka kujinyonga", "emergency"),
    ("Mtu ameuawa hapa", "police"),
    ("Wamenivamia usiku", "police"),
    ("Wameniibia simu", "police"),
    ("Wamekula pesa ya mradi", "corruption"),
]
# What is grave alone is not so within these phrases, nor in words that only end alike.
HARMLESS = [
    ("Hospitali haina maji moto", {"water"}),
    ("People are burning rubbish beside our houses", {"waste"}),
    ("The ambulance service has no fuel", {"health"}),
    ("Pump imeungua tangu jumatatu", {"water"}),
    ("Transfoma imeungua, hakuna umeme", {"electricity"}),
    ("Hakuna dawa ya nyoka hospitalini", {"health"}),
    ("The emergency ward has no beds", {"health"}),
    ("Barabara hii mbaya, kuna ajali kila siku", {"roads"}),
    ("The market has no floodlights", {"markets"}),
    ("Maji yamepungua", {"water"}),
    ("Zahanati haijafunguliwa, wanafungua saa tano", {"health"}),
    ("Tazama barabara hii", {"roads"}),
    ("Nilimpigia daktari simu", {"health"}),
    ("Wapiga kura wanataka barabara", {"roads"}),
    ("Kabaka na tabaka la wakulima", {"agriculture"}),
]


@pytest.fixture
def nandi(county: Engine, db: Session) -> Session:
    return db


@pytest.mark.parametrize(("words", "category"), DANGER, ids=[words for words, _ in DANGER])
def test_who_is_in_danger_is_understood_in_plain_words(nandi: Session, words: str, category: str) -> None:
    assert recognise(nandi, words).category == category


@pytest.mark.parametrize(("words", "categories"), HARMLESS, ids=[words for words, _ in HARMLESS])
def test_what_only_sounds_like_danger_is_what_it_is(nandi: Session, words: str, categories: set[str]) -> None:
    assert set(recognise(nandi, words).categories) == categories


@pytest.mark.parametrize("words", ["Shukrani", "Nashukuru sana", "Tunashukuru", "Barikiwa sana", "God bless you"])
def test_thanks_are_known_however_they_are_said(nandi: Session, words: str) -> None:
    assert recognise(nandi, words).category == "compliment"


@pytest.mark.parametrize(
    ("words", "is_it"),
    [("Wezi wamechoma nyumba yetu moto", True), ("Fire, robbers set it", True), ("Wezi wameiba mbuzi", False)],
)
def test_a_crime_that_burns_is_urgent_too(nandi: Session, words: str, is_it: bool) -> None:
    known = lexicon.lexicon(nandi)
    assert categories_in(words, known) == ("police",)
    assert is_urgent(words, known) is is_it
