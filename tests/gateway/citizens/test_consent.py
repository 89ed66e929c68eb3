"""No bulk message from the moment a citizen says so, whoever passes it on."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.carriers import Report, SendResult, Verdict
from gateway.citizens import consent
from gateway.outbox import delivery_reports, outbox
from models import Citizen, Message, State
from tests.gateway.promises import settled, started
from tests.gateway.texting import TextingPhone
from tests.grounds import FOR_EVER, NOW, PHONE


def accepted(db: Session, body: str) -> None:
    """Sends one SMS, as far as the carrier's yes."""
    outbox.promise(db, outbox.Promise("news", "news", PHONE, body), NOW, lives=FOR_EVER)
    (claimed,) = outbox.claim(db, "me")
    started(db, claimed)
    settled(db, claimed, SendResult(Verdict.ACCEPTED, "Success", carrier_id="ATXid_1"), NOW)


def test_stop_counts_from_when_it_was_last_said(citizen: TextingPhone) -> None:
    citizen.sends("STOP")
    citizen.waits(days=1)
    citizen.leaves("STOP")
    said_at = citizen.now
    citizen.waits(hours=1)
    citizen.is_handled()
    assert citizen.db.get_one(Citizen, PHONE).opted_out_at == said_at
    consent.opt_out(citizen.db, PHONE, NOW)
    assert citizen.db.get_one(Citizen, PHONE).opted_out_at == said_at


def test_a_start_that_failed_at_first_does_not_undo_a_stop_that_came_after_it(
    citizen: TextingPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen.sends("STOP")
    citizen.waits(seconds=5)
    with monkeypatch.context() as broken:
        broken.setattr(consent, "opt_in", None)
        citizen.leaves("START")
        citizen.is_handled()
    citizen.waits(seconds=5)
    citizen.sends("STOP")
    citizen.waits(hours=1)
    citizen.is_handled()
    assert {message.state for message in citizen.sent()} == {State.HANDLED}
    assert consent.is_opted_out(citizen.db, PHONE)
    citizen.sends("START")
    assert not consent.is_opted_out(citizen.db, PHONE)


@pytest.mark.parametrize("reason", ["UserInBlacklist", "UserInBlackList"])
def test_a_report_that_the_citizen_blocked_us_is_a_stop(citizen: TextingPhone, reason: str) -> None:
    accepted(citizen.db, "News")
    report = Report("ATXid_1", "Failed", PHONE, reason)
    for _ in range(2):
        delivery_reports.keep(citizen.db, report, NOW + timedelta(minutes=1))
    assert consent.is_opted_out(citizen.db, PHONE)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CANCELLED, State.QUEUED])
def test_whoever_comes_back_after_blocking_us_is_not_taken_away_again_by_the_same_report(
    citizen: TextingPhone, state: State
) -> None:
    accepted(citizen.db, "News")
    citizen.db.scalars(select(Message)).one().state = state
    delivery_reports.keep(citizen.db, Report("ATXid_1", "Failed", PHONE, "UserInBlacklist"), NOW)
    assert consent.is_opted_out(citizen.db, PHONE)
    citizen.waits(minutes=1)
    citizen.sends("START")
    for status in ("Buffered", "Failed"):
        delivery_reports.keep(citizen.db, Report("ATXid_1", status, PHONE), NOW + timedelta(minutes=2))
        delivery_reports.apply_waiting(citizen.db, NOW + timedelta(minutes=3))
    assert not consent.is_opted_out(citizen.db, PHONE)


def test_a_report_of_any_other_failure_is_none(citizen: TextingPhone) -> None:
    accepted(citizen.db, "News")
    delivery_reports.keep(citizen.db, Report("ATXid_1", "Failed", PHONE, "AbsentSubscriber"), NOW)
    assert not consent.is_opted_out(citizen.db, PHONE)


def test_what_is_no_kenyan_mobile_has_nothing_to_stop(citizen: TextingPhone) -> None:
    consent.opt_out(citizen.db, "+256700000001", NOW)
    assert citizen.db.get(Citizen, "+256700000001") is None
