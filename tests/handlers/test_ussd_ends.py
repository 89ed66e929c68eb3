"""End-of-session notifications: they come once, twice, early or for nobody, and the first word holds."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Outcome, UssdSession
from tests.grounds import PHONE
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone


def end(phone: Phone, status: str = "Success", **changes: str) -> int:
    """Posts a notification as it was captured, and gives the status of our answer."""
    fields = {
        "durationInMillis": "192",
        "phoneNumber": PHONE,
        "errorMessage": "",
        "serviceCode": "*1548#",
        "lastAppResponse": "CON Nandi\n1 English",
        "hopsMetadata": "",
        "hopsCount": "1",
        "status": status,
        "sessionId": "ATUid_1",
        "cost": "0.00",
        "date": "2026-10-09 12:17:37",
        "networkCode": "99999",
        "input": "",
    }
    return phone.post("ussd-ended", **{**fields, **changes}).status_code


def outcome(kept: Session) -> Outcome:
    return kept.scalars(select(UssdSession.outcome)).one()


@pytest.mark.parametrize(
    ("status", "kept_as"),
    [
        ("Success", Outcome.SUCCESS),
        ("Incomplete", Outcome.INCOMPLETE),
        ("Failed", Outcome.FAILED),
        ("FAILED", Outcome.FAILED),
    ],
)
def test_the_carriers_word_on_a_session_is_kept(phone: Phone, kept: Session, status: str, kept_as: Outcome) -> None:
    phone.dial()
    assert end(phone, status) == 200
    session = kept.scalars(select(UssdSession)).one()
    assert (session.outcome, session.duration_ms) == (kept_as, 192)
    assert session.finished_at is not None


@pytest.mark.parametrize("value", ["", "KES 0.10", "0.00", "-1", "9" * 30])
def test_odd_or_empty_optional_fields_are_no_reason_to_refuse(phone: Phone, kept: Session, value: str) -> None:
    phone.dial()
    optional = ("durationInMillis", "hopsCount", "cost", "input", "networkCode", "date", "hopsMetadata", "errorMessage")
    assert end(phone, **dict.fromkeys(optional, value)) == 200
    assert outcome(kept) is Outcome.SUCCESS


def test_the_first_of_two_ends_holds(phone: Phone, kept: Session) -> None:
    phone.dial()
    assert [end(phone, "Incomplete"), end(phone, "Success")] == [200, 200]
    assert outcome(kept) is Outcome.INCOMPLETE


def test_an_end_that_overtakes_the_last_turn_loses_no_case(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK)
    assert end(phone, "Failed") == 200
    assert phone.type(SUBMIT).startswith("END Thank you")
    assert outcome(kept) is Outcome.FAILED


def test_the_end_of_a_session_never_seen_changes_nothing(phone: Phone, kept: Session) -> None:
    assert end(phone, sessionId="ATUid_unheard_of") == 200
    assert kept.scalars(select(UssdSession)).all() == []


def test_our_own_end_counts_until_the_carrier_speaks(phone: Phone, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert outcome(kept) is Outcome.ENDED


def test_what_was_typed_and_shown_is_not_kept_with_the_end(phone: Phone, kept: Session) -> None:
    phone.dial()
    end(phone, input="1*a-canary-word", lastAppResponse="END a-canary-screen", errorMessage="a-canary-error")
    row = kept.execute(select(UssdSession.__table__)).mappings().one()
    assert "canary" not in str(dict(row))


@pytest.mark.parametrize("changes", [{"status": ""}, {"status": "Perhaps"}, {"sessionId": ""}])
def test_an_end_without_status_or_session_is_refused(phone: Phone, changes: dict[str, str]) -> None:
    assert end(phone, **changes) == 400
