"""No bulk message from the moment a citizen says so, whoever passes it on."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gateway import consent, delivery_reports, outbox, settling
from gateway.carriers import Report, SendResult, Verdict
from models import Citizen, LaneName
from tests.gateway.texting import TextingPhone
from tests.grounds import FOR_EVER, NOW, PHONE


def accepted(db: Session, body: str) -> None:
    """Sends one SMS, as far as the carrier's yes."""
    outbox.promise(db, outbox.Promise("news", "news", PHONE, body), NOW, lives=FOR_EVER)
    (claimed,) = outbox.claim(db, LaneName.REPLIES, "me")
    outbox.start(db, claimed)
    settling.settle(db, claimed, SendResult(Verdict.ACCEPTED, "Success", carrier_id="ATXid_1"), NOW)


def test_stop_counts_from_its_first_word(citizen: TextingPhone) -> None:
    citizen.sends("STOP")
    since = citizen.db.get_one(Citizen, PHONE).opted_out_at
    citizen.waits(days=1)
    citizen.sends("STOP")
    assert citizen.db.get_one(Citizen, PHONE).opted_out_at == since


@pytest.mark.parametrize("reason", ["UserInBlacklist", "UserInBlackList"])
def test_a_report_that_the_citizen_blocked_us_is_a_stop(citizen: TextingPhone, reason: str) -> None:
    accepted(citizen.db, "News")
    report = Report("ATXid_1", "Failed", PHONE, reason)
    for _ in range(2):
        delivery_reports.keep(citizen.db, report, NOW + timedelta(minutes=1))
    assert consent.is_opted_out(citizen.db, PHONE)


def test_a_report_of_any_other_failure_is_none(citizen: TextingPhone) -> None:
    accepted(citizen.db, "News")
    delivery_reports.keep(citizen.db, Report("ATXid_1", "Failed", PHONE, "AbsentSubscriber"), NOW)
    assert not consent.is_opted_out(citizen.db, PHONE)


def test_what_is_no_kenyan_mobile_has_nothing_to_stop(citizen: TextingPhone) -> None:
    consent.opt_out(citizen.db, "+256700000001", NOW)
    assert citizen.db.get(Citizen, "+256700000001") is None
