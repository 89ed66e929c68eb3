"""What citizens write back to a campaign becomes cases linked to it; what is no matter of its own becomes none."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attempt, Campaign, Message, State, Status
from tests.gateway.desks import Desk, hire, report
from tests.gateway.sendings import add_recipients, make_campaign
from tests.gateway.texting import TextingPhone
from tests.grounds import PHONE

assert PHONE == "+254700000001"  # the first recipient's


@pytest.fixture
def sent(citizen: TextingPhone, db: Session) -> Campaign:
    """A campaign that reached the citizen an hour ago."""
    campaign = make_campaign(db)
    (message,) = add_recipients(db, campaign, ["Water is back in Kapsabet"], state=State.DELIVERED)
    message.attempt_no, message.created_at = 1, citizen.now - timedelta(hours=2)
    db.add(Attempt(message_id=message.id, n=1, started_at=citizen.now - timedelta(hours=1), campaign_id=campaign.id))
    db.flush()
    return campaign


def test_words_to_a_campaign_are_a_case_of_their_own_linked_to_it(citizen: TextingPhone, sent: Campaign) -> None:
    assert "Kapsabet" in citizen.sends("There is still no water at all in Kapsabet town")
    case = citizen.case()
    assert (case.campaign_id, case.category_code, case.ward_code) == (sent.id, "water", "772")
    assert citizen.sent()[0].campaign_id == sent.id


def test_a_command_is_a_command(citizen: TextingPhone, sent: Campaign) -> None:
    citizen.sends("STOP")
    assert citizen.cases() == []
    assert citizen.sent()[0].campaign_id is None


@pytest.mark.parametrize("words", ["Asante sana", "ok", "Thank you", "Ndiyo"])
def test_thanks_stay_on_the_campaign_without_a_case_or_an_answer(
    citizen: TextingPhone, sent: Campaign, words: str
) -> None:
    assert citizen.sends(words) == ""
    assert citizen.cases() == []
    (kept,) = citizen.sent()
    assert (kept.state, kept.kind, kept.campaign_id) == (State.HANDLED, "campaign_reply", sent.id)


@pytest.mark.parametrize("words", ["Tumevamiwa sasa hivi!", "Si kweli", "Bado", "They came again"])
def test_few_words_that_are_no_thanks_are_read_by_somebody(citizen: TextingPhone, sent: Campaign, words: str) -> None:
    assert citizen.sends(words)
    assert (citizen.case().words, citizen.case().campaign_id) == (words, sent.id)


def test_not_yet_from_one_with_an_older_case_goes_on_to_that_case(
    citizen: TextingPhone, sent: Campaign, db: Session
) -> None:
    old = report(db, at=citizen.now - timedelta(days=2))
    for message in db.scalars(select(Message).where(Message.ticket_id == old.id)):
        message.created_at = citizen.now - timedelta(days=2)
    db.flush()
    citizen.sends("Bado")
    assert (citizen.sent()[-1].ticket_id, citizen.sent()[-1].campaign_id) == (citizen.case().id, sent.id)


def test_what_follows_goes_to_the_case_and_opens_no_second_one(citizen: TextingPhone, sent: Campaign) -> None:
    citizen.sends("There is still no water at all in Kapsabet town")
    citizen.waits(minutes=5)
    assert "Added" in citizen.sends("The water tap near Kapsabet market is broken")
    assert len(citizen.cases()) == 1


def test_after_three_days_it_is_a_case_like_any_other(citizen: TextingPhone, sent: Campaign) -> None:
    citizen.waits(hours=72)
    citizen.sends("There is still no water at all in Kapsabet town")
    assert citizen.case().campaign_id is None


def test_who_was_not_sent_to_replies_to_nothing(citizen: TextingPhone, sent: Campaign, db: Session) -> None:
    db.scalars(select(Message).where(Message.campaign_id == sent.id)).one().state = State.SKIPPED
    db.flush()
    citizen.sends("There is still no water at all in Kapsabet town")
    assert citizen.case().campaign_id is None


def test_words_go_to_the_campaign_before_an_older_case(citizen: TextingPhone, sent: Campaign, db: Session) -> None:
    old = report(db, at=citizen.now - timedelta(days=2))
    for message in db.scalars(select(Message).where(Message.ticket_id == old.id)):
        message.created_at = citizen.now - timedelta(days=2)
    db.flush()
    citizen.sends("There is still no water at all in Kapsabet town")
    assert [case.campaign_id for case in citizen.cases()] == [None, sent.id]


def test_what_an_agent_asked_since_is_answered_before_the_campaign(
    citizen: TextingPhone, sent: Campaign, db: Session
) -> None:
    ticket = report(db, at=citizen.now - timedelta(days=2))
    desk = Desk(db, hire(db, "asha"), citizen.now)
    desk.moves(ticket, Status.WAITING_CITIZEN, "Which house is it?")
    citizen.waits(minutes=5)
    assert "Added" in citizen.sends("It is the one behind the school")
    assert citizen.case().status is Status.OPEN
