"""A campaign's recipients: the exact set, once, however often and by however many it is made, wherever it is cut."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import expanding, headcounts, launches, uploads
from gateway.campaigns.audiences import Audience
from gateway.citizens import consent, sample_citizens
from gateway.sending import sending
from gateway.settings import Settings, from_environment
from models import Campaign, CampaignStatus, Citizen, Exclusion, LaneName, Message, Staff, State
from tests.gateway.campaigning import Office, draft, office, people, told
from tests.gateway.desks import report
from tests.grounds import NOW, OTHER, PHONE
from workers import campaigning

pytestmark = pytest.mark.usefixtures("county")
MANY = 12_345  # more than two chunks


@pytest.fixture
def desk(db: Session) -> Office:
    return office(db)


def exclusions(db: Session, campaign: Campaign) -> dict[str, int]:
    rows = db.execute(select(Exclusion.reason, Exclusion.number).where(Exclusion.campaign_id == campaign.id))
    return dict(rows.all())


def test_each_recipient_gets_a_message_as_the_outbox_wants_it(desk: Office) -> None:
    phone, *_ = people(desk.db, 1)
    campaign = desk.sends()
    desk.expands(campaign)
    message = desk.db.scalars(select(Message).where(Message.campaign_id == campaign.id)).one()
    assert (message.phone, message.state, message.lane, message.priority) == (phone, State.QUEUED, LaneName.BULK, 7)
    assert (message.dedupe_key, message.kind) == (f"camp:{campaign.id}:{phone}", "campaign")
    assert (message.expires_at, message.ward_code, message.segments) == (campaign.stale_at, "777", 1)
    assert message.body == "Water is back in Kabiyet.\nSTOP to 1548 ends these messages"
    assert campaign.expanded_at == NOW


def test_each_reads_it_in_their_language_with_their_ward_and_their_date(desk: Office) -> None:
    people(desk.db, 1, "778", language="sw", first=200)
    people(desk.db, 1, None, language=None, first=300)
    report(desk.db, phone=PHONE, ward="777")
    texts = {"en": "{ward}: {first_due}", "sw": "{ward}: {first_due}"}
    campaign = desk.sends(audience=Audience(everybody=True), texts=texts, is_emergency=True)
    desk.expands(campaign)
    assert told(desk.db, campaign) == {PHONE: "Kabiyet: 25 Nov"}
    assert exclusions(desk.db, campaign) == {"nothing_due": 2}
    other = desk.sends(audience=Audience(everybody=True), texts=draft().texts, is_emergency=True)
    desk.expands(other)
    assert sorted(told(desk.db, other).values()) == [
        "Maji yamerudi Ndalat.",
        "Water is back in Kabiyet.",
        "Water is back in your ward.",
    ]


def test_what_was_counted_before_is_what_is_made_and_all_adds_up(desk: Office) -> None:
    stopped, again, *_ = people(desk.db, 6)
    consent.opt_out(desk.db, stopped, NOW)
    upload = uploads.take(desk.db, desk.author, "one.csv", again.encode(), NOW)
    first = desk.sends(audience=Audience(upload=upload.id))
    desk.expands(first)
    people(desk.db, 2, "778", language="sw", first=200)
    sample_citizens.make(desk.db, 5, "777", NOW)
    campaign = desk.sends(audience=Audience(subcounties=("156",), categories=("water",)))
    counted = headcounts.count(desk.db, campaign, NOW, is_real=True)
    desk.expands(campaign, is_real=True)
    assert len(told(desk.db, campaign)) == counted.recipients == 6
    assert exclusions(desk.db, campaign) == {"opted_out": 1, "sample": 5, "same_text": 1}
    assert {reason.value: number for reason, number in counted.excluded.items()} == exclusions(desk.db, campaign)


def test_forty_spellings_of_a_number_are_one_message(desk: Office) -> None:
    heads = ("+254", "254", "0", "", "00254", "+254 ", "254-", "+254-", "0 ", "(0)")
    tails = ("722000111", "722 000 111", "722-000-111", "722 000111")
    spellings = [head + tail for head in heads for tail in tails]
    assert len(set(spellings)) == 40
    upload = uploads.take(desk.db, desk.author, "a.csv", "\n".join(["phone", *spellings]).encode(), NOW)
    assert (upload.rows, upload.faults) == (40, [])
    campaign = desk.sends(audience=Audience(upload=upload.id))
    desk.expands(campaign)
    assert list(told(desk.db, campaign)) == ["+254722000111"]


def test_made_twice_it_is_the_same_and_exclusions_are_written_once(desk: Office) -> None:
    stopped, *_ = people(desk.db, 4)
    consent.opt_out(desk.db, stopped, NOW)
    campaign = desk.sends()
    desk.expands(campaign)
    before = told(desk.db, campaign), exclusions(desk.db, campaign)
    consent.opt_out(desk.db, people(desk.db, 1, first=900)[0], NOW)
    desk.expands(campaign)
    assert (told(desk.db, campaign), exclusions(desk.db, campaign)) == before


def test_what_is_missing_is_made_wherever_it_lies(desk: Office) -> None:
    phones = people(desk.db, 9)
    campaign = desk.sends()
    desk.expands(campaign)
    gone = Message.phone.in_([phones[0], phones[4]])
    desk.db.execute(Message.__table__.delete().where(Message.campaign_id == campaign.id, gone))
    desk.expands(campaign)
    assert sorted(told(desk.db, campaign)) == phones


def test_a_paused_or_cancelled_campaign_gets_no_more_recipients(desk: Office) -> None:
    people(desk.db)
    campaign = desk.sends()
    launches.pause(desk.db, desk.deed(campaign))
    assert expanding.hold(desk.db, campaign.id) is None
    launches.resume(desk.db, desk.deed(campaign))
    assert expanding.hold(desk.db, campaign.id) is campaign
    desk.expands(campaign)
    assert expanding.hold(desk.db, campaign.id) is None


@pytest.fixture
def launched(ground: Engine) -> int:
    """A campaign to many, really committed, that is approved and has not begun."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        sample_citizens.make(db, MANY, "777", now)
        desk = office(db).at(now)
        campaign = desk.submits(stale_at=now + timedelta(days=5), is_emergency=True)
        desk.approves(campaign)
        return campaign.id


