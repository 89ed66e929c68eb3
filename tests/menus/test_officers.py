"""What officers may reply is told from what citizens write; what they read fits, and gives no sensitive case away."""

from datetime import date

import pytest

from menus import officers
from menus.words import gsm7, segments
from tests.menus.calls import LANGUAGES, REFERENCE
from tests.menus.longest import LONGEST_WARD, both


@pytest.mark.parametrize(
    ("text", "is_done", "rest"),
    [
        ("ACK K7Q-M2P-4XD", False, "K7Q-M2P-4XD"),
        (" ack: k7qm2p4xd", False, "k7qm2p4xd"),
        ("Done K7Q M2P 4XD replaced the pipe", True, "K7Q M2P 4XD replaced the pipe"),
        ("DONE", True, ""),
    ],
)
def test_a_report_is_read(text: str, is_done: bool, rest: str) -> None:
    said = officers.read(text)
    assert said
    assert (said.is_done, said.rest, said.means_a_case) == (is_done, rest, True)


@pytest.mark.parametrize("text", ["No water", "acknowledgement", "donate blood", "The work is done"])
def test_other_words_are_none(text: str) -> None:
    assert officers.read(text) is None


def test_a_sentence_that_begins_like_a_report_means_no_case() -> None:
    said = officers.read("Done nothing about the road in Kapsabet")
    assert said
    assert not said.means_a_case


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_to_an_officer_is_one_segment(language: str) -> None:
    of_a_case = (officers.acknowledged, officers.done, officers.what_was_done)
    answers = [worded(language, "K7Q-M2P-4XD") for worded in of_a_case]
    answers += [officers.not_found(language), officers.how(language)]
    assert {segments(answer) for answer in answers} == {1}


in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@in_every_language
def test_a_chief_officer_reads_in_one_segment_what_is_overdue_where_and_since_when(language: str) -> None:
    about = (both("Water", 16)[language], LONGEST_WARD)
    sms = officers.overdue(language, REFERENCE, about, date(2026, 9, 30))
    assert (segments(sms), gsm7(sms)) == (1, sms)
    assert all(said in sms for said in (REFERENCE, *about, "30"))


@in_every_language
def test_of_a_sensitive_case_a_chief_officer_reads_the_reference_alone(language: str) -> None:
    sms = officers.overdue(language, REFERENCE, (), date(2026, 9, 30))
    assert REFERENCE in sms
    assert "30" not in sms
