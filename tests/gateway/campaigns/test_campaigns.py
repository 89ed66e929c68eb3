"""A campaign's life: who may move it where, what it needs before, and that it begins once however often it is asked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import approvals, campaign_moves, campaigns, launches, uploads
from gateway.campaigns.approvals import Consent
from gateway.campaigns.audiences import Audience
from gateway.campaigns.campaign_moves import MOVES, By
from gateway.campaigns.campaigns import Deed
from gateway.errors import Refused, Stale
from gateway.sending import brakes
from models import AuditEntry, Campaign, CampaignStatus, Message, Role, Staff, State
from tests.gateway.campaigning import TEXTS, Office, draft, office, people
from tests.gateway.desks import hire
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
AT = CampaignStatus
NIGHT = NOW.replace(hour=19)  # ten in the evening in Nairobi
PRESSES: dict[CampaignStatus, Any] = {
    AT.DRAFT: lambda db, deed: campaigns.change(db, deed, draft()),
    AT.SUBMITTED: campaigns.submit,
    AT.APPROVED: lambda db, deed: approvals.approve(db, deed, Consent(proved=True)),
    AT.REJECTED: lambda db, deed: approvals.reject(db, deed, "Too long."),
    AT.SCHEDULED: lambda db, deed: approvals.schedule(db, deed, NOW + timedelta(hours=2)),
    AT.PAUSED: launches.pause,
    AT.CANCELLED: launches.cancel,
}


@pytest.fixture
def desk(db: Session) -> Office:
    people(db)
    return office(db)


def actions(db: Session, campaign: Campaign) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.subject == f"campaign:{campaign.id}")
    return list(db.scalars(wanted.order_by(AuditEntry.id)))


def staff_like(db: Session, campaign: Campaign, role: Role, *, wrote_it: bool) -> Staff:
    staff = hire(db, f"{role}-{wrote_it}", role, phone=None)
    if wrote_it:
        campaign.author = staff.name
        db.flush()
    return staff


def test_every_status_is_reached_and_what_has_ended_stays_so() -> None:
    assert {to for _, to in MOVES} == set(AT)
    assert {status for status, to in MOVES if to is not AT.SENDING} == set(AT) - set(campaign_moves.ENDS)
    assert {to for status, to in MOVES if status in campaign_moves.ENDS} == {AT.SENDING}  # once more, to those in doubt


def test_nobody_decides_on_what_they_wrote() -> None:
    for to in (AT.APPROVED, AT.REJECTED, AT.SCHEDULED):
        assert MOVES[AT.SUBMITTED, to] == {By.SECOND}


@pytest.mark.parametrize("wrote_it", [True, False])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", list(AT))
def test_each_role_makes_the_moves_of_the_table_and_no_others(
    desk: Office, status: CampaignStatus, role: Role, wrote_it: bool
) -> None:
    campaign = desk.drafts()
    staff = staff_like(desk.db, campaign, role, wrote_it=wrote_it)
    by = campaign_moves.mover(campaign, staff)
    for to, press in PRESSES.items():
        campaign.status, campaign.approved_at = status, NOW if status in (AT.APPROVED, AT.SCHEDULED) else None
        desk.db.flush()
        is_allowed = by in MOVES.get((status, to), ()) and (status, to) != (AT.SUBMITTED, AT.SCHEDULED)
        with desk.db.begin_nested() as inner:
            if is_allowed:
                press(desk.db, desk.deed(campaign, staff))
                assert campaign.status is to
            else:
                with pytest.raises(Refused):
                    press(desk.db, desk.deed(campaign, staff))
                assert campaign.status is status
            inner.rollback()


def test_an_admin_writes_and_approves_but_never_their_own(desk: Office) -> None:
    admin = hire(desk.db, "admin", Role.ADMIN, phone="+254722000222")
    own = replace(desk, author=admin, approver=admin).submits()
    with pytest.raises(Refused, match="somebody else decides"):
        approvals.approve(desk.db, desk.deed(own, admin), Consent(proved=True))
    others = desk.submits()
    replace(desk, approver=admin).approves(others)
    assert others.status is AT.APPROVED


def test_a_whole_life_is_in_the_audit_log_without_a_text_or_a_phone(desk: Office) -> None:
    campaign = desk.sends()
    launches.pause(desk.db, desk.deed(campaign))
    launches.resume(desk.db, desk.deed(campaign))
    desk.expands(campaign)
    assert not launches.end_if_over(desk.db, campaign.id, desk.now)
    for message in desk.db.scalars(select(Message).where(Message.campaign_id == campaign.id)):
        message.state = State.ACCEPTED
    desk.db.flush()
    assert launches.end_if_over(desk.db, campaign.id, desk.now)
    assert campaign.status is AT.DONE
    assert actions(desk.db, campaign) == [
        "campaign_written",
        "campaign_changed",  # tested
        "campaign_submitted",
        "campaign_approved",
        "campaign_launched",
        "campaign_paused",
        "campaign_resumed",
        "campaign_done",
    ]
    said = str(list(desk.db.scalars(select(AuditEntry.details))))
    assert "Water" not in said
    assert "+254" not in said
    assert "'recipients': 3" in said


def test_what_somebody_else_changed_meanwhile_is_stale(desk: Office) -> None:
    campaign = desk.drafts()
    seen = desk.deed(campaign)
    campaigns.change(desk.db, desk.deed(campaign), draft(title="Another"))
    with pytest.raises(Stale):
        campaigns.submit(desk.db, seen)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": " "}, "A title is needed"),
        ({"title": "x" * 81}, "A title is needed"),
        ({"project_code": "NONE"}, "There is no project NONE"),
        ({"texts": {"en": "{price}"}}, r"There is no \{price\}"),
        ({"texts": {"en": "{project}"}}, "choose which project"),
        ({"texts": {"xx": "Hello"}}, "There is no language xx"),
        ({"texts": {"en": "x" * 601}}, "601 characters"),
        ({"audience": Audience(wards=("000",))}, "There is no ward 000"),
        ({"audience": Audience(categories=("corruption",))}, "A sensitive matter"),
        ({"stale_at": NOW}, "too late"),
        ({"starts_at": NOW + timedelta(days=2)}, "too late"),
        ({"rate": 0}, "The rate must be"),
    ],
)
def test_a_draft_that_can_never_be_right_is_refused(desk: Office, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        campaigns.write(desk.db, desk.author, draft(**more), NOW)
    assert desk.db.scalar(select(func.count()).select_from(Campaign)) == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"audience": Audience()}, "Nobody would get"),
        ({"audience": Audience(wards=("778",))}, "Nobody would get"),
        ({"texts": {"sw": "Maji yamerudi."}}, "Somebody would read it in English"),
    ],
)
def test_what_nobody_gets_or_somebody_could_not_read_is_not_submitted(
    desk: Office, more: dict[str, Any], sentence: str
) -> None:
    campaign = desk.drafts(**more)
    with pytest.raises(Refused, match=sentence):
        campaigns.submit(desk.db, desk.deed(campaign))
    assert campaign.status is AT.DRAFT


def test_exactly_these_texts_must_have_been_sent_to_the_author(desk: Office) -> None:
    campaign = campaigns.write(desk.db, desk.author, draft(), NOW)
    with pytest.raises(Refused, match="your own phone first"):
        campaigns.submit(desk.db, desk.deed(campaign))
    campaigns.send_test(desk.db, desk.deed(campaign))
    campaigns.change(desk.db, desk.deed(campaign), draft(texts={**TEXTS, "en": "Water is back in {ward}!"}))
    with pytest.raises(Refused, match="your own phone first"):
        campaigns.submit(desk.db, desk.deed(campaign))
    campaigns.send_test(desk.db, desk.deed(campaign))
    assert campaigns.submit(desk.db, desk.deed(campaign)).recipients == 3


def test_a_test_goes_to_the_author_alone_in_every_language_with_the_longest_names(desk: Office) -> None:
    campaign = desk.drafts()
    tests = desk.db.execute(select(Message.phone, Message.body, Message.campaign_id)).all()
    assert {phone for phone, _, _ in tests} == {desk.author.phone}
    assert sorted(body.split("\n")[0] for _, body, _ in tests) == [
        "Maji yamerudi Chemundu/Kapng'etuny.",
        "Water is back in Chemundu/Kapng'etuny.",
    ]
    assert [own for _, _, own in tests if own == campaign.id] == []


def test_without_a_phone_of_ones_own_nothing_can_be_tested(desk: Office) -> None:
    desk.author.phone = None
    with pytest.raises(Refused, match="has no phone"):
        desk.drafts()


def test_a_list_with_bad_rows_is_settled_before(desk: Office) -> None:
    upload = uploads.take(desk.db, desk.author, "list.csv", b"phone\n0722000333\nnobody\n", NOW)
    campaign = desk.drafts(audience=Audience(upload=upload.id))
    with pytest.raises(Refused, match="has bad rows"):
        campaigns.submit(desk.db, desk.deed(campaign))
    uploads.settle(desk.db, desk.author, upload.id, NOW)
    assert campaigns.submit(desk.db, desk.deed(campaign)).recipients == 1


def test_nobody_launches_at_night(desk: Office) -> None:
    campaign = desk.submits()
    desk.approves(campaign)
    with pytest.raises(Refused, match="quiet hours"):
        launches.launch(desk.db, desk.at(NIGHT).deed(campaign))


def test_what_nobody_decided_in_time_expires(desk: Office) -> None:
    campaign = desk.submits()
    late = campaign.stale_at
    assert launches.due(desk.db, late) == [campaign.id]
    assert not launches.begin_by_clock(desk.db, campaign.id, late)
    assert (campaign.status, campaign.ended_at) == (AT.EXPIRED, late)


def test_what_was_not_sent_in_time_expires_and_is_not_resumed(desk: Office) -> None:
    campaign = desk.sends()
    desk.expands(campaign)
    launches.pause(desk.db, desk.deed(campaign))
    late = desk.at(campaign.stale_at)
    with pytest.raises(Refused, match="its time has passed"):
        launches.resume(desk.db, late.deed(campaign))
    for message in desk.db.scalars(select(Message).where(Message.campaign_id == campaign.id)):
        message.state = State.EXPIRED
    desk.db.flush()
    assert launches.end_if_over(desk.db, campaign.id, late.now)
    assert campaign.status is AT.EXPIRED


def test_a_campaign_stopped_by_the_clock_says_why_and_is_resumed_by_a_person(desk: Office) -> None:
    campaign = desk.sends()
    assert brakes.pause(desk.db, campaign.id, "the balance is low", NOW)
    assert not brakes.pause(desk.db, campaign.id, "the balance is low", NOW)
    assert (campaign.status, campaign.reason) == (AT.PAUSED, "the balance is low")
    launches.resume(desk.db, desk.deed(campaign, desk.approver))
    assert (campaign.status, campaign.reason) == (AT.SENDING, None)


def test_cancelling_ends_what_waits_and_leaves_what_was_sent(desk: Office) -> None:
    campaign = desk.sends()
    desk.expands(campaign)
    sent = desk.db.scalars(select(Message).where(Message.campaign_id == campaign.id).limit(1)).one()
    sent.state = State.SENDING
    launches.cancel(desk.db, desk.deed(campaign), "Wrong ward.")
    assert launches.cancelled(desk.db) == [campaign.id]
    assert launches.cancel_waiting(desk.db, campaign.id, NOW) == 2
    assert launches.cancelled(desk.db) == []
    assert sent.state is State.SENDING


def test_only_those_who_may_see_campaigns_find_one(desk: Office) -> None:
    campaign = desk.drafts()
    with pytest.raises(Refused, match="no such campaign"):
        campaigns.find(desk.db, hire(desk.db, "agent"), campaign.id)
    with pytest.raises(Refused, match="You may not write"):
        campaigns.write(desk.db, desk.approver, draft(), NOW)


def test_launch_pressed_twenty_times_by_two_people_is_one_launch(ground: Engine) -> None:
    with database.transaction() as db:
        people(db)
        desk = office(db)
        campaign = desk.submits()
        desk.approves(campaign)
        number, version = campaign.id, campaign.version

    def press(turn: int) -> bool:
        with database.transaction() as db:
            staff = db.get_one(Staff, ("chebet", "rono")[turn % 2])
            return launches.launch(db, Deed(staff, number, version, NOW))

    with ThreadPoolExecutor(10) as pool:
        begun = list(pool.map(press, range(20)))
    assert begun.count(True) == 1
    with database.transaction() as db:
        campaign = db.get_one(Campaign, number)
        assert (campaign.status, campaign.version) == (AT.SENDING, version + 1)
        assert actions(db, campaign).count("campaign_launched") == 1


def test_two_who_decide_at_once_decide_once(ground: Engine) -> None:
    with database.transaction() as db:
        people(db)
        desk = office(db)
        hire(db, "other", Role.APPROVER)
        campaign = desk.submits()
        number, version = campaign.id, campaign.version

    def decide(name: str) -> str:
        try:
            with database.transaction() as db:
                deed = Deed(db.get_one(Staff, name), number, version, NOW)
                if name == "rono":
                    approvals.approve(db, deed, Consent(proved=True))
                else:
                    approvals.reject(db, deed, "No.")
        except Stale:
            return "stale"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ["rono", "other"])) == ["done", "stale"]
