"""A campaign's SMS in doubt: sent again by a second person who says why, after a day, once, and marked as a repeat."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.campaigns import progress, repeats
from gateway.campaigns.campaigns import Deed
from gateway.errors import NotSentAgain, Refused
from gateway.outbox import bulk, outbox
from gateway.sending import second_sends
from gateway.sending.second_sends import Wish
from models import AuditEntry, Campaign, CampaignStatus, Citizen, Message, Role, Staff, State
from tests.gateway.outbox.test_bulk_outbox import LIMITS
from tests.gateway.sendings import APPROVER, AUTHOR, add_recipients, make_campaign, number

pytestmark = pytest.mark.usefixtures("county")
WHY = "The carrier's log says that they were not sent"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def doubted(db: Session) -> Campaign:
    """A campaign that is done, with three in doubt for two days, one since now, and one delivered."""
    campaign = make_campaign(db, status=CampaignStatus.DONE)
    rows = add_recipients(db, campaign, ["Maji yamerudi", "Water is back", "Water is back", "Late", "Delivered"])
    states = (State.UNKNOWN, State.UNRESOLVED, State.UNKNOWN, State.UNKNOWN, State.DELIVERED)
    for row, state in zip(rows, states, strict=True):
        row.state, row.state_at, row.attempt_no = state, now() - timedelta(days=2), 1
    rows[3].state_at = now()
    db.add(Citizen(phone=number(1), first_seen_at=now(), language="sw"))
    db.flush()
    return campaign


def by(db: Session, campaign: Campaign, name: str = APPROVER) -> Deed:
    return Deed(db.get_one(Staff, name), campaign.id, campaign.version, now())


def test_they_go_out_once_more_and_say_so_in_the_citizens_language(db: Session, doubted: Campaign) -> None:
    assert repeats.count(db, doubted.id, now()) == 3
    assert repeats.repeat(db, by(db, doubted), WHY) == 3
    assert doubted.status is CampaignStatus.SENDING
    assert progress.of(db, doubted).recipients == 5
    claims = [claimed for _ in range(2) for claimed in bulk.claim(db, "worker", LIMITS)]
    assert sorted(claimed.body for claimed in claims) == ["(Marudio) Maji yamerudi", *["(Repeat) Water is back"] * 2]
    assert {claimed.attempt_no for claimed in claims} == {2}
    assert len(outbox.start_all(db, claims)) == 3
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.details) == (APPROVER, "campaign_sent_again", {"why": WHY, "again": 3})


def test_once_is_all(db: Session, doubted: Campaign) -> None:
    repeats.repeat(db, by(db, doubted), WHY)
    db.execute(update(Message).where(Message.state == State.QUEUED).values(state=State.UNRESOLVED))
    doubted.status = CampaignStatus.DONE
    assert repeats.count(db, doubted.id, now()) == 0
    with pytest.raises(Refused, match="in doubt for 24 hours"):
        repeats.repeat(db, by(db, doubted), WHY)


@pytest.mark.parametrize(
    ("name", "role", "why", "said"),
    [
        (AUTHOR, Role.ADMIN, WHY, "somebody else decides"),
        ("sample agent", Role.AGENT, WHY, "no such campaign"),
        ("sample official", Role.OFFICIAL, WHY, "somebody else decides"),
        (APPROVER, Role.APPROVER, "so", "Say why"),
    ],
)
def test_nobody_alone_and_nobody_without_a_reason(
    db: Session, doubted: Campaign, name: str, role: Role, why: str, said: str
) -> None:
    staff = db.get(Staff, name) or Staff(name=name, role=role, password_hash="none", created_at=now())
    staff.role = role
    db.add(staff)
    db.flush()
    with pytest.raises(Refused, match=said):
        repeats.repeat(db, by(db, doubted, name), why)
    assert repeats.count(db, doubted.id, now()) == 3


@pytest.mark.parametrize("status", [CampaignStatus.CANCELLED, CampaignStatus.EXPIRED])
def test_a_campaign_that_was_ended_is_not_brought_back(db: Session, doubted: Campaign, status: CampaignStatus) -> None:
    doubted.status = status
    db.flush()
    with pytest.raises(Refused, match=r"can't|ended|moved"):
        repeats.repeat(db, by(db, doubted), WHY)


def test_a_citizen_who_said_stop_since_gets_no_repeat(db: Session, doubted: Campaign) -> None:
    db.execute(update(Citizen).values(opted_out_at=now()))
    repeats.repeat(db, by(db, doubted), WHY)
    claims = [claimed for _ in range(2) for claimed in bulk.claim(db, "worker", LIMITS)]
    assert {claimed.phone for claimed in claims} == {number(2), number(3)}


def test_one_of_a_campaign_is_not_sent_again_by_itself(db: Session, doubted: Campaign) -> None:
    message = db.scalars(select(Message).where(Message.state == State.UNRESOLVED)).one()
    with pytest.raises(NotSentAgain, match="together"):
        second_sends.send_again(db, message.id, Wish("Sample Agent", WHY), now())
