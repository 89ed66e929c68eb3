"""A campaign's SMS in doubt: sent again by a second person who says why, after a day, once, and marked as a repeat."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gateway.campaigns import headcounts, launches, progress, repeats
from gateway.campaigns.campaigns import Deed
from gateway.errors import NotSentAgain, Refused
from gateway.outbox import bulk, outbox
from gateway.sending import second_sends, sweeping
from gateway.sending.second_sends import Wish
from models import AuditEntry, Campaign, CampaignStatus, Citizen, Message, Role, Staff, State
from tests.gateway.campaigning import office, people, told
from tests.gateway.outbox.test_bulk_outbox import LIMITS
from tests.gateway.sendings import APPROVER, AUTHOR, add_recipients, make_campaign, number
from tests.grounds import NOW

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


@pytest.mark.parametrize("end", ["cancelled", "cancelled and swept", "its day passes", "they said STOP"])
def test_what_was_to_be_repeated_and_is_not_stays_in_doubt(db: Session, doubted: Campaign, end: str) -> None:
    """It may have been sent the first time, so it is neither cancelled nor expired nor skipped."""
    repeats.repeat(db, by(db, doubted), WHY)
    if end == "they said STOP":
        phones = db.scalars(select(Message.phone).where(Message.state == State.QUEUED, Message.phone != number(1)))
        db.add_all(Citizen(phone=phone, first_seen_at=now()) for phone in phones.all())
        db.execute(update(Citizen).values(opted_out_at=now()))
    elif end == "its day passes":
        doubted.stale_at = now() - timedelta(seconds=1)
        db.execute(update(Message).where(Message.state == State.QUEUED).values(expires_at=doubted.stale_at))
    else:
        launches.cancel(db, by(db, doubted))
        add_recipients(db, make_campaign(db, status=CampaignStatus.CANCELLED), ["Never sent"])
    db.flush()
    if end == "cancelled":
        assert launches.cancel_waiting(db, doubted.id, now()) == 3
    else:
        assert sweeping.sweep(db)["unresolved"] == 3
    own = select(Message.state, func.count()).where(Message.campaign_id == doubted.id).group_by(Message.state)
    assert dict(db.execute(own).all()) == {State.UNRESOLVED: 3, State.UNKNOWN: 1, State.DELIVERED: 1}
    assert repeats.count(db, doubted.id, now()) == 0


@pytest.mark.parametrize("is_sent", [True, False])
def test_who_got_a_repeat_or_may_have_had_the_first_does_not_get_the_same_text_from_another_campaign(
    db: Session, is_sent: bool
) -> None:
    desk = office(db)
    (phone,) = people(db, 1)
    first = desk.sends()
    desk.expands(first)
    db.execute(update(Message).where(Message.campaign_id == first.id).values(state=State.UNRESOLVED, state_at=NOW))
    first.status = CampaignStatus.DONE
    later = desk.at(NOW + timedelta(hours=26))
    repeats.repeat(db, later.deed(first, desk.approver), WHY)
    ended = State.DELIVERED if is_sent else State.UNRESOLVED
    db.execute(update(Message).where(Message.campaign_id == first.id).values(state=ended, state_at=later.now))
    newcomers = people(db, 2, first=200)
    second = later.sends(stale_at=later.now + timedelta(days=1))
    counted = headcounts.count(db, second, later.now, is_real=False)
    later.expands(second)
    assert (list(told(db, second)), counted.recipients) == (newcomers, 2)
    assert phone in told(db, first)


def test_one_of_a_campaign_is_not_sent_again_by_itself(db: Session, doubted: Campaign) -> None:
    message = db.scalars(select(Message).where(Message.state == State.UNRESOLVED)).one()
    with pytest.raises(NotSentAgain, match="together"):
        second_sends.send_again(db, message.id, Wish("Sample Agent", WHY), now())