def state(number: int) -> tuple[CampaignStatus, int, int]:
    """Where a campaign stands, how many messages it has, and to how many phones."""
    with database.transaction() as db:
        counted = select(func.count(), func.count(Message.phone.distinct())).where(Message.campaign_id == number)
        messages, phones = db.execute(counted).one()
        return db.get_one(Campaign, number).status, messages, phones


def killed_at(settings: Settings, point: str) -> None:
    """Has a worker tend campaigns until it is killed at a point."""
    tends = "from workers.__main__ import *; from workers import campaigning\n"
    tends += "found = settings.from_environment(); database.connect(found.database_url, statement_ms=20000)\n"
    tends += "campaigning.LONGEST = 60; crash.arm(found); campaigning.tend(is_real=False)"  # however busy the machine
    told_it = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "GATEWAY_ENV": "test"}
    environment = {**told_it, "FAULT": point, "VAR_DIR": str(settings.var_dir), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", tends], env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_kill_before_the_launch_is_committed_leaves_it_approved(launched: int, settings: Settings) -> None:
    killed_at(settings, "C1:1")
    assert state(launched) == (CampaignStatus.APPROVED, 0, 0)


def test_killed_after_the_launch_and_with_redis_emptied_the_clock_makes_the_recipients(
    launched: int, settings: Settings
) -> None:
    killed_at(settings, "C2:1")
    assert state(launched) == (CampaignStatus.SENDING, 0, 0)
    with Redis.from_url(settings.redis_url) as doorbell:
        doorbell.flushall()
    while not campaigning.tend(is_real=False):
        pass
    assert state(launched) == (CampaignStatus.SENDING, MANY, MANY)


@pytest.mark.parametrize(("time", "made"), [(1, 0), (2, 5000), (5, 10_000), (7, 12_345), (8, 12_345)])
def test_killed_within_or_between_chunks_another_completes_the_exact_set(
    launched: int, settings: Settings, time: int, made: int
) -> None:
    killed_at(settings, f"C3:{time}")
    assert state(launched)[1:] == (made, made)
    while not campaigning.tend(is_real=False):
        pass
    assert state(launched)[1:] == (MANY, MANY)
    with database.transaction() as db:
        assert db.get_one(Campaign, launched).expanded_at is not None


def test_several_workers_at_once_make_each_message_once(launched: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: campaigning.tend(is_real=False), range(4)))
    while not campaigning.tend(is_real=False):
        pass
    assert state(launched)[1:] == (MANY, MANY)


