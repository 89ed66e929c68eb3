"""A second person's yes or no: what it needs, what it is worth, and when a campaign begins after it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gateway.campaigns import approvals, campaigns, launches
from gateway.campaigns.approvals import Consent
from gateway.errors import Refused
from models import CampaignStatus
from tests.gateway.campaigning import Office, draft, office, people
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
AT = CampaignStatus
NIGHT = NOW.replace(hour=19)  # ten in the evening in Nairobi


@pytest.fixture
def desk(db: Session) -> Office:
    people(db)
    return office(db)


def test_from_500_recipients_on_the_second_factor_is_asked_again(desk: Office) -> None:
    people(desk.db, 497, first=1000)
    campaign = desk.submits()
    with pytest.raises(Refused, match="From 500 recipients"):
        approvals.approve(desk.db, desk.deed(campaign, desk.approver), Consent(proved=False))
    desk.approves(campaign)
    assert campaign.expected == 500


def test_below_500_it_is_not(desk: Office) -> None:
    campaign = desk.submits()
    approvals.approve(desk.db, desk.deed(campaign, desk.approver), Consent(proved=False))
    assert (campaign.status, campaign.approver) == (AT.APPROVED, "rono")


@pytest.mark.parametrize(("now", "shown"), [(3, 2), (3, 4), (203, 200), (203, 206)])
def test_a_yes_to_another_number_than_was_shown_is_none(desk: Office, now: int, shown: int) -> None:
    people(desk.db, now - 3, first=1000)
    campaign = desk.submits()
    with pytest.raises(Refused, match=f"go to {now}, not to the {shown}"):
        approvals.approve(desk.db, desk.deed(campaign, desk.approver), Consent(proved=True, shown=shown))
    nearly = now + now // 100
    approvals.approve(desk.db, desk.deed(campaign, desk.approver), Consent(proved=True, shown=nearly))
    assert campaign.expected == now


def test_where_half_just_got_the_same_text_a_reason_is_needed(desk: Office) -> None:
    first = desk.sends()
    desk.expands(first)
    people(desk.db, 3, first=200)
    again = desk.submits()
    with pytest.raises(Refused, match="50% of them got this very text"):
        desk.approves(again)
    desk.approves(again, "The first was cut off.")
    assert (again.status, again.expected) == (AT.APPROVED, 3)


def test_a_rejection_has_a_reason_and_its_author_writes_anew(desk: Office) -> None:
    campaign = desk.submits()
    with pytest.raises(Refused, match="Say why"):
        approvals.reject(desk.db, desk.deed(campaign, desk.approver), " ")
    approvals.reject(desk.db, desk.deed(campaign, desk.approver), "Name the day.")
    assert (campaign.status, campaign.reason) == (AT.REJECTED, "Name the day.")
    campaigns.change(desk.db, desk.deed(campaign), draft())
    assert campaigns.submit(desk.db, desk.deed(campaign)).recipients == 3
    assert campaign.reason is None


def test_what_is_approved_at_night_begins_in_the_morning_and_says_so(desk: Office) -> None:
    campaign = desk.submits()
    starts = desk.at(NIGHT).approves(campaign)
    assert (starts.is_moved, starts.at) == (True, datetime.fromisoformat("2026-11-24T08:00+03:00"))
    assert campaign.status is AT.SCHEDULED
    assert launches.due(desk.db, NIGHT) == []
    assert not launches.begin_by_clock(desk.db, campaign.id, NIGHT)
    assert launches.begin_by_clock(desk.db, campaign.id, starts.at)
    assert campaign.status is AT.SENDING


def test_an_emergency_begins_at_night(desk: Office) -> None:
    campaign = desk.submits(is_emergency=True)
    assert not desk.at(NIGHT).approves(campaign).is_moved
    assert launches.begin_by_clock(desk.db, campaign.id, NIGHT)


def test_what_the_morning_would_find_stale_is_refused_at_night(desk: Office) -> None:
    campaign = desk.submits(stale_at=NOW + timedelta(hours=12))
    with pytest.raises(Refused, match="not worth sending"):
        desk.at(NIGHT).approves(campaign)


def test_a_clock_that_comes_late_puts_off_what_became_due_in_the_evening(desk: Office) -> None:
    campaign = desk.submits(starts_at=NOW.replace(hour=14, minute=59))
    desk.approves(campaign)
    assert not launches.begin_by_clock(desk.db, campaign.id, NIGHT)
    assert (campaign.status, campaign.starts_at) == (AT.SCHEDULED, datetime.fromisoformat("2026-11-24T08:00+03:00"))


def test_a_schedule_that_falls_into_the_night_is_moved_to_the_morning(desk: Office) -> None:
    campaign = desk.submits(stale_at=NOW + timedelta(days=3))
    desk.approves(campaign)
    starts = approvals.schedule(desk.db, desk.deed(campaign), NIGHT)
    assert starts.is_moved
    assert campaign.starts_at == starts.at
    assert not approvals.schedule(desk.db, desk.deed(campaign), NOW + timedelta(hours=1)).is_moved
