"""What a citizen's words are about and where: right, or asked. Never wrong."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gateway.recognition import recognise
from models import Ward

ASKED = None

# What people write, the ward it is in and the category it is about; ASKED where only a person can know.
SAMPLES = [
    ("Hakuna maji Kapsabet tangu jumatatu", "772", "water"),
    ("Barabara ya Kaptumo ni mbaya sana", "759", "roads"),
    ("Bomba la maji limepasuka hapa Namgoi", "772", "water"),
    ("No water in Kobujoi for two weeks", "758", "water"),
    ("The bridge at Meteitei is broken", "751", "roads"),
    ("Daraja limevunjika Songhor", "751", "roads"),
    ("Hospitali ya kaptel haina dawa", "768", "health"),
    ("No medicine at Chepterwai dispensary", "774", "health"),
    ("Mwalimu hayupo shuleni Ndalat", "778", "education"),
    ("ECDE teacher has not been paid in Kabisaga", "779", "education"),
    ("Taka zimejaa sokoni Mosoriot", ASKED, "waste"),
    ("Rubbish everywhere in Kapsabet town near the market", "772", "waste"),
    ("Road from Kapsabet to Lessos is full of potholes", ASKED, "roads"),
    ("Barbara ya Kapsabat iko na mashimo", "772", "roads"),
    ("maji kapsabet", "772", "water"),
    ("road lesos", "763", "roads"),
    ("Our cows are dying in Kilbwoni, send a vet", "773", "agriculture"),
    ("Mbolea haijafika Chepkumia", "770", "agriculture"),
    ("Daktari anaomba rushwa hospitali ya Kapsabet", "772", "corruption"),
    ("Clerk asked for a bribe at the land office", ASKED, "corruption"),
    ("Umeme umepotea Kabiyet", "777", "electricity"),
    ("stima hakuna Kosirai", "766", "electricity"),
    ("Thieves stole our cows in Terik", "756", "police"),
    ("Kuna moto sokoni Kapsabet", "772", "emergency"),
    ("Fire at Serem market", "757", "emergency"),
    ("Nandi Hills road is bad", ASKED, "roads"),
    ("Streetlights not working in Nandi Hills town", "761", "roads"),
    ("Lessos has no water", "763", "water"),
    ("Lessos in Trans Nzoia has no water", ASKED, "water"),
    ("Chemelil has no water", ASKED, "water"),
    ("Chemelil/Chemase has no water", "753", "water"),
    ("Maraba dispensary is closed", ASKED, "health"),
    ("Kemeloi Maraba dispensary is closed", "757", "health"),
    ("Tunaomba barabara Mosop", ASKED, "roads"),
    ("Help us please", ASKED, ASKED),
    ("hujambo", ASKED, ASKED),
    ("Asante sana kwa barabara", ASKED, "roads"),
    ("Asante sana", ASKED, "compliment"),
    ("Somewhere in Nandi county there is no water", ASKED, "water"),
    ("Kapsaret road is bad", ASKED, "roads"),
    ("Tinderet health centre has no nurse", "752", "health"),
    ("Tinderet sub county has no nurses", ASKED, "health"),
    ("Emgwen needs water", ASKED, "water"),
    ("Ng'ombe zimekufa Sangalo", "780", "agriculture"),
    ("Title deed yangu haijatoka Kabwareng", "755", "land"),
    ("Chief alinitusi ofisini Koyo", "760", "staff"),
    ("Bursary haijatoka Kemeloi", "757", "education"),
    ("The lesson was good", ASKED, ASKED),
    ("Soko la Kabiyet halina choo", "777", ASKED),
    ("Market stalls in Kobujoi have no roof", "758", "markets"),
    ("Mifereji imejaa maji machafu Baraton", "765", "water"),
    ("Hospital road Kapsabet has potholes", "772", "roads"),
    ("Bajeti ya barabara iko wapi", ASKED, ASKED),
    ("Kipkaren borehole pump stalled", "775", "water"),
    ("Project stalled at Kaptumo", "759", ASKED),
    ("Mtoto amebakwa Kapkangani", "771", "abuse"),
    ("Water pipe burst at Chemundu Kapngetuny", "765", "water"),
    ("Kapng’etunyi maji hakuna", "765", "water"),
    ("Kuna shida ya maji na barabara Kurgung", "776", ASKED),
    ("The grader left the road half done at Lelmokwo Ngechek", "767", "roads"),
    ("no water koiyo", ASKED, "water"),
    ("KIPTUYA hakuna maji bado", "769", "water"),
    ("kap sabet road", "772", "roads"),
    ("Nataka kujua kuhusu wadi ya Terik", "756", ASKED),
    ("Mosoriot, Kosirai ward: no water", "766", "water"),
    ("Nursery school in Ndalat has no roof", "778", "education"),
    ("Pesa za mradi ziliibiwa, ni ufisadi Soba", "751", "corruption"),
    ("KeNHA highway at Chepterit needs bumps", "772", "national_roads"),
]


@pytest.fixture
def nandi(county: Engine, db: Session) -> Session:
    return db


@pytest.mark.parametrize(("words", "ward", "category"), SAMPLES, ids=[sample[0] for sample in SAMPLES])
def test_a_message_is_understood_or_asked_about(
    nandi: Session, words: str, ward: str | None, category: str | None
) -> None:
    about = recognise(nandi, words)
    assert (about.ward, about.category) == (ward, category)


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("Mosoriot", {"766", "767"}),
        ("Nandi Hills", {"761", "762", "763", "764"}),
        ("Lessos, Trans Nzoia", {"763"}),
        ("Chemelil", {"753"}),
        ("Kapsabet to Lessos", {"763", "772"}),
        ("Eldoret", set()),
    ],
)
def test_a_place_in_doubt_brings_the_wards_to_choose_from(nandi: Session, words: str, choices: set[str]) -> None:
    about = recognise(nandi, words)
    assert about.ward is None
    assert set(about.wards) == choices


def test_every_wards_name_and_every_known_spelling_is_found(nandi: Session) -> None:
    missed = [
        name
        for ward in nandi.scalars(select(Ward))
        for name in (ward.name, *ward.spellings, *ward.name.split("/"))
        if ward.code not in recognise(nandi, f"Shida kubwa hapa {name.lower()} tangu jana").wards
    ]
    assert missed == []


def test_two_thousand_signs_of_anything_are_read(nandi: Session) -> None:
    assert recognise(nandi, "\u202e☃️ zalg̷̛o " * 180 + "maji Kobujoi").ward == "758"
