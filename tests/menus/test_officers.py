"""What officers may reply is told from what citizens write, and what they read fits."""

import pytest

from menus import officers
from menus.words import segments
from tests.menus.calls import LANGUAGES


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
