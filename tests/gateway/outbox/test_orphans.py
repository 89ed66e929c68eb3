"""A report whose id nobody knows finds the one SMS it can mean; where two can be meant, it is left to a person."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.carriers import Report, SendResult, Verdict
from gateway.outbox import delivery_reports, orphans, outbox
from gateway.outbox.outbox import Claim, Promise
from models import Attempt, DeliveryReport, Message, State
from tests.gateway.promises import settled, started
from tests.grounds import FOR_EVER, NOW, OTHER, PHONE
from tests.handlers.queries import counted

IN_DOUBT = SendResult(Verdict.UNKNOWN, "read: timeout")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Line:
    """What happens on the line, minute by minute: SMS begun and left in doubt, reports that come."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.now = NOW
        self.number = 0

    def begins(self, phone: str = PHONE) -> Claim:
        self.number += 1
        wanted = Promise(f"reply:event:{self.number}", "reply", phone, "Your case")
        outbox.promise(self.db, wanted, self.now, lives=FOR_EVER)
        (claimed,) = outbox.claim(self.db, "worker", 1)
        assert started(self.db, claimed)
        self.attempt(claimed).started_at = self.tick()
        return claimed

    def in_doubt(self, phone: str = PHONE) -> Claim:
        claimed = self.begins(phone)
        self.answered(claimed, IN_DOUBT)
        return claimed

    def answered(self, claimed: Claim, result: SendResult) -> None:
        settled(self.db, claimed, result, self.tick())

    def reported(self, carrier_id: str, status: str = "Success", phone: str = PHONE) -> None:
        delivery_reports.keep(self.db, Report(carrier_id, status, phone), self.tick())

    def match(self) -> int:
        return orphans.match(self.db, self.tick())

    def tick(self) -> datetime:
        self.now += MINUTE
        return self.now

    def attempt(self, claimed: Claim) -> Attempt:
        return self.db.scalars(select(Attempt).where(Attempt.message_id == claimed.message_id)).one()

    def state(self, claimed: Claim) -> State:
        self.db.flush()
        return self.db.scalars(select(Message.state).where(Message.id == claimed.message_id)).one()


@pytest.fixture
def line(db: Session) -> Line:
    return Line(db)


@pytest.mark.parametrize("phone", [PHONE, PHONE.replace("+", " "), PHONE.removeprefix("+")])
def test_an_orphan_finds_the_one_unknown_of_its_phone(line: Line, phone: str) -> None:
    message, other = line.in_doubt(), line.in_doubt(OTHER)
    line.reported("ATXid_1", phone=phone)
    assert line.match() == 1
    assert (line.state(message), line.state(other)) == (State.DELIVERED, State.UNKNOWN)
    assert line.attempt(message).carrier_id == "ATXid_1"


def test_later_reports_of_a_found_message_are_its_own(line: Line) -> None:
    message = line.in_doubt()
    line.reported("ATXid_1", "Sent")
    line.match()
    assert line.state(message) is State.ACCEPTED
    line.reported("ATXid_1", "Success")
    assert line.state(message) is State.DELIVERED


def test_an_orphan_that_can_mean_two_is_left_to_a_person(line: Line) -> None:
    messages = [line.in_doubt(), line.in_doubt()]
    line.reported("ATXid_1")
    assert line.match() == 0
    assert [line.state(message) for message in messages] == [State.UNKNOWN] * 2


def test_as_many_orphans_as_unknowns_belong_together_in_their_order(line: Line) -> None:
    messages = [line.in_doubt(), line.in_doubt()]
    line.reported("ATXid_1")
    line.reported("ATXid_2")
    assert line.match() == 2
    assert [line.attempt(message).carrier_id for message in messages] == ["ATXid_1", "ATXid_2"]


def test_where_two_ended_differently_nobody_guesses_which_is_which(line: Line) -> None:
    messages = [line.in_doubt(), line.in_doubt()]
    line.reported("ATXid_1", "Failed")
    line.reported("ATXid_2", "Success")
    assert line.match() == 0
    assert [line.state(message) for message in messages] == [State.UNKNOWN] * 2


def test_two_orphans_and_one_unknown_are_left_to_a_person(line: Line) -> None:
    message = line.in_doubt()
    line.reported("ATXid_1")
    line.reported("ATXid_2")
    assert line.match() == 0
    assert line.state(message) is State.UNKNOWN


def test_a_report_older_than_the_send_is_not_about_it(line: Line) -> None:
    line.reported("ATXid_1")
    message = line.in_doubt()
    assert line.match() == 0
    assert line.state(message) is State.UNKNOWN


