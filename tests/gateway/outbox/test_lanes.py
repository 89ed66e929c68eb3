"""A lane rests while the carrier leaves too much in doubt, and nothing shortens a stop but an operator."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway.carriers import LaneOrder, SendResult, Verdict
from gateway.outbox import bulk, lanes, outbox
from gateway.outbox.outbox import Claim, Promise
from gateway.sending import sweeping
from models import Attempt, Citizen, Lane, LaneName, Message, Pace, State
from tests.gateway.outbox.test_bulk_outbox import LIMITS
from tests.gateway.promises import now, settled, started
from tests.gateway.sendings import add_recipients, make_campaign
from tests.grounds import FOR_EVER, NOW, OTHER, PHONE

pytestmark = pytest.mark.usefixtures("county")

REPLIES, BULK = LaneName.REPLIES, LaneName.BULK
CAMPAIGN = 7
FINE = SendResult(Verdict.ACCEPTED, "Sent")
IN_DOUBT = SendResult(Verdict.UNKNOWN, "read: timeout")
UNREACHED = SendResult(Verdict.NOT_SENT, "connect: refused")
BAD_KEY = SendResult(Verdict.NOT_SENT, "HTTP 401", http_status=401, lane=LaneOrder.STOP)
BUSY = SendResult(Verdict.NOT_SENT, "HTTP 429", http_status=429, lane=LaneOrder.PAUSE, retry_after=7.0)


class Line:
    """One lane, and what the carrier answers on it."""

    def __init__(self, db: Session, lane: LaneName) -> None:
        self.db, self.lane, self.number = db, lane, 0

    def hears(self, result: SendResult, times: int = 1) -> None:
        for _ in range(times):
            self.number += 1
            message = Message(**self.row(), state=State.SENDING)
            self.db.add(message)
            self.db.flush()
            campaign_id = CAMPAIGN if self.lane is BULK else None
            self.db.add(Attempt(message_id=message.id, n=1, started_at=NOW, campaign_id=campaign_id))
            self.db.flush()
            settled(self.db, Claim(message.id, PHONE, "Your case", 1, "worker"), result, NOW)
            lanes.obey(self.db, self.lane, result, now())

    def row(self) -> dict[str, object]:
        usual = {"direction": "out", "kind": "reply", "phone": PHONE, "body": "Your case", "attempt_no": 1}
        return {**usual, "owner": "worker", "lane": self.lane, "created_at": NOW, "state_at": NOW}

    @property
    def reason(self) -> str | None:
        return lanes.closed(self.db).get(self.lane)

    @property
    def heals(self) -> bool:
        return self.db.scalars(select(Lane.until).where(Lane.name == self.lane)).one() is not None

    def heal(self) -> None:
        self.db.execute(update(Lane).values(until=func.now() - timedelta(seconds=1)))


def test_after_five_in_doubt_a_sixth_lets_replies_rest(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(IN_DOUBT, 5)
    assert line.reason is None
    line.hears(IN_DOUBT)
    assert line.reason == "6 of the last 6 may have been sent"
    assert line.heals


def test_replies_bear_a_fifth_in_doubt(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(FINE, 40)
    line.hears(IN_DOUBT, 10)
    assert line.reason is None
    line.hears(IN_DOUBT)
    assert line.reason == "11 of the last 50 may have been sent"


def test_what_a_campaign_leaves_in_doubt_is_for_its_own_brake(db: Session) -> None:
    line = Line(db, BULK)
    line.hears(IN_DOUBT, 20)
    assert line.reason is None


def test_neither_lane_is_judged_by_the_others_answers(db: Session) -> None:
    for lane, other in ((BULK, REPLIES), (REPLIES, BULK)):
        Line(db, lane).hears(UNREACHED, 4)
        Line(db, other).hears(FINE)
        assert Line(db, lane).reason is None
        Line(db, lane).hears(UNREACHED)
        assert Line(db, lane).reason is not None
        lanes.open_again(db, lane)


def test_after_its_rest_one_more_in_doubt_is_another_rest_for_replies(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(IN_DOUBT, 6)
    line.heal()
    line.hears(FINE)
    assert line.reason is None
    line.hears(IN_DOUBT)
    assert line.reason is not None


def test_once_an_operator_opened_it_what_was_before_no_longer_counts(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(IN_DOUBT, 6)
    lanes.open_again(db, REPLIES)
    line.hears(IN_DOUBT, 5)
    assert line.reason is None
    line.hears(IN_DOUBT)
    assert line.reason is not None


def test_one_lane_in_doubt_leaves_the_other_open(db: Session) -> None:
    Line(db, REPLIES).hears(IN_DOUBT, 6)
    assert list(lanes.closed(db)) == ["replies"]


def test_a_carrier_not_reached_five_times_in_a_row_is_left_alone_for_a_minute(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(UNREACHED, 4)
    line.hears(FINE)
    line.hears(UNREACHED, 4)
    assert line.reason is None
    line.hears(UNREACHED)
    assert line.reason == "the carrier can't be reached"
    assert line.heals


def test_too_many_requests_pause_the_lane_as_long_as_the_carrier_says_and_slow_every_worker(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(BUSY)
    left = db.scalar(select(func.extract("epoch", Lane.until - func.now())).where(Lane.name == REPLIES))
    assert float(left or 0) == pytest.approx(7, abs=1)
    assert db.scalar(select(Pace.slow_until > func.now()))


def test_no_pause_makes_a_stop_or_a_longer_pause_shorter(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(BAD_KEY)
    line.hears(BUSY)
    assert (line.reason, line.heals) == ("HTTP 401", False)
    assert lanes.pause(db, BULK, "the day's cap is reached", NOW + timedelta(days=900))
    assert not lanes.pause(db, BULK, "HTTP 429", NOW + timedelta(days=800))


def test_a_stop_is_told_once(db: Session) -> None:
    assert [lanes.stop(db, REPLIES, "HTTP 401") for _ in range(3)] == [True, False, False]


def claimed_in_bulk(db: Session) -> list[Claim]:
    add_recipients(db, make_campaign(db), ["Water is back"] * 2)
    return bulk.claim(db, "worker", LIMITS)


def opt_out(db: Session, phone: str) -> None:
    db.add(Citizen(phone=phone, first_seen_at=NOW, opted_out_at=NOW))
    db.flush()


def test_nothing_in_bulk_is_sent_to_whoever_opted_out_and_the_sweep_says_so(db: Session) -> None:
    opt_out(db, PHONE)
    assert [claimed.phone for claimed in claimed_in_bulk(db)] == [OTHER]
    assert sweeping.sweep(db)["skipped"] == 1


def test_whoever_opts_out_between_claim_and_send_gets_nothing(db: Session) -> None:
    claims = claimed_in_bulk(db)
    opt_out(db, OTHER)
    assert {claimed.phone: started(db, claimed) for claimed in claims} == {PHONE: True, OTHER: False}


def test_answers_still_come_to_whoever_opted_out(db: Session) -> None:
    opt_out(db, PHONE)
    outbox.promise(db, Promise("ack:ticket:1", "confirmation", PHONE, "Your case"), NOW, lives=FOR_EVER)
    db.execute(update(Message).values(expires_at=None))
    (claimed,) = outbox.claim(db, "worker")
    assert started(db, claimed)


def test_a_lane_that_closes_between_claim_and_send_holds_the_message_back(db: Session) -> None:
    claims = claimed_in_bulk(db)
    lanes.stop(db, BULK, "HTTP 401")
    assert [started(db, claimed) for claimed in claims] == [False, False]


def test_what_a_person_wrote_goes_before_what_a_machine_did(db: Session) -> None:
    for kind in ("confirmation", "reply"):
        outbox.promise(db, Promise(kind, kind, PHONE, kind), NOW, lives=FOR_EVER)
    db.execute(update(Message).values(expires_at=None))
    assert [claimed.body for claimed in outbox.claim(db, "worker")] == ["reply", "confirmation"]


@pytest.mark.parametrize("status", [400, 404, 422])
def test_the_third_request_refused_whole_is_an_alarm_that_names_the_status(db: Session, status: int) -> None:
    refusal = SendResult(Verdict.REJECTED, f"HTTP {status}", http_status=status)
    line = Line(db, REPLIES)
    line.hears(refusal)
    line.hears(FINE, 49)
    line.hears(refusal, 2)
    assert lanes.refused(db) == {}
    line.hears(refusal)
    assert lanes.refused(db) == {"replies": status}
    assert line.reason is None


def test_a_number_the_carrier_will_not_serve_stops_nobody_else(db: Session) -> None:
    line = Line(db, REPLIES)
    line.hears(SendResult(Verdict.REJECTED, "InvalidPhoneNumber", http_status=201), 20)
    assert lanes.refused(db) == {}
