"""A yes that was a slip is taken back by a no within a day: the case is open again, as after any other no."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.carriers import Hop
from gateway.dialogues import conversation
from gateway.tickets import contests, references
from models import Attempt, EventKind, Priority, State, Status, Ticket, TicketEvent, Verdict
from tests.gateway.sendings import add_recipients, make_campaign
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER, PHONE

WATER = "No water in Kapsabet since Monday"
CLOSED, AGAIN = (Status.CLOSED, Verdict.FIXED), (Status.REOPENED, Verdict.NOT_FIXED)

assert PHONE == "+254700000001"  # the first recipient's


@pytest.fixture
def stage(citizen: TextingPhone) -> Stage:
    return Stage(citizen)


@pytest.fixture
def case(citizen: TextingPhone, stage: Stage) -> Ticket:
    """A case whose citizen has just said that it is fixed."""
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, "The pipe at the market was mended.")
    citizen.sends("1")
    assert stands(citizen.case()) == CLOSED
    return citizen.case()


def stands(case: Ticket) -> tuple[Status, Verdict | None]:
    return case.status, case.verdict


def said(citizen: TextingPhone, case: Ticket) -> list[EventKind]:
    """What was said of the resolution, in its order."""
    wanted = select(TicketEvent.kind).where(TicketEvent.ticket_id == case.id).order_by(TicketEvent.id)
    return [kind for kind in citizen.db.scalars(wanted) if kind in (EventKind.CONFIRMED, EventKind.CONTESTED)]


def dials(citizen: TextingPhone, session: str, *inputs: str) -> str:
    """Dials and types one input after the other; gives the last screen."""
    for n in range(len(inputs) + 1):
        hop = Hop(session, citizen.number, "*1548#", "*".join(inputs[:n]), "63902")
        shown, _ = conversation.ussd_hop(citizen.db, hop, citizen.now)
    return shown


@pytest.mark.parametrize("words", ["2", "2 still no water", "hapana", "Bado", "2 <reference>"])
def test_a_no_within_a_day_takes_a_yes_back(citizen: TextingPhone, case: Ticket, words: str) -> None:
    citizen.waits(hours=23, minutes=59)
    answer = citizen.sends(words.replace("<reference>", references.printed(case.reference)))
    assert "is open again. Somebody else looks at it." in answer
    assert stands(case) == AGAIN
    assert (case.priority, case.reopened, case.assignee) == (Priority.HIGH, 1, None)
    assert said(citizen, case) == [EventKind.CONFIRMED, EventKind.CONTESTED]
    assert len(citizen.cases()) == 1


@pytest.mark.parametrize("words", ["2", "2 <reference>"])
def test_after_a_day_a_yes_stands(citizen: TextingPhone, case: Ticket, words: str) -> None:
    citizen.waits(hours=24)
    citizen.sends(words.replace("<reference>", references.printed(case.reference)))
    assert stands(case) == CLOSED
    assert said(citizen, case) == [EventKind.CONFIRMED]


def test_the_day_is_counted_from_the_yes_and_not_from_when_the_clock_closed_the_case(
    citizen: TextingPhone, stage: Stage
) -> None:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, "The pipe at the market was mended.")
    case, closed_at = citizen.case(), citizen.now
    case.status, case.closed_at = Status.CLOSED, closed_at
    citizen.waits(days=3)
    citizen.sends("1")
    assert (*stands(case), case.closed_at) == (*CLOSED, closed_at)
    citizen.waits(hours=23)
    citizen.sends("2")
    assert stands(case) == AGAIN


@pytest.mark.parametrize("words", ["1", "1 asante", "Ndiyo", "yes it is fixed thank you", "1 <reference>"])
def test_a_yes_said_again_does_nothing_and_opens_no_case(citizen: TextingPhone, case: Ticket, words: str) -> None:
    assert citizen.sends(words.replace("<reference>", references.printed(case.reference))) == ""
    assert (citizen.sent()[-1].kind, citizen.sent()[-1].ticket_id) == ("repeated", case.id)
    assert said(citizen, case) == [EventKind.CONFIRMED]
    assert len(citizen.cases()) == 1


@pytest.mark.parametrize("words", ["No medicine at Kobujoi dispensary", "2 weeks without light in Kobujoi", "3"])
def test_what_takes_nothing_back_goes_its_usual_way(citizen: TextingPhone, case: Ticket, words: str) -> None:
    citizen.sends(words)
    assert stands(case) == CLOSED
    assert len(citizen.cases()) == 2


def test_a_number_answers_what_staff_asked_since(citizen: TextingPhone, case: Ticket, stage: Stage) -> None:
    citizen.sends("The road in Kobujoi is bad")
    road = citizen.cases()[-1]
    stage.moves(road, Status.WAITING_CITIZEN, "How many bridges are down?")
    citizen.sends("2")
    assert (stands(case), road.status) == (CLOSED, Status.OPEN)


def test_a_number_answers_the_campaign_that_came_since(citizen: TextingPhone, case: Ticket) -> None:
    (message,) = add_recipients(citizen.db, make_campaign(citizen.db), ["Shall we meet on day 1 or 2?"])
    message.state, message.attempt_no = State.DELIVERED, 1
    citizen.waits(hours=2)
    sent_at = citizen.now - timedelta(hours=1)
    citizen.db.add(Attempt(message_id=message.id, n=1, started_at=sent_at, campaign_id=message.campaign_id))
    citizen.db.flush()
    citizen.sends("2")
    assert stands(case) == CLOSED
    assert citizen.sent()[-1].campaign_id == message.campaign_id
    citizen.sends(f"2 {references.printed(case.reference)}")
    assert stands(case) == AGAIN


def test_a_yes_is_taken_back_by_ussd_within_a_day(citizen: TextingPhone, case: Ticket) -> None:
    dials(citizen, "language", "1")
    shown = dials(citizen, "back", "2", "1")
    assert ("It is fixed" in shown, "1 It is not fixed" in shown) == (False, True)
    assert "is open again" in dials(citizen, "back", "2", "1", "1", "Water only at night")
    assert stands(case) == AGAIN
    assert said(citizen, case) == [EventKind.CONFIRMED, EventKind.CONTESTED]


def test_after_a_day_ussd_offers_to_take_nothing_back(citizen: TextingPhone, case: Ticket) -> None:
    dials(citizen, "language", "1")
    citizen.waits(hours=24)
    assert "fixed" not in dials(citizen, "back", "2", "1")


def test_what_was_said_fixed_by_ussd_is_taken_back_by_sms(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "language", "1")
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, "The pipe at the market was mended.")
    dials(citizen, "yes", "2", "1", "1")
    assert stands(citizen.case()) == CLOSED
    citizen.sends("2")
    assert stands(citizen.case()) == AGAIN


def test_nobody_takes_back_the_yes_of_another_whose_case_was_joined(citizen: TextingPhone, stage: Stage) -> None:
    neighbour = citizen.of(OTHER)
    for phone in (neighbour, citizen):
        phone.sends(WATER)
    own, lead = citizen.case(), neighbour.case()
    stage.merges(own, lead)
    stage.moves(lead, Status.RESOLVED, "The pipe at the market was mended.")
    citizen.sends("1")
    for words in ("2", f"2 {references.printed(lead.reference)}"):
        neighbour.sends(words)
        assert stands(lead) == CLOSED
    assert "is open again" in citizen.sends("2")
    assert stands(lead) == AGAIN


def test_a_yes_after_it_was_taken_back_is_read_by_whoever_works_on_it(citizen: TextingPhone, case: Ticket) -> None:
    citizen.sends("2")
    assert "Added" in citizen.sends("1")
    assert stands(case) == AGAIN


def test_a_later_yes_may_be_taken_back_for_a_day_of_its_own(citizen: TextingPhone, case: Ticket, stage: Stage) -> None:
    citizen.sends("2")
    citizen.waits(days=3)
    stage.moves(case, Status.RESOLVED, "A new pump is in.")
    citizen.sends("1")
    citizen.waits(hours=23)
    assert contests.may_judge(case, citizen.now)
    citizen.sends("2")
    assert (*stands(case), case.reopened) == (*AGAIN, 2)