def test_two_campaigns_of_one_text_that_begin_together_reach_each_phone_once(ground: Engine) -> None:
    now = datetime.now(UTC)
    with database.transaction() as db:
        desk = office(db).at(now)
        phones = people(db, 3)
        first, second = (desk.sends(stale_at=now + timedelta(days=5), is_emergency=True).id for _ in range(2))
    with database.transaction() as db:
        campaign = expanding.hold(db, first)
        assert campaign
        expanding.add_chunk(db, campaign, "", now, is_real=True)
        with database.transaction() as another_worker:
            other = expanding.hold(another_worker, second)
            if other is not None:
                expanding.add_chunk(another_worker, other, "", now, is_real=True)
    while not campaigning.tend(is_real=True):
        pass
    with database.transaction() as db:
        reached = db.execute(select(Message.phone, Message.campaign_id).where(Message.kind == "campaign"))
        assert sorted(reached) == [(phone, first) for phone in phones]
        assert exclusions(db, db.get_one(Campaign, second)) == {"same_text": 3}


def test_what_waits_of_a_cancelled_campaign_is_cancelled_in_chunks(launched: int) -> None:
    while not campaigning.tend(is_real=False):
        pass
    with database.transaction() as db:
        launches.cancel(db, office_of(db).deed(db.get_one(Campaign, launched)))
    while not campaigning.tend(is_real=False):
        pass
    with database.transaction() as db:
        own = select(Message.state, func.count()).where(Message.campaign_id == launched)
        states = db.execute(own.group_by(Message.state))
        assert dict(states.all()) == {State.CANCELLED: MANY}


def office_of(db: Session) -> Office:
    return Office(db, db.get_one(Staff, "chebet"), db.get_one(Staff, "rono"))


def test_a_real_carriers_adapter_refuses_sample_citizens(ground: Engine, settings: Settings) -> None:
    with database.transaction() as db:
        sample_citizens.make(db, 2, "777", NOW)
        people(db, 1)
        phones = list(db.scalars(select(Citizen.phone).where(Citizen.is_sample)))
    real = from_environment(
        {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "VAR_DIR": str(settings.var_dir),
            "CARRIER": "africastalking",
            "AT_USERNAME": "county",
            "AT_API_KEY": "a-key",
            "AT_BASE_URL": "http://127.0.0.1:9",
        }
    )
    results = sending.carrier(real).send("Hello", [*phones, OTHER])
    assert {phone: results[phone].reason for phone in phones} == dict.fromkeys(phones, "sample citizen")
    assert results[OTHER].reason == "connect: refused"
    assert {result.reason for result in sending.carrier(settings).send("Hello", phones).values()} != {"sample citizen"}


def test_sample_citizens_are_made_up_to_a_number_in_both_languages(db: Session) -> None:
    assert sample_citizens.make(db, 4, "777", NOW) == 4
    assert sample_citizens.make(db, 6, "777", NOW) == 2
    assert sample_citizens.make(db, 6, "777", NOW) == 0
    assert sample_citizens.make(db, 1, "778", NOW) == 1
    rows = db.execute(select(Citizen.phone, Citizen.language, Citizen.is_sample).order_by(Citizen.phone)).all()
    assert [phone for phone, _, _ in rows] == [f"+25419900000{n}" for n in range(1, 8)]
    assert {language for _, language, _ in rows} == {"en", "sw"}
    assert all(is_sample for *_, is_sample in rows)
