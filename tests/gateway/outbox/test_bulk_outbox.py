"""Batches of a campaign: one text for many, claimed by one worker, each recipient with a fate of their own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import expanding, launches
from gateway.carriers import SendResult, Verdict
from gateway.county import quiet_hours
from gateway.outbox import bulk, campaign_gates, lanes, outbox, settling, spending
from gateway.outbox.outbox import Claim, Promise
from gateway.sending import sweeping
from gateway.settings import Limits
from models import Attempt, Campaign, CampaignStatus, Citizen, County, Holiday, LaneName, Message
from tests.gateway.promises import reserved
from tests.gateway.sendings import add_recipients, launch, make_campaign, number
from tests.grounds import NOW

LIMITS = Limits(
    send_rate=1000, bulk_batch=3, daily_segments=100, daily_shillings=100, spool_min_free=0, disk_min_free=0
)
SENT = SendResult(Verdict.ACCEPTED, "Sent", cost="KES 0.8000", http_status=201)

pytestmark = pytest.mark.usefixtures("county")


def claim(db: Session, owner: str = "worker", **limits: int) -> list[Claim]:
    return bulk.claim(db, owner, replace(LIMITS, **limits))


def sending(db: Session, bodies: list[str], **changes: Any) -> Campaign:
    campaign = make_campaign(db, **changes)
    add_recipients(db, campaign, bodies)
    return campaign


def states(db: Session) -> list[str]:
    return [state.value for state in db.scalars(select(Message.state).order_by(Message.id))]


def set_hour(db: Session, hour: int) -> datetime:
    """Moves the county to a time zone where it is about this hour, and gives the moment there."""
    here = db.scalars(select(func.now())).one().astimezone(UTC)
    east = (hour - here.hour + 12) % 24 - 12
    db.execute(update(County).values(timezone=f"Etc/GMT{-east:+d}"))
    db.expire_all()
    return here + timedelta(hours=east)


def test_a_batch_is_one_text_and_no_more_than_its_size(db: Session) -> None:
    sending(db, ["Water", "Maji", "Water", "Water", "Maji", "Water"])
    batches = [[claimed.body for claimed in claim(db)] for _ in range(4)]
    assert sorted(batches) == [[], ["Maji"] * 2, ["Water"], ["Water"] * 3]
    assert states(db) == ["claimed"] * 6


def test_two_campaigns_with_the_same_text_share_no_request(db: Session) -> None:
    first, second = sending(db, ["Water"]), make_campaign(db)
    add_recipients(db, second, ["Water"])
    assert {claim(db)[0].campaign_id, claim(db)[0].campaign_id} == {first.id, second.id}


def test_single_claims_leave_campaigns_alone(db: Session) -> None:
    sending(db, ["Water"])
    outbox.promise(db, Promise("reply:event:1", "reply", number(9), "Your case"), datetime.now(UTC))
    assert [claimed.body for claimed in outbox.claim(db, "worker")] == ["Your case"]
    assert [claimed.body for claimed in claim(db)] == ["Water"]


def test_a_batch_takes_no_more_than_half_a_second_of_the_pace(db: Session) -> None:
    sending(db, ["Water"] * 9)
    assert len(claim(db, bulk_batch=100, send_rate=8)) == 4
    assert len(claim(db, bulk_batch=100, send_rate=1)) == 1


@pytest.mark.parametrize("status", [status for status in CampaignStatus if status is not CampaignStatus.SENDING])
def test_only_a_campaign_that_sends_is_claimed(db: Session, status: CampaignStatus) -> None:
    sending(db, ["Water"], status=status)
    assert claim(db) == []
    assert not campaign_gates.has_work(db)


def test_who_is_known_not_to_have_got_it_when_the_campaign_is_over_failed_and_waits_no_more(db: Session) -> None:
    campaign = sending(db, ["Water"])
    (begun,) = outbox.start_all(db, claim(db))
    db.execute(update(Message).values(lease_until=NOW - timedelta(days=10_000)))
    sweeping.sweep(db)
    assert states(db) == ["unknown"]
    assert launches.end_if_over(db, campaign.id, datetime.now(UTC))
    assert campaign.status is CampaignStatus.DONE
    settling.settle_all(db, [(begun, SendResult(Verdict.NOT_SENT, "connect: refused"))], datetime.now(UTC))
    assert sweeping.sweep(db)["failed"] == 1
    assert states(db) == ["failed"]


def test_what_is_stale_is_not_sent_but_expires(db: Session) -> None:
    campaign = sending(db, ["Water"], stale_at=datetime.now(UTC) - timedelta(seconds=1))
    assert claim(db) == []
    assert sweeping.sweep(db)["expired"] == 1
    assert campaign.status is CampaignStatus.SENDING


@pytest.mark.parametrize("change", ["pause", "cancel", "stale", "lane", "stop"])
def test_what_happens_between_claim_and_send_still_holds_it_back(db: Session, change: str) -> None:
    campaign = sending(db, ["Water"] * 3)
    claims = claim(db)
    if change in ("pause", "cancel"):
        campaign.status = CampaignStatus.PAUSED if change == "pause" else CampaignStatus.CANCELLED
    elif change == "stale":
        campaign.stale_at = datetime.now(UTC) - timedelta(seconds=1)
    elif change == "lane":
        lanes.stop(db, LaneName.BULK, "HTTP 401")
    else:
        db.add(Citizen(phone=number(2), first_seen_at=NOW, opted_out_at=NOW))
    db.flush()
    begun = outbox.start_all(db, claims)
    assert [claimed.phone for claimed in begun] == ([number(1), number(3)] if change == "stop" else [])
    outbox.release(db, [claimed for claimed in claims if claimed not in begun])
    sweeping.sweep(db)
    left = {"cancel": "cancelled", "stop": "skipped"}.get(change, "queued")
    assert states(db).count(left) == 3 - len(begun)


def test_bulk_goes_out_by_day_only_and_an_emergency_at_any_hour(db: Session) -> None:
    campaign = sending(db, ["Water"] * 3, is_emergency=False)
    set_hour(db, 23)
    assert claim(db) == []
    set_hour(db, 12)
    claims = claim(db)
    assert len(claims) == 3
    set_hour(db, 23)
    assert outbox.start_all(db, claims) == []
    campaign.is_emergency = True
    db.flush()
    assert len(outbox.start_all(db, claims)) == 3


def test_no_bulk_on_a_holiday(db: Session) -> None:
    sending(db, ["Water"], is_emergency=False)
    noon = set_hour(db, 12)
    db.add(Holiday(on=noon.date(), name="A holiday (sample)", is_expected=True))
    db.flush()
    assert claim(db) == []


@pytest.mark.parametrize(
    ("local", "is_day"),
    [("07:59", False), ("08:00", True), ("17:59", True), ("18:00", False), ("00:00", False), ("23:59", False)],
)
def test_the_day_is_from_eight_to_six_in_nairobi(db: Session, local: str, is_day: bool) -> None:
    assert quiet_hours.is_day(db, datetime.fromisoformat(f"2026-11-23T{local}+03:00")) is is_day


def test_an_emergency_goes_first(db: Session) -> None:
    sending(db, ["Water"])
    urgent = make_campaign(db, is_emergency=True)
    db.execute(update(Campaign).where(Campaign.id != urgent.id).values(is_emergency=False))
    set_hour(db, 12)
    add_recipients(db, urgent, ["Flood"])
    assert [claimed.body for claimed in claim(db)] == ["Flood"]


def test_a_campaigns_own_rate_holds_beside_the_lanes(db: Session) -> None:
    sending(db, ["Water"] * 9, rate=2)
    claims = claim(db, bulk_batch=100)
    assert len(claims) == 2
    assert bulk.book(db, claims)
    assert not bulk.book(db, claims)
    assert claim(db) == []
    assert 0.5 < (bulk.wait(db) or 0) <= 1
    db.execute(update(Campaign).values(free_at=func.now() - timedelta(seconds=1)))
    assert bulk.wait(db) is None
    assert len(claim(db)) == 2


@pytest.mark.usefixtures("ground")
def test_nobody_who_holds_the_days_spending_waits_for_a_campaign_whose_recipients_are_being_made() -> None:
    campaign_id = launch(["Water"], rate=2, expanded_at=None)
    with database.transaction() as db:
        claims = claim(db)
    with database.transaction() as maker, database.transaction() as sender:
        assert expanding.hold(maker, campaign_id)
        sender.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert not bulk.book(sender, claims)
    with database.transaction() as sender:
        assert bulk.book(sender, claims)


@pytest.mark.usefixtures("ground")
def test_who_claims_leaves_a_campaign_without_recipients_to_whoever_makes_them() -> None:
    campaign_id = launch([], expanded_at=None)
    with database.transaction() as sender, database.transaction() as maker:
        assert claim(sender) == []
        assert expanding.hold(maker, campaign_id)


@pytest.mark.usefixtures("ground")
def test_two_who_claim_from_two_campaigns_never_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_hours, "is_day", lambda *_: True)
    mine, others = launch(["Water"], is_emergency=True), launch(["Roads"], is_emergency=False)
    with database.transaction() as first, database.transaction() as other:
        other.execute(select(Message.id).where(Message.campaign_id == mine).with_for_update())  # being claimed
        other.execute(select(Campaign.id).where(Campaign.id == others).with_for_update(key_share=True))
        first.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert claim(first) == []
    with database.transaction() as first:
        assert [claimed.body for claimed in claim(first)] == ["Water"]


def test_a_campaign_without_a_rate_waits_for_nothing(db: Session) -> None:
    sending(db, ["Water"] * 3)
    assert bulk.book(db, claim(db))
    assert bulk.wait(db) is None


def test_each_recipient_of_a_batch_has_a_fate_an_attempt_and_a_price_of_their_own(db: Session) -> None:
    sending(db, ["Water"] * 3)
    claims = claim(db)
    spending.reserve_most(db, [1, 1, 1], LIMITS, datetime.now(UTC), LaneName.BULK)
    assert outbox.start_all(db, claims) == claims
    refused = SendResult(Verdict.REJECTED, "InvalidPhoneNumber", http_status=201)
    again = SendResult(Verdict.NOT_SENT, "CouldNotRoute", attempts_limit=2)
    results = [replace(SENT, carrier_id="ATXid_1"), refused, again]
    settling.settle_all(db, list(zip(claims, results, strict=True)), datetime.now(UTC))
    assert states(db) == ["accepted", "rejected", "queued"]
    outcomes = db.execute(select(Attempt.outcome, Attempt.carrier_id, Attempt.campaign_id).order_by(Attempt.message_id))
    campaign_id = claims[0].campaign_id
    assert [tuple(row) for row in outcomes] == [
        ("accepted", "ATXid_1", campaign_id),
        ("rejected", None, campaign_id),
        ("not_sent", None, campaign_id),
    ]
    assert spending.today(db, datetime.now(UTC)) == (1, 80)
    assert claim(db) == []  # the third waits a while


def test_an_answer_that_names_one_id_twice_gives_it_to_one(db: Session) -> None:
    sending(db, ["Water"] * 2)
    claims = claim(db)
    outbox.start_all(db, claims)
    twice = replace(SENT, carrier_id="ATXid_1")
    settling.settle_all(db, [(claimed, twice) for claimed in claims], datetime.now(UTC))
    assert set(db.scalars(select(Attempt.carrier_id))) == {"ATXid_1", None}


def test_a_batch_whose_answer_never_came_is_unknown_whole_and_never_claimed_again(db: Session) -> None:
    sending(db, ["Water"] * 3)
    outbox.start_all(db, claim(db))
    db.execute(update(Message).values(lease_until=func.now() - timedelta(seconds=1)))
    assert sweeping.sweep(db)["unknown"] == 3
    assert claim(db) == []


def test_a_worker_that_comes_back_late_begins_nothing_of_its_batch(db: Session) -> None:
    sending(db, ["Water"] * 3)
    late = claim(db, "late")
    db.execute(update(Message).values(lease_until=func.now() - timedelta(seconds=1)))
    sweeping.sweep(db)
    other = claim(db, "other")
    assert outbox.start_all(db, late) == []
    outbox.release(db, late)
    assert outbox.start_all(db, other) == other


def test_bulk_leaves_a_tenth_of_the_day_to_replies_and_pauses_alone(db: Session) -> None:
    now = datetime.now(UTC)
    small = replace(LIMITS, daily_segments=10)
    assert spending.reserve_most(db, [2] * 7, small, now, LaneName.BULK) == 4
    assert spending.reserve_most(db, [2], small, now, LaneName.BULK) == 0
    assert list(lanes.closed(db)) == ["bulk"]
    assert reserved(db, 2, small, now)
