"""Tending campaigns: one that can't be tended holds up no other, and is told once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from structlog.testing import capture_logs

from gateway import database
from gateway.campaigns import launches
from gateway.citizens import sample_citizens
from gateway.errors import Refused
from gateway.outbox import lanes, lineage
from models import Campaign, CampaignStatus, LaneName, Message
from tests.gateway.campaigning import office
from tests.gateway.sendings import launch
from tests.workers.test_sender_clocks import SKEWS, askew, clock_at
from workers import campaigning

pytestmark = pytest.mark.usefixtures("ground")

PEOPLE = 3


@pytest.fixture
def two(ground: Engine) -> tuple[int, int]:
    """Two campaigns that are approved; what the first keeps for an audience can't be read any more."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        sample_citizens.make(db, PEOPLE, "777", now)
        desk = office(db).at(now)
        first, second = (
            desk.submits(texts=texts, stale_at=now + timedelta(days=5), is_emergency=True)
            for texts in ({"en": "Water", "sw": "Maji"}, {"en": "Roads", "sw": "Barabara"})
        )
        for campaign in (first, second):
            desk.approves(campaign)
        first.audience = {"nowhere": ["777"]}
        return first.id, second.id


def recipients(campaign_id: int) -> int:
    with database.transaction() as db:
        return db.scalar(select(func.count()).where(Message.campaign_id == campaign_id)) or 0


def test_a_campaign_whose_recipients_cant_be_made_holds_up_none_after_it(two: tuple[int, int]) -> None:
    broken, whole = two
    campaigning.tend(is_real=False)
    assert (recipients(broken), recipients(whole)) == (0, PEOPLE)


def test_it_is_told_in_one_line_and_not_rung_for_without_end(two: tuple[int, int]) -> None:
    with capture_logs() as told:
        assert campaigning.tend(is_real=False)
    (line,) = [line for line in told if line["event"] == "campaign not tended"]
    assert (line["campaign"], line["step"], type(line["error"])) == (two[0], "expand", Refused)


def test_once_it_is_mended_the_next_look_makes_its_recipients(two: tuple[int, int]) -> None:
    campaigning.tend(is_real=False)
    with database.transaction() as db:
        db.get_one(Campaign, two[0]).audience = {"wards": ["777"]}
    campaigning.tend(is_real=False)
    assert recipients(two[0]) == PEOPLE


def test_none_begins_nor_goes_on_while_the_database_may_have_forgotten_what_was_sent(two: tuple[int, int]) -> None:
    _, whole = two
    with database.transaction() as db:
        lanes.stop(db, LaneName.BULK, lineage.FORGOT)
    campaigning.tend(is_real=False)
    with database.transaction() as db:
        assert db.get_one(Campaign, whole).status is CampaignStatus.APPROVED
        launches.begin_by_clock(db, whole, datetime.now(UTC))
    campaigning.tend(is_real=False)
    assert recipients(whole) == 0
    with database.transaction() as db:
        lanes.open_again(db, LaneName.BULK)
    campaigning.tend(is_real=False)
    assert recipients(whole) == PEOPLE


@pytest.mark.parametrize("name", SKEWS)
def test_a_campaign_begins_and_ends_in_its_time_whatever_the_workers_clock(two: tuple[int, int], name: str) -> None:
    now, (due, later) = datetime.now(UTC), two
    with database.transaction() as db:
        for number, starts_at in ((due, now - timedelta(minutes=5)), (later, now + timedelta(minutes=5))):
            campaign = db.get_one(Campaign, number)
            campaign.audience, campaign.starts_at = {"wards": ["777"]}, starts_at
            campaign.stale_at = now + timedelta(hours=12)
    with clock_at(askew(name)):
        campaigning.tend(is_real=False)
    with database.transaction() as db:
        standing = [db.get_one(Campaign, number).status for number in two]
    assert standing == [CampaignStatus.SENDING, CampaignStatus.APPROVED]
    assert (recipients(due), recipients(later)) == (PEOPLE, 0)


def test_an_emergency_gets_its_recipients_before_what_began_earlier(ground: Engine) -> None:
    usual, emergency, other = (launch([], is_emergency=is_urgent) for is_urgent in (False, True, False))
    with database.transaction() as db:
        assert launches.running(db) == [emergency, usual, other]
