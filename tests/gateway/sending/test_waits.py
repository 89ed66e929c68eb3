"""What could go on waits; what a closed lane, the night or the pause before the next try holds up does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.outbox import lanes, outbox
from gateway.outbox.outbox import Promise
from gateway.sending import waits
from models import Attempt, Campaign, CampaignStatus, Lane, LaneName, Message
from tests.gateway.outbox.test_bulk_outbox import set_hour
from tests.gateway.sendings import add_recipients, make_campaign
from tests.grounds import FOR_EVER, PHONE

pytestmark = pytest.mark.usefixtures("county")

TEN = timedelta(minutes=10)
A_WHILE = pytest.approx(600, abs=60)


def ago(time: timedelta = TEN) -> datetime:
    return datetime.now(UTC) - time


def promise(db: Session, **changes: Any) -> None:
    """Promises a reply ten minutes ago."""
    outbox.promise(db, Promise("a", "reply", PHONE, "Your case"), ago(), lives=FOR_EVER)
    if changes:
        db.execute(update(Message).values(changes))


def pause(db: Session, lane: LaneName, until: timedelta) -> None:
    """Pauses a lane until a moment from now."""
    lanes.pause(db, lane, "HTTP 503", datetime.now(UTC) + until)


def send(db: Session, **changes: Any) -> Campaign:
    """Begins a campaign ten minutes ago, none of whose recipients was tried."""
    campaign = make_campaign(db, **{"begun_at": ago(), **changes})
    add_recipients(db, campaign, ["Water"] * 3)
    return campaign


def tries(db: Session, campaign: Campaign) -> None:
    """Tries one recipient of a campaign, a moment ago."""
    message_id = db.scalars(select(Message.id).where(Message.campaign_id == campaign.id).limit(1)).one()
    started_at = ago(timedelta(seconds=5))
    db.add(Attempt(message_id=message_id, n=1, started_at=started_at, campaign_id=campaign.id))
    db.flush()


def test_a_reply_that_nobody_sends_waits(db: Session) -> None:
    assert waits.replies(db) == 0
    promise(db)
    assert waits.replies(db) == A_WHILE


@pytest.mark.parametrize("why", ["too early", "too late", "taken"])
def test_a_reply_that_may_not_be_sent_now_does_not_wait(db: Session, why: str) -> None:
    changes = {"too early": {"not_before": ago(-TEN)}, "too late": {"expires_at": ago()}, "taken": {"state": "claimed"}}
    promise(db, **changes[why])
    assert waits.replies(db) == 0


def test_a_reply_waits_from_when_it_may_be_tried_again(db: Session) -> None:
    promise(db, not_before=ago(TEN / 2))
    assert waits.replies(db) == pytest.approx(300, abs=60)


def test_nothing_waits_on_a_closed_lane_nor_for_the_time_that_it_was_paused(db: Session) -> None:
    promise(db)
    send(db)
    for lane in LaneName:
        pause(db, lane, TEN)
    assert (waits.replies(db), waits.campaigns(db)) == (0, 0)
    db.execute(update(Lane).values(until=ago(TEN / 2)))
    assert waits.replies(db) == waits.campaigns(db) == pytest.approx(300, abs=60)


def test_a_campaign_of_which_nothing_is_tried_waits(db: Session) -> None:
    assert waits.campaigns(db) == 0
    send(db)
    assert waits.campaigns(db) == A_WHILE


def test_a_campaign_that_has_just_begun_or_goes_out_does_not_wait(db: Session) -> None:
    campaign = send(db, begun_at=ago(timedelta(0)))
    assert waits.campaigns(db) < 60
    campaign.begun_at = ago()
    tries(db, campaign)
    assert waits.campaigns(db) < 60


def test_a_campaign_does_not_wait_while_another_one_goes_out(db: Session) -> None:
    send(db)
    tries(db, send(db))
    assert waits.campaigns(db) < 60


@pytest.mark.parametrize("status", [status for status in CampaignStatus if status is not CampaignStatus.SENDING])
def test_only_a_campaign_that_sends_can_wait(db: Session, status: CampaignStatus) -> None:
    send(db, status=status)
    assert waits.campaigns(db) == 0


def test_a_campaign_all_of_whose_recipients_have_theirs_does_not_wait(db: Session) -> None:
    send(db)
    db.execute(update(Message).values(state="accepted"))
    assert waits.campaigns(db) == 0


def test_a_campaign_waits_by_day_alone_and_an_emergency_at_any_hour(db: Session) -> None:
    campaign = send(db, is_emergency=False)
    set_hour(db, 23)
    assert waits.campaigns(db) == 0
    set_hour(db, 12)
    assert waits.campaigns(db) == A_WHILE
    set_hour(db, 23)
    campaign.is_emergency = True
    db.flush()
    assert waits.campaigns(db) == A_WHILE


def test_the_night_does_not_count_when_the_day_has_just_begun(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = send(db, is_emergency=False)
    dawn = datetime.now(UTC) - waits.PATIENCE / 2
    monkeypatch.setattr(waits.quiet_hours, "is_day", lambda _, at: at > dawn)
    assert waits.campaigns(db) == 0
    campaign.is_emergency = True
    db.flush()
    assert waits.campaigns(db) == A_WHILE
