"""Delivery reports come in any order and any number, early and late: only what was said decides, never when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.carriers import Report, SendResult, Verdict
from gateway.outbox import delivery_reports, outbox
from gateway.outbox.outbox import Promise
from gateway.sending import second_sends
from gateway.sending.second_sends import Wish
from models import DeliveryReport, Message, State
from tests.gateway.promises import settled, started
from tests.grounds import FOR_EVER, NOW, PHONE

# From the weakest word to the strongest; every report that is not final leaves the message accepted.
STRENGTH = ["Sent", "Submitted", "Buffered", "AbsentSubscriber", "Expired", "Failed", "Rejected", "Success"]
MEANS = {"AbsentSubscriber": State.FAILED, "Expired": State.FAILED, "Failed": State.FAILED}
MEANS |= {"Rejected": State.REJECTED, "Success": State.DELIVERED}
SENT = "the answer to the send"


def fate(statuses: Sequence[str]) -> State:
    strongest = max((status for status in statuses if status in STRENGTH), key=STRENGTH.index, default="Sent")
    return MEANS.get(strongest, State.ACCEPTED)


class Sending:
    """One SMS on its way, and the carrier's id for it."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.carrier_id = f"ATXid_{uuid4().hex}"
        outbox.promise(db, Promise(self.carrier_id, "confirmation", PHONE, "Your case"), NOW, lives=FOR_EVER)
        (self.claimed,) = outbox.claim(db, "worker", 1)
        started(db, self.claimed)

    def answered(self, verdict: Verdict = Verdict.ACCEPTED) -> None:
        """The carrier answers the send, and what waited for its id is applied, as a worker does it."""
        settled(self.db, self.claimed, SendResult(verdict, "-", self.carrier_id), NOW)
        delivery_reports.apply(self.db, self.carrier_id, NOW)

    def reported(self, status: str, reason: str = "", at: datetime = NOW) -> None:
        delivery_reports.keep(self.db, Report(self.carrier_id, status, PHONE, reason), at)

    def state(self) -> State:
        """Gives where the message stands now."""
        self.db.flush()
        self.db.expire_all()
        return self.db.get_one(Message, self.claimed.message_id).state


@pytest.fixture
def sending(db: Session) -> Sending:
    return Sending(db)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=st.lists(st.sampled_from([*STRENGTH, "Lost", ""]), max_size=7), position=st.integers(0, 7))
def test_only_the_set_of_reports_decides_and_never_their_order(
    db: Session, happenings: list[str], position: int
) -> None:
    sending = Sending(db)
    for happening in [*happenings[:position], SENT, *happenings[position:]]:
        if happening == SENT:
            sending.answered()
        else:
            sending.reported(happening)
    assert sending.state() is fate(happenings)


def test_a_success_after_a_failure_is_a_success_and_no_failure_undoes_it(sending: Sending) -> None:
    sending.answered()
    sending.reported("Failed", "DeliveryFailure")
    assert sending.state() is State.FAILED
    sending.reported("Success")
    assert sending.state() is State.DELIVERED
    sending.reported("Rejected")
    assert sending.state() is State.DELIVERED


def test_a_report_that_overtakes_the_answer_to_its_send_waits_for_it(sending: Sending) -> None:
    sending.reported("Success")
    assert sending.state() is State.SENDING
    sending.answered()
    assert sending.state() is State.DELIVERED


def test_reports_that_passed_the_answer_unseen_are_found_by_the_sweep(db: Session, sending: Sending) -> None:
    sending.reported("Success")
    settled(db, sending.claimed, SendResult(Verdict.ACCEPTED, "-", sending.carrier_id), NOW)
    assert sending.state() is State.ACCEPTED
    delivery_reports.apply_waiting(db, NOW)
    assert sending.state() is State.DELIVERED


@pytest.mark.parametrize("status", ["Sent", "Buffered", "Success"])
def test_a_report_is_evidence_for_an_unknown(sending: Sending, status: str) -> None:
    sending.answered(Verdict.UNKNOWN)
    sending.reported(status)
    assert sending.state() is (State.DELIVERED if status == "Success" else State.ACCEPTED)


def sent_again(db: Session, sending: Sending) -> str:
    """Has an SMS in doubt sent once more, which the carrier takes and delivers; gives the id of the second send."""
    second_sends.send_again(db, sending.claimed.message_id, Wish("Sample Agent", "the citizen called"), NOW)
    db.flush()
    db.get_one(Message, sending.claimed.message_id).expires_at = None
    (claimed,) = outbox.claim(db, "worker", 1)
    started(db, claimed)
    settled(db, claimed, SendResult(Verdict.ACCEPTED, "-", f"{sending.carrier_id}_2"), NOW)
    delivery_reports.keep(db, Report(f"{sending.carrier_id}_2", "Submitted", PHONE), NOW)
    return f"{sending.carrier_id}_2"


