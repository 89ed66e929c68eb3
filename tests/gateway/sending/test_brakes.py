"""Answers that are lost with their worker are in doubt: they stop a campaign, or rest a lane, as the carrier's do."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway.carriers import SendResult, Verdict
from gateway.outbox import bulk, lanes, outbox, settling
from gateway.outbox.outbox import LEASE, Promise
from gateway.sending import brakes, sweeping
from gateway.settings import Limits
from models import Attempt, Campaign, CampaignStatus, Message
from tests.gateway.promises import now
from tests.gateway.sendings import add_recipients, make_campaign, number

LIMITS = Limits(1000, 100, daily_segments=1000, daily_shillings=1000, spool_min_free=0, disk_min_free=0)
FINE = SendResult(Verdict.ACCEPTED, "Sent", http_status=201)
IN_DOUBT = SendResult(Verdict.UNKNOWN, "read: timeout")

pytestmark = pytest.mark.usefixtures("county")


def dies_while_sending(db: Session, recipients: int) -> Campaign:
    """Has a worker die when it has asked the carrier about a campaign's only batch."""
    campaign = make_campaign(db)
    add_recipients(db, campaign, ["Water is back"] * recipients)
    assert len(outbox.start_all(db, bulk.claim(db, "worker", LIMITS))) == recipients
    return campaign


def sweep_after_the_lease(db: Session) -> None:
    """Lets the leases run out, and sweeps."""
    passed = LEASE + timedelta(seconds=1)
    db.execute(update(Attempt).where(Attempt.outcome.is_(None)).values(started_at=Attempt.started_at - passed))
    db.execute(update(Message).values(lease_until=Message.lease_until - passed))
    sweeping.sweep(db)


def promise(db: Session, replies: int) -> list[outbox.Claim]:
    """Promises replies and has a worker begin to send them."""
    for position in range(replies):
        wanted = Promise(f"reply:event:{number(position)}", "reply", number(position), "Your case")
        outbox.promise(db, wanted, now())
    return outbox.start_all(db, outbox.claim(db, "worker", replies))


def test_a_campaign_whose_workers_die_with_the_answers_is_paused_by_the_sweep(db: Session) -> None:
    campaign = dies_while_sending(db, 6)
    sweep_after_the_lease(db)
    assert campaign.status is CampaignStatus.PAUSED
    assert campaign.reason == "6 of the last 6 may have been sent"
    assert set(db.scalars(select(Attempt.outcome))) == {None}  # a late answer still says what it cost


def test_five_lost_answers_are_borne_and_count_beside_those_in_doubt(db: Session) -> None:
    campaign = dies_while_sending(db, 5)
    sweep_after_the_lease(db)
    assert campaign.status is CampaignStatus.SENDING
    (message,) = db.scalars(select(Message).limit(1))
    db.add(Attempt(message_id=message.id, n=9, started_at=now(), outcome="unknown", campaign_id=campaign.id))
    db.flush()
    brakes.obey(db, campaign.id, [IN_DOUBT], now())
    assert campaign.status is CampaignStatus.PAUSED


def test_answers_that_may_still_come_are_not_in_doubt(db: Session) -> None:
    campaign = dies_while_sending(db, 20)
    brakes.obey(db, campaign.id, [IN_DOUBT], now())
    assert campaign.status is CampaignStatus.SENDING


def test_once_a_person_resumed_it_what_was_lost_before_counts_no_more(db: Session) -> None:
    campaign = dies_while_sending(db, 6)
    sweep_after_the_lease(db)
    campaign.status = CampaignStatus.SENDING
    brakes.obey(db, campaign.id, [IN_DOUBT], now())
    assert campaign.status is CampaignStatus.SENDING


def test_replies_whose_answers_are_lost_let_their_lane_rest(db: Session) -> None:
    promise(db, 6)
    sweep_after_the_lease(db)
    assert lanes.closed(db) == {"replies": "6 of the last 6 may have been sent"}


def test_a_few_lost_among_many_let_no_lane_rest(db: Session) -> None:
    claims = promise(db, 50)
    settling.settle_all(db, [(claimed, FINE) for claimed in claims[10:]], now())
    sweep_after_the_lease(db)
    assert lanes.closed(db) == {}
    assert db.scalar(select(func.count()).where(Message.state == "unknown")) == 10
