"""A campaign's figures add up: every recipient once, by state, ward and network, beside those who were left out."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.campaigns import progress
from gateway.carriers import Report
from gateway.outbox import delivery_reports, lanes
from models import Attempt, Campaign, CampaignStatus, Exclusion, LaneName, Message, State
from tests.gateway.outbox.test_bulk_outbox import set_hour
from tests.gateway.sendings import add_recipients, make_campaign, number
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")

STATES = (State.QUEUED, State.SENDING, State.ACCEPTED, State.DELIVERED, State.FAILED, State.UNKNOWN, State.SKIPPED)


def campaign_of(db: Session, *states: State) -> Campaign:
    """Gives a campaign whose recipients stand in these states, all but the first sent to in the last minute."""
    campaign = make_campaign(db)
    rows = add_recipients(db, campaign, ["Water"] * len(states))
    for row, state in zip(rows, states, strict=True):
        row.state = state
    db.flush()
    return campaign


def attempt(db: Session, message: Message, carrier_id: str, reason: str = "Sent") -> None:
    message.attempt_no = 1
    started = db.scalars(select(func.now())).one() - timedelta(seconds=10)
    db.add(
        Attempt(
            message_id=message.id,
            n=1,
            started_at=started,
            outcome="accepted",
            reason=reason,
            carrier_id=carrier_id,
            campaign_id=message.campaign_id,
        )
    )
    db.flush()


def report(db: Session, carrier_id: str, status: str, network: str, reason: str = "", phone: str = number(1)) -> None:
    raw = {"networkCode": network}
    delivery_reports.keep(db, Report(carrier_id=carrier_id, status=status, reason=reason, phone=phone, raw=raw), NOW)
    db.flush()


def recipients(db: Session, campaign: Campaign) -> list[Message]:
    return list(db.scalars(select(Message).where(Message.campaign_id == campaign.id).order_by(Message.id)))


def test_all_sums_are_the_recipients_and_with_the_exclusions_the_audience(db: Session) -> None:
    campaign = campaign_of(db, *STATES, State.DELIVERED)
    one, other, *_ = recipients(db, campaign)
    one.ward_code, other.ward_code, other.network_code = None, "773", "63903"
    for reason, count in (("opted_out", 3), ("reached", 2)):
        db.add(Exclusion(campaign_id=campaign.id, reason=reason, number=count))
    db.add(Message(**incoming(campaign)))
    db.flush()
    found = progress.of(db, campaign)
    assert found.states == Counter([*STATES, State.DELIVERED])
    for parts in (found.wards, found.networks):
        assert sum((Counter(part) for part in parts.values()), Counter()) == found.states
    assert (set(found.wards), set(found.networks)) == ({None, "772", "773"}, {None, "63903"})
    assert (found.recipients, found.audience, found.left, found.replies) == (8, 13, 2, 1)


def incoming(campaign: Campaign) -> dict[str, object]:
    usual = {"direction": "in", "state": State.HANDLED, "kind": "case", "phone": number(1), "body": "Thanks"}
    return {**usual, "created_at": NOW, "state_at": NOW, "campaign_id": campaign.id, "carrier_id": "in-1"}


def test_what_is_left_takes_as_long_as_the_last_minute_says(db: Session) -> None:
    campaign = campaign_of(db, *[State.ACCEPTED] * 20, *[State.QUEUED] * 10)
    assert progress.of(db, campaign).seconds_left is None
    for position, message in enumerate(recipients(db, campaign)[:20]):
        attempt(db, message, f"ATXid_{position}")
    found = progress.of(db, campaign)
    assert found.per_second == pytest.approx(2, abs=0.3)
    assert found.seconds_left == pytest.approx(5, abs=1)


def test_when_nothing_is_left_no_time_is(db: Session) -> None:
    campaign = campaign_of(db, State.ACCEPTED)
    attempt(db, recipients(db, campaign)[0], "ATXid_1")
    assert progress.of(db, campaign).seconds_left is None


def test_the_network_is_the_one_the_report_names_and_a_new_one_harms_nobody(db: Session) -> None:
    campaign = campaign_of(db, *[State.ACCEPTED] * 3)
    networks = ("63903", "63977", "no network at all")
    for position, (message, network) in enumerate(zip(recipients(db, campaign), networks, strict=True), start=1):
        attempt(db, message, f"ATXid_{position}")
        report(db, f"ATXid_{position}", "Success", network, phone=message.phone)
    found = progress.of(db, campaign)
    assert {code: part[State.DELIVERED] for code, part in found.networks.items()} == {"63903": 1, "63977": 1, None: 1}
    assert [progress.network_name(code) for code in ("63902", "63977")] == ["Safaricom", "63977"]


def test_every_failure_has_a_reason_and_they_add_up(db: Session) -> None:
    campaign = campaign_of(db, *[State.ACCEPTED] * 3, State.REJECTED, State.DELIVERED)
    messages = recipients(db, campaign)
    for position, message in enumerate(messages[:3], start=1):
        attempt(db, message, f"ATXid_{position}")
    report(db, "ATXid_1", "Failed", "63902", "UserDoesNotExist", phone=messages[0].phone)
    report(db, "ATXid_2", "Expired", "63902", phone=messages[1].phone)
    report(db, "ATXid_3", "Failed", "63902", "UserDoesNotExist", phone=messages[2].phone)
    attempt(db, messages[3], "ATXid_4", "InvalidPhoneNumber")
    found = progress.failures(db, campaign.id)
    assert found == {"UserDoesNotExist": 2, "Expired": 1, "InvalidPhoneNumber": 1}
    states = progress.of(db, campaign).states
    assert sum(found.values()) == sum(states.get(state, 0) for state in progress.REFUSED)


def test_it_says_what_a_campaign_waits_for(db: Session) -> None:
    campaign = campaign_of(db, State.QUEUED)
    assert progress.of(db, campaign).waits_for is None
    lanes.pause(db, LaneName.BULK, "HTTP 429", datetime.now(UTC) + timedelta(hours=1))
    assert progress.of(db, campaign).waits_for == "HTTP 429"
    lanes.open_again(db, LaneName.BULK)
    campaign.is_emergency = False
    set_hour(db, 23)
    assert progress.of(db, campaign).waits_for == progress.QUIET_HOURS
    campaign.status = CampaignStatus.DONE
    assert progress.of(db, campaign).waits_for is None
