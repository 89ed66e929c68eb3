"""What officers read by SMS: short, and of a sensitive case the reference alone."""

from datetime import date

import pytest

from menus import officers
from menus.words import gsm7, segments
from tests.menus.calls import LANGUAGES, REFERENCE
from tests.menus.longest import LONGEST_WARD, both

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
