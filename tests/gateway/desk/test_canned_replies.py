"""Canned replies: in both languages, with facts that are put in plainly, and nothing given away of a sensitive case."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import catalogues, placeholders
from gateway.desk import canned_replies
from gateway.desk.canned_replies import Wording
from gateway.errors import BadPack, Refused
from gateway.imports import pack, pack_replies
from gateway.tickets import references
from models import CannedReply, Category, Role, Staff
from tests.gateway.desks import case, hire
from tests.grounds import NANDI, NOW

pytestmark = pytest.mark.usefixtures("county")

ATTACKS = [
    "{0}",
    "{0.__class__}",
    "{reference.__class__}",
    "{reference!r}",
    "{reference:>9999999}",
    "{ reference }",
    "{REFERENCE}",
    "{}",
    "{{ 7 * 7 }}",
    "{{ config }}",
    "{% for x in y %}",
    "{self.__init__.__globals__}",
    "{phone}",
    "{words}",
    "%(reference)s",
    "$reference",
    "${reference}",
    "#{reference}",
]


@pytest.fixture
def supervisor(db: Session) -> Staff:
    return hire(db, "chebet", Role.SUPERVISOR)


def wording(english: str = "We look at it.", swahili: str = "Tunaangalia.", **more: str | None) -> Wording:
    return Wording(more.get("title") or "Looking", more.get("category"), {"en": english, "sw": swahili})


def test_the_same_reply_sent_twice_is_one_and_for_another_category_it_is_another(
    db: Session, supervisor: Staff
) -> None:
    first, again = (canned_replies.add(db, supervisor, wording(title=title), NOW) for title in ("When", " When "))
    other = canned_replies.add(db, supervisor, wording(title="When", category="water"), NOW)
    assert first.id == again.id != other.id
    assert len(canned_replies.listed(db)) == 2


def test_those_of_the_category_stand_before_those_for_all_and_others_are_left_out(
    db: Session, supervisor: Staff
) -> None:
    for title, category in (("General", None), ("Roads", "roads"), ("Water", "water")):
        canned_replies.add(db, supervisor, wording(title=title, category=category), NOW)
    assert [reply.title for reply in canned_replies.listed(db, "water")] == ["Water", "General"]
    assert [reply.title for reply in canned_replies.listed(db)] == ["Roads", "Water", "General"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (wording(swahili="  "), "The words in Kiswahili are missing."),
        (wording(english=""), "The words in English are missing."),
        (wording(english="x" * 601), "601 characters long; 600"),
        (wording(title="x" * 81), "A title is needed, of 80 characters at most."),
        (wording(title=" "), "A title is needed"),
        (wording(category="unicorns"), "There is no such category."),
        (wording(english="Your {case} is known"), r"There is no \{case\}; there are \{reference\}"),
        (wording(swahili="{0.__class__}"), r"There is no \{0.__class__\}"),
        (wording(english="a {} b"), r"There is no \{ \}"),
    ],
)
def test_a_reply_that_is_not_whole_is_refused_in_one_sentence(
    db: Session, supervisor: Staff, wrong: Wording, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        canned_replies.add(db, supervisor, wrong, NOW)
    assert canned_replies.listed(db) == []


def test_only_who_may_edit_them_changes_them(db: Session, supervisor: Staff) -> None:
    reply = canned_replies.add(db, supervisor, wording(), NOW)
    agent = hire(db, "asha")
    for attempt in (
        lambda: canned_replies.add(db, agent, wording(), NOW),
        lambda: canned_replies.change(db, agent, reply.id, wording("Mine"), NOW),
        lambda: canned_replies.retire(db, agent, reply.id, NOW),
    ):
        with pytest.raises(Refused, match="You may not"):
            attempt()
    assert reply.body["en"] == "We look at it."


def test_a_reply_is_changed_and_retired_for_good(db: Session, supervisor: Staff) -> None:
    reply = canned_replies.add(db, supervisor, wording(), NOW)
    canned_replies.change(db, supervisor, reply.id, wording("By {due}."), NOW)
    assert reply.body["en"] == "By {due}."
    canned_replies.retire(db, supervisor, reply.id, NOW)
    assert canned_replies.listed(db) == []
    with pytest.raises(Refused, match="no such canned reply"):
        canned_replies.change(db, supervisor, reply.id, wording(), NOW)


def test_an_answer_begins_with_the_facts_of_its_case_in_the_citizens_language(db: Session, supervisor: Staff) -> None:
    catalogues.compile_complete()
    facts = "{reference} {category} {ward} {department} {due}"
    canned_replies.add(db, supervisor, wording(facts, f"Kesi {facts}"), NOW)
    ticket = case(db, "roads", language="en")
    printed = references.printed(ticket.reference)
    (offer,) = canned_replies.offered(db, ticket)
    assert offer.words.startswith(f"{printed} Roads & bridges Kapsabet ")
    assert offer.words.endswith("(sample)")
    ticket.language = "sw"
    (offer,) = canned_replies.offered(db, ticket)
    assert offer.words.startswith(f"Kesi {printed} Barabara, daraja Kapsabet ")


def test_a_sensitive_case_gives_away_neither_what_nor_where(db: Session, supervisor: Staff) -> None:
    canned_replies.add(db, supervisor, wording("About {category} in {ward}: {department} looks."), NOW)
    ticket = case(db, "corruption")
    (offer,) = canned_replies.offered(db, ticket)
    assert offer.words == "About this matter in your ward: the department looks."


def test_a_case_without_a_ward_has_a_sentence_all_the_same(db: Session, supervisor: Staff) -> None:
    canned_replies.add(db, supervisor, wording("We come to {ward}."), NOW)
    (offer,) = canned_replies.offered(db, case(db, ward=None))
    assert offer.words == "We come to your ward."


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_known_name_stays_as_it_was_typed(attack: str) -> None:
    filled = placeholders.filled(attack, {"reference": "K7Q", "ward": "W"})
    assert filled == attack.replace("{reference}", "K7Q")


def test_what_a_fact_brings_along_is_not_looked_at_again() -> None:
    assert placeholders.filled("{ward}", {"ward": "{reference}", "reference": "K7Q"}) == "{reference}"


def test_the_pack_brings_samples_once_and_they_say_that_they_are(db: Session, supervisor: Staff) -> None:
    samples = pack.read(NANDI).replies
    assert pack_replies.write(db, samples, NOW) == len(samples) > 3
    assert {reply.changed_by for reply in db.scalars(select(CannedReply))} == {canned_replies.SAMPLE}
    assert all(offer.is_sample for offer in canned_replies.offered(db, case(db)))
    for reply in canned_replies.listed(db):
        canned_replies.retire(db, supervisor, reply.id, NOW)
    assert pack_replies.write(db, samples, NOW) == 0


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('is_sample = true\nbody.en = "A {what}"\nbody.sw = "B"', "body.en names {what}"),
        ('body.en = "A"\nbody.sw = "B"', "is_sample must be true"),
        ('is_sample = true\nbody.en = "A"', "body.sw is missing"),
        ('is_sample = true\ncategory = "unicorns"\nbody.en = "A"\nbody.sw = "B"', "category names 'unicorns'"),
    ],
)
def test_a_fault_in_the_samples_is_named_with_its_place(tmp_path: Path, broken: str, words: str) -> None:
    (tmp_path / "replies.toml").write_text(f'[one]\ntitle = "One"\n{broken}\n')
    with pytest.raises(BadPack, match=r"replies.toml line \d+: ") as error:
        pack_replies.read(tmp_path, {"water"})
    assert words in str(error.value)


def test_a_title_is_kept_without_what_no_text_can_hold(db: Session, supervisor: Staff) -> None:
    canned_replies.add(db, supervisor, wording(title="Look\0ing"), NOW)
    assert [reply.title for reply in canned_replies.listed(db)] == ["Looking"]


def test_a_category_that_the_county_gave_up_is_kept_but_no_other_reply_gets_it(db: Session, supervisor: Staff) -> None:
    reply = canned_replies.add(db, supervisor, wording(category="water"), NOW)
    other = canned_replies.add(db, supervisor, wording(), NOW)
    db.get_one(Category, "water").retired_at = NOW
    canned_replies.change(db, supervisor, reply.id, wording("We look at the tap.", category="water"), NOW)
    assert (reply.category_code, reply.body["en"]) == ("water", "We look at the tap.")
    with pytest.raises(Refused, match="no such category"):
        canned_replies.change(db, supervisor, other.id, wording(category="water"), NOW)
    offered = [list(canned_replies.categories(db, replies)) for replies in ([], [reply])]
    assert ["water" in codes for codes in offered] == [False, True]
