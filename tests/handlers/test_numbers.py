"""A number that a page put into an address or a form comes back as it was, and nothing else is taken for one."""

import pytest

from handlers.console import numbers


@pytest.mark.parametrize(("typed", "digits", "number"), [("0", 9, 0), ("999999999", 9, 999_999_999), ("00012", 5, 12)])
def test_a_number_of_few_digits_is_read(typed: str, digits: int, number: int) -> None:
    assert numbers.written(typed, digits) == number


@pytest.mark.parametrize("typed", ["", " 1", "-1", "+1", "1.0", "1_0", "x", "٣", "²", "1000000000"])
def test_what_no_page_wrote_is_no_number(typed: str) -> None:
    assert numbers.written(typed) is None