@pytest.mark.parametrize("status", ["Failed", "Rejected", "Expired", "AbsentSubscriber", "Sent"])
@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_late_report_on_the_first_send_says_nothing_of_the_second_unless_it_arrived(
    db: Session, sending: Sending, status: str, is_delivered: bool
) -> None:
    sending.answered(Verdict.UNKNOWN)
    second = sent_again(db, sending)
    if is_delivered:
        delivery_reports.keep(db, Report(second, "Success", PHONE), NOW)
    sending.reported(status)
    assert sending.state() is (State.DELIVERED if is_delivered else State.ACCEPTED)
    assert db.scalars(select(DeliveryReport).where(DeliveryReport.applied_at.is_(None))).all() == []
    sending.reported("Success")
    assert sending.state() is State.DELIVERED
    delivery_reports.keep(db, Report(second, "Failed", PHONE), NOW)
    assert sending.state() is State.DELIVERED


def test_reports_that_will_never_be_applied_hold_up_no_others(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_reports, "MOST_APPLIED", 2)
    for state in (State.CANCELLED, State.QUEUED, State.SENDING):
        gone = Sending(db)
        gone.answered(Verdict.UNKNOWN)
        db.get_one(Message, gone.claimed.message_id).state = state
        gone.reported("Failed")
    late = Sending(db)
    late.reported("Success", at=NOW + timedelta(hours=1))
    settled(db, late.claimed, SendResult(Verdict.ACCEPTED, "-", late.carrier_id), NOW)
    delivery_reports.apply_waiting(db, NOW)
    assert late.state() is State.DELIVERED


def test_a_report_after_three_days_of_silence_still_counts(db: Session, sending: Sending) -> None:
    sending.answered()
    db.get_one(Message, sending.claimed.message_id).state = State.NO_REPORT
    db.flush()
    sending.reported("Success", at=NOW + timedelta(days=4))
    assert sending.state() is State.DELIVERED


def test_the_same_report_is_kept_once_and_another_reason_is_another_report(db: Session, sending: Sending) -> None:
    for reason in ("UserInBlackList", "UserInBlackList", "UserInBlacklist", ""):
        sending.reported("Rejected", reason)
    assert db.scalar(select(func.count()).select_from(DeliveryReport)) == 3


def test_a_report_for_nobody_is_kept_and_waits(db: Session) -> None:
    delivery_reports.keep(db, Report("ATXid_of_nobody", "Success", PHONE), NOW)
    kept = db.scalars(select(DeliveryReport)).one()
    assert (kept.carrier_id, kept.applied_at) == ("ATXid_of_nobody", None)


def test_a_status_nobody_knows_is_kept_and_changes_nothing(db: Session, sending: Sending) -> None:
    sending.answered()
    sending.reported("DeliveredToTheMoon")
    assert sending.state() is State.ACCEPTED
    assert db.scalars(select(DeliveryReport.status)).one() == "DeliveredToTheMoon"


def test_statuses_are_read_without_regard_to_case(sending: Sending) -> None:
    sending.answered()
    sending.reported("SUCCESS")
    assert sending.state() is State.DELIVERED


def test_a_message_cancelled_before_it_was_sent_is_not_brought_back(db: Session, sending: Sending) -> None:
    sending.answered()
    db.get_one(Message, sending.claimed.message_id).state = State.CANCELLED
    db.flush()
    sending.reported("Success")
    assert sending.state() is State.CANCELLED


def test_since_when_a_message_stands_where_it_stands_is_the_day_of_the_report(db: Session, sending: Sending) -> None:
    later = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    sending.answered()
    sending.reported("Success", at=later)
    db.expire_all()
    assert db.get_one(Message, sending.claimed.message_id).state_at == later


@pytest.mark.parametrize(("status", "to"), [("Sent", State.ACCEPTED), *MEANS.items()])
def test_what_the_carrier_held_and_then_let_go_is_where_its_reports_say(
    sending: Sending, status: str, to: State
) -> None:
    sending.answered(Verdict.HELD)
    assert sending.state() is State.HELD
    sending.reported(status)
    assert sending.state() is to
    if to is not State.DELIVERED:
        sending.reported("Success")
        assert sending.state() is State.DELIVERED


def test_a_report_that_overtook_the_word_that_it_is_held_counts_all_the_same(sending: Sending) -> None:
    sending.reported("Success")
    settled(sending.db, sending.claimed, SendResult(Verdict.HELD, "RiskHold", sending.carrier_id), NOW)
    delivery_reports.apply_waiting(sending.db, NOW)
    assert sending.state() is State.DELIVERED