def test_a_report_more_than_a_day_after_the_send_is_not_about_it(line: Line) -> None:
    message = line.in_doubt()
    line.now += 25 * HOUR
    line.reported("ATXid_1")
    assert line.match() == 0
    assert line.state(message) is State.UNKNOWN


def test_while_an_sms_to_the_phone_awaits_its_answer_an_orphan_waits_too(line: Line) -> None:
    message, next_one = line.in_doubt(), line.begins()
    line.reported("ATXid_2")
    assert line.match() == 0
    line.answered(next_one, SendResult(Verdict.ACCEPTED, "Sent", "ATXid_2"))
    assert line.match() == 0
    delivery_reports.apply_waiting(line.db, line.now)
    assert (line.state(message), line.state(next_one)) == (State.UNKNOWN, State.DELIVERED)


def test_a_late_answer_without_an_id_does_not_undo_what_a_report_told(line: Line) -> None:
    message = line.in_doubt()
    line.reported("ATXid_1")
    line.match()
    line.answered(message, IN_DOUBT)
    assert (line.state(message), line.attempt(message).carrier_id) == (State.DELIVERED, "ATXid_1")


def test_an_id_that_the_carrier_gives_twice_belongs_to_the_first(line: Line) -> None:
    first, second = line.begins(), line.begins(OTHER)
    for claimed in (first, second):
        line.answered(claimed, SendResult(Verdict.ACCEPTED, "Sent", "ATXid_1"))
    assert [line.state(claimed) for claimed in (first, second)] == [State.ACCEPTED] * 2
    assert line.attempt(second).carrier_id is None


def test_a_report_that_names_another_phone_is_quarantined_and_changes_nothing(line: Line) -> None:
    message = line.begins()
    line.answered(message, SendResult(Verdict.ACCEPTED, "Sent", "ATXid_1"))
    line.reported("ATXid_1", "Failed", OTHER)
    assert line.state(message) is State.ACCEPTED
    assert delivery_reports.count_quarantined(line.db) == 1
    line.reported("ATXid_1", "Success")
    assert line.state(message) is State.DELIVERED
    assert delivery_reports.count_quarantined(line.db) == 1


def test_orphans_of_phones_with_nothing_in_doubt_are_not_even_looked_at(line: Line) -> None:
    for number in range(20):
        line.reported(f"ATXid_of_nobody_{number}", phone=f"+2547110{number:05}")
    line.answered(line.begins(), SendResult(Verdict.ACCEPTED, "Sent", "ATXid_1"))
    with counted() as asked:
        assert line.match() == 0
    assert len(asked) == 1
    message = line.in_doubt(OTHER)
    line.reported("ATXid_2", phone=OTHER)
    with counted() as asked:
        assert line.match() == 1
    assert len(asked) < 20
    assert line.state(message) is State.DELIVERED


def test_however_many_are_in_doubt_without_an_orphan_none_of_them_is_fetched(line: Line) -> None:
    for number in range(20):
        line.in_doubt(f"+2547110{number:05}")
    with counted() as asked:
        assert line.match() == 0
    (only,) = asked
    assert only.startswith("SELECT delivery_report.")


def test_an_orphan_is_counted_until_it_finds_its_message_and_forgotten_after_three_days(line: Line) -> None:
    line.reported("ATXid_of_nobody")
    assert orphans.count(line.db, line.now) == 0
    assert orphans.count(line.db, line.now + 3 * MINUTE) == 1
    orphans.forget(line.db, line.now + 71 * HOUR)
    assert line.db.scalar(select(func.count()).select_from(DeliveryReport)) == 1
    orphans.forget(line.db, line.now + 73 * HOUR)
    assert line.db.scalar(select(func.count()).select_from(DeliveryReport)) == 0


HAPPENINGS = st.lists(st.sampled_from(["taken", "lost", "report", "match"]), min_size=1, max_size=14)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=HAPPENINGS)
def test_no_interleaving_tells_a_citizens_sms_delivered_that_the_carrier_never_took(
    db: Session, happenings: list[str]
) -> None:
    """The carrier reports every SMS it took, in its order; all answers are lost."""
    with db.begin_nested() as afterwards:
        line, taken, lost, due = Line(db), [], [], []
        for number, happening in enumerate(happenings):
            if happening == "taken":
                taken.append(line.in_doubt())
                due.append(f"ATXid_{number}")
            elif happening == "lost":
                lost.append(line.in_doubt())
            elif happening == "report" and due:
                line.reported(due.pop(0))
            else:
                line.match()
        assert all(line.state(message) is State.UNKNOWN for message in lost)
        afterwards.rollback()
