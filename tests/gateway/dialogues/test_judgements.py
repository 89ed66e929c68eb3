"""What a citizen says of a resolved case: it counts once, is answered once, and no word of it is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.carriers import Hop
from gateway.dialogues import conversation
from gateway.tickets import references
from models import EventKind, Message, OpenQuestion, Priority, Status, Ticket, TicketEvent, Verdict
from tests.gateway.stage import Stage
from tests.gateway.texting import TextingPhone
from tests.grounds import OTHER

WATER = "No water in Kapsabet since Monday"
WORDS = "The pipe at the market was mended."


@pytest.fixture
def stage(citizen: TextingPhone) -> Stage:
    return Stage(citizen)


def resolved(citizen: TextingPhone, stage: Stage) -> Ticket:
    citizen.sends(WATER)
    stage.moves(citizen.case(), Status.RESOLVED, WORDS)
    return citizen.case()


def lines(citizen: TextingPhone, ticket: Ticket, kind: EventKind) -> list[TicketEvent]:
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == kind)
    return list(citizen.db.scalars(wanted.order_by(TicketEvent.id)))


def dials(citizen: TextingPhone, *inputs: str, session: str = "one") -> str:
    """Dials and types one input after the other; gives the last screen."""
    texts = ["", *("*".join(inputs[: n + 1]) for n in range(len(inputs)))]
    for text in texts:
        hop = Hop(session, citizen.number, "*1548#", text, "63902")
        shown, _ = conversation.ussd_hop(citizen.db, hop, citizen.now)
    return shown


def test_a_yes_closes_the_case_and_is_thanked_for_once(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    assert "is closed" in citizen.sends("1 asante sana")
    assert (case.status, case.verdict) == (Status.CLOSED, Verdict.FIXED)
    (line,) = lines(citizen, case, EventKind.CONFIRMED)
    assert (line.body, line.message_id) == ("asante sana", citizen.sent()[-1].id)
    assert citizen.sent()[-1].ticket_id == case.id


def test_a_no_opens_it_again_above_others_with_the_words(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    assert "is open again" in citizen.sends("2 still no water")
    assert (case.status, case.verdict, case.priority) == (Status.REOPENED, Verdict.NOT_FIXED, Priority.HIGH)
    (line,) = lines(citizen, case, EventKind.CONTESTED)
    assert (line.body, line.message_id) == ("still no water", citizen.sent()[-1].id)


def test_the_same_yes_again_does_nothing_and_opens_no_case(citizen: TextingPhone, stage: Stage) -> None:
    resolved(citizen, stage)
    citizen.sends("1")
    assert citizen.sends("1") == ""
    assert len(citizen.cases()) == 1


def test_the_same_no_again_is_added(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    citizen.sends("2")
    assert "Added" in citizen.sends("2")
    assert case.reopened == 1


def test_silence_is_no_yes(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    citizen.waits(days=13)
    citizen.is_handled()
    assert case.verdict is None


def test_thanks_are_no_yes(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    for words in ("Asante sana", "ok", f"{references.printed(case.reference)} thank you very much indeed, God bless"):
        assert references.printed(case.reference) in citizen.sends(words)
        assert (case.status, case.verdict) == (Status.RESOLVED, None)
    assert len(citizen.cases()) == 1


@pytest.mark.parametrize("words", ["3", "12", "No medicine at Kobujoi dispensary", "2 thieves attacked us in Kobujoi"])
def test_what_is_no_reply_goes_its_usual_way(citizen: TextingPhone, stage: Stage, words: str) -> None:
    case = resolved(citizen, stage)
    citizen.sends(words)
    assert (case.status, case.verdict) == (Status.RESOLVED, None)


def test_a_number_answers_what_staff_asked_last(citizen: TextingPhone, stage: Stage) -> None:
    first = resolved(citizen, stage)
    citizen.sends("The road in Kobujoi is bad")
    second = citizen.cases()[-1]
    stage.moves(second, Status.WAITING_CITIZEN, "How many bridges are down?")
    citizen.sends("2")
    assert first.verdict is None
    (line,) = lines(citizen, second, EventKind.WROTE)
    assert (line.body, line.message_id, second.status) == ("2", citizen.sent()[-1].id, Status.OPEN)


def test_after_two_weeks_the_reference_is_needed(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    citizen.waits(days=14, seconds=1)
    citizen.sends("2")
    assert case.verdict is None
    citizen.sends(f"2 {references.printed(case.reference)}")
    assert case.status is Status.REOPENED


@pytest.mark.parametrize(("said", "status"), [("2", Status.REOPENED), ("1", Status.CLOSED)])
def test_what_the_clock_closed_in_silence_is_still_judged_by_its_reference(
    citizen: TextingPhone, stage: Stage, said: str, status: Status
) -> None:
    case = resolved(citizen, stage)
    case.status, case.closed_at = Status.CLOSED, citizen.now
    answer = citizen.sends(f"{said} {references.printed(case.reference)}")
    assert references.printed(case.reference) in answer
    assert case.status is status


def test_a_reference_judges_nobody_elses_case(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    citizen.of(OTHER).sends(f"2 {references.printed(case.reference)} not fixed at all")
    assert (case.status, case.verdict) == (Status.RESOLVED, None)


@pytest.mark.parametrize("words", ["Still no water in Kapsabet", WATER])
def test_words_of_the_same_matter_and_place_open_a_resolved_case_again(
    citizen: TextingPhone, stage: Stage, words: str
) -> None:
    case = resolved(citizen, stage)
    assert "is open again" in citizen.sends(words)
    assert [line.body for line in lines(citizen, case, EventKind.CONTESTED)] == [words]
    assert len(citizen.cases()) == 1


def test_words_to_a_merged_case_go_to_the_one_it_was_merged_into_as_well(citizen: TextingPhone, stage: Stage) -> None:
    neighbour = citizen.of(OTHER)
    neighbour.sends(WATER)
    citizen.sends(WATER)
    own, lead = citizen.case(), neighbour.case()
    stage.merges(own, lead)
    own.status = Status.CLOSED
    answer = citizen.sends("Still no water in Kapsabet")
    assert references.printed(own.reference) in answer
    (line,) = lines(citizen, lead, EventKind.WROTE)
    assert (line.body, line.details) == (
        "Still no water in Kapsabet",
        {"case": references.printed(own.reference)},
    )
    assert [line.body for line in lines(citizen, own, EventKind.WROTE)] == [line.body]  # kept, should they be parted


def test_one_may_say_not_fixed_by_ussd_and_its_repeat_does_nothing(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "1", session="language")
    case = resolved(citizen, stage)
    told = len(citizen.answers())
    shown = dials(citizen, "2", "1", "2", "Water only at night")
    assert "is open again. We answer by SMS by 25 Nov" in shown
    assert dials(citizen, "2", "1", "2", "Water only at night") == shown
    (line,) = lines(citizen, case, EventKind.CONTESTED)
    assert (line.body, line.message_id) == ("Water only at night", None)
    assert (case.reopened, len(citizen.answers())) == (1, told + 1)
    still_open = select(OpenQuestion).where(OpenQuestion.closed_at.is_(None))
    assert citizen.db.scalars(still_open).all() == []


def test_words_that_come_too_late_to_contest_are_kept(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "1", session="language")
    case = resolved(citizen, stage)
    dials(citizen, "2", "1", "2")
    citizen.sends("2")
    assert "Added" in dials(citizen, "2", "1", "2", "Water only at night")
    assert [line.body for line in lines(citizen, case, EventKind.WROTE)] == ["Water only at night"]
    assert case.reopened == 1


def test_one_may_say_fixed_by_ussd(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "1", session="language")
    case = resolved(citizen, stage)
    assert "is closed" in dials(citizen, "2", "1", "1")
    assert case.verdict is Verdict.FIXED


def test_a_long_dial_judges_nothing(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "1", session="language")
    case = resolved(citizen, stage)
    hop = Hop("long", citizen.number, "*1548#", "2*1*1", "63902")
    shown, is_end = conversation.ussd_hop(citizen.db, hop, citizen.now)
    assert (is_end, case.verdict) == (False, None)
    assert "It is fixed" in shown


def test_an_answer_by_ussd_lets_the_clocks_go_on(citizen: TextingPhone, stage: Stage) -> None:
    dials(citizen, "1", session="language")
    citizen.sends(WATER)
    case = citizen.case()
    stage.moves(case, Status.WAITING_CITIZEN, "Near which school?")
    assert case.next_due_at is None
    citizen.waits(hours=30)
    assert "Near which school?" in dials(citizen, "2", "1", "1")
    dials(citizen, "2", "1", "1", "Kapsabet Boys")
    (line,) = lines(citizen, case, EventKind.WROTE)
    assert (line.body, line.message_id, case.status) == ("Kapsabet Boys", None, Status.OPEN)
    assert case.next_due_at is not None
    assert case.next_due_at > citizen.now + timedelta(hours=1)


def test_no_more_than_one_sms_answers_a_judgement(citizen: TextingPhone, stage: Stage) -> None:
    case = resolved(citizen, stage)
    before = len(citizen.answers())
    citizen.sends("2")
    fresh = citizen.answers()[before:]
    assert [(message.kind, message.ticket_id) for message in fresh] == [("status", case.id)]
    assert citizen.db.scalars(select(Message.kind).where(Message.id == citizen.sent()[-1].id)).one() == "not_fixed"
