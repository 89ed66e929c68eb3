"""A caller who was cut off may go on: from the same phone, soon, once, and never after a submission."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import UssdSession
from tests.grounds import OTHER
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone

CUT_OFF = "You were cut off"


def test_a_caller_cut_off_goes_on_where_the_line_broke(phone: Phone) -> None:
    screen = phone.reports(*TO_THE_CHECK)
    assert CUT_OFF in phone.dial("ATUid_2")
    assert phone.type("1") == screen
    assert phone.type(SUBMIT).startswith("END Thank you")


def test_who_starts_again_starts_at_home(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK)
    phone.dial("ATUid_2")
    assert "Report a problem" in phone.type("2")


def test_who_started_again_is_not_asked_about_it_once_more(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK)
    phone.dial("ATUid_2")
    phone.type("2")
    assert CUT_OFF not in phone.dial("ATUid_3")


def test_an_offer_left_unanswered_is_made_again(phone: Phone) -> None:
    screen = phone.reports(*TO_THE_CHECK)
    phone.dial("ATUid_2")
    assert CUT_OFF in phone.dial("ATUid_3")
    assert phone.type("1") == screen


def test_an_offer_taken_leaves_the_old_session_empty(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK)
    old = replace(phone)
    phone.dial("ATUid_2")
    assert old.type(SUBMIT).startswith("END This session has ended")
    phone.type("1")
    assert phone.type(SUBMIT).startswith("END Thank you")


@pytest.mark.parametrize(("minutes", "is_offered"), [(14, True), (16, False)])
def test_an_offer_holds_for_a_quarter_of_an_hour(phone: Phone, kept: Session, minutes: int, is_offered: bool) -> None:
    phone.reports(*TO_THE_CHECK)
    kept.execute(update(UssdSession).values(last_at=datetime.now(UTC) - timedelta(minutes=minutes)))
    assert (CUT_OFF in phone.dial("ATUid_2")) is is_offered


def test_another_phone_is_never_offered_what_this_one_said(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK)
    assert CUT_OFF not in replace(phone, number=OTHER).dial("ATUid_2")


def test_after_a_submission_nothing_is_offered(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert CUT_OFF not in phone.dial("ATUid_2")


@pytest.mark.parametrize("inputs", [(), ("1",), ("1", "1"), ("1", "1", "00")])
def test_who_answered_nothing_beyond_home_is_offered_nothing(phone: Phone, inputs: tuple[str, ...]) -> None:
    phone.reports(*inputs)
    assert CUT_OFF not in phone.dial("ATUid_2")


def test_a_long_dial_is_taken_at_its_word_and_not_asked_about_the_last_call(phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK)
    assert "You have no case yet" in replace(phone, session="ATUid_2").ask("2")


def test_a_sensitive_matter_half_told_is_shown_to_nobody_who_dials_next(phone: Phone) -> None:
    shown = phone.reports("1", "1", "11", "1", "1", "The land clerk wants 2000 for my file", "1")
    assert "Corruption" in shown
    assert "The land clerk" in shown
    assert CUT_OFF not in phone.dial("ATUid_2")
