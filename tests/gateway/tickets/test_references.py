"""References are read aloud and typed on small keys: every slip of one symbol, and every swap of two, is noticed."""

import pytest

from gateway.tickets import references
from gateway.tickets.references import SYMBOLS, printed, read


@pytest.fixture(params=range(20))
def reference() -> str:
    """A drawn reference: another one at each run."""
    return references.draw()


def test_a_drawn_reference_is_read_back_however_it_is_written(reference: str) -> None:
    shown = printed(reference)
    assert (len(shown), shown[3], shown[7]) == (11, "-", "-")
    for written in (reference, shown, shown.lower(), shown.replace("-", " "), f"  {shown}\n", "-".join(reference)):
        assert read(written) == reference


def test_every_wrong_symbol_is_noticed(reference: str) -> None:
    for place, right in enumerate(reference):
        for wrong in set(SYMBOLS) - {right}:
            assert read(reference[:place] + wrong + reference[place + 1 :]) is None


def test_every_swap_of_two_neighbours_is_noticed(reference: str) -> None:
    for place in range(len(reference) - 1):
        left, right = reference[place], reference[place + 1]
        if left != right:
            assert read(reference[:place] + right + left + reference[place + 2 :]) is None


@pytest.mark.parametrize(
    "typed", ["", "-", "2222222", "2222222222", "22222222O", "K7Q-M2P", "case", "²²²²²²²²²", "ßßßß2"]
)
def test_what_is_no_reference_is_not_taken_for_one(typed: str) -> None:
    assert read(typed) is None


def test_no_symbol_is_mistaken_for_another() -> None:
    assert len(set(SYMBOLS)) == len(SYMBOLS) == 31
    assert not set(SYMBOLS) & set("01OIL")


def test_no_two_of_many_references_are_alike() -> None:
    assert len({references.draw() for _ in range(2000)}) == 2000
