"""What staff do to a ticket is done once, on the ticket they saw, and told to whom it belongs."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import NoSuchTicket, Refused, Stale
from gateway.tickets import casework
from models import Message, Role, State, Status, Ticket, TicketEvent
from tests.gateway.desks import Desk, hire, report, texts, timeline
from tests.grounds import PHONE

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db, hire(db, "asha"))


def test_an_answer_goes_out_as_one_sms_with_the_reference_in_front(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.answers(ticket, "A plumber comes on Tuesday.")
    (said,) = texts(desk.db)
    assert said.endswith(": A plumber comes on Tuesday.")
    assert said.startswith(f"Case {ticket.reference[:3]}-")
    assert timeline(desk.db, ticket) == ["opened", "answered", "moved"]
    assert ticket.status is Status.OPEN


def test_an_answer_speaks_the_citizens_language_around_the_agents_words(desk: Desk) -> None:
    desk.answers(report(desk.db, language="sw"), "Fundi anakuja Jumanne.")
    assert texts(desk.db)[0].startswith("Kesi ")


def test_an_answer_is_joined_to_the_sms_that_carries_it(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.answers(ticket, "We are on it.")
    event = desk.db.scalars(select(TicketEvent).where(TicketEvent.body == "We are on it.")).one()
    assert event.message is not None
    assert (event.message.phone, event.message.state, event.actor) == (PHONE, State.QUEUED, "asha")


def test_the_first_answer_stops_the_first_clock_and_no_later_one_does_again(desk: Desk) -> None:
    ticket = report(desk.db)
    assert ticket.next_due_at == ticket.answer_due_at
    desk.answers(ticket, "We are on it.")
    first = ticket.answered_at
    desk.waits(hours=2)
    desk.answers(ticket, "Still on it.")
    assert (ticket.answered_at, ticket.next_due_at) == (first, ticket.resolve_due_at)


def test_the_same_press_twice_is_one_answer_and_one_sms(desk: Desk) -> None:
    ticket = report(desk.db)
    deed = desk.deed(ticket, press=uuid4())
    casework.answer(desk.db, deed, "We are on it.")
    casework.answer(desk.db, deed, "We are on it.")
    assert len(texts(desk.db)) == 1
    assert timeline(desk.db, ticket).count("answered") == 1


def test_the_second_of_two_agents_on_one_version_is_refused_and_sends_nothing(desk: Desk) -> None:
    ticket = report(desk.db)
    seen = ticket.version
    desk.answers(ticket, "A plumber comes on Tuesday.")
    other = desk.of(hire(desk.db, "baraka"))
    with pytest.raises(Stale, match="your words are below"):
        casework.answer(desk.db, other.deed(ticket, version=seen), "Nobody can come this week.")
    assert len(texts(desk.db)) == 1


def test_notes_stand_side_by_side_and_no_citizen_reads_them(desk: Desk) -> None:
    ticket = report(desk.db)
    seen = ticket.version
    desk.answers(ticket, "We are on it.")
    casework.note(desk.db, desk.deed(ticket, version=seen), "The pump burnt out.")
    assert timeline(desk.db, ticket)[-1] == "noted"
    assert [said for said in texts(desk.db) if "burnt" in said] == []


@pytest.mark.parametrize("words", ["", "  \n ", "\0"])
def test_an_answer_without_words_is_refused(desk: Desk, words: str) -> None:
    ticket = report(desk.db)
    with pytest.raises(Refused, match="Write something"):
        desk.answers(ticket, words)
    assert (texts(desk.db), ticket.version) == ([], 1)


def test_an_answer_of_more_than_four_segments_is_refused_with_its_length(desk: Desk) -> None:
    with pytest.raises(Refused, match="601 characters; 600"):
        desk.answers(report(desk.db), "a" * 601)


def test_a_ticket_out_of_sight_is_not_there_to_be_answered(desk: Desk) -> None:
    ticket = report(desk.db, category="corruption")
    with pytest.raises(NoSuchTicket):
        desk.answers(ticket, "We are on it.")
    officer = desk.of(hire(desk.db, "works", Role.OFFICER, department_code="works"))
    with pytest.raises(NoSuchTicket):
        casework.note(desk.db, officer.deed(report(desk.db)), "Not ours.")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICER])
def test_who_may_only_look_changes_nothing(desk: Desk, role: Role) -> None:
    ticket = report(desk.db)
    reader = desk.of(hire(desk.db, "reader", role, department_code="lands"))
    with pytest.raises(Refused, match="but not change"):
        reader.answers(ticket, "We are on it.")


def test_a_caller_without_a_number_is_answered_on_the_timeline_alone(desk: Desk) -> None:
    ticket = report(desk.db)
    ticket.phone = None
    desk.answers(ticket, "We are on it.")
    assert texts(desk.db) == []
    assert timeline(desk.db, ticket) == ["opened", "answered", "moved"]


def test_those_whose_cases_were_merged_hear_each_answer_in_their_language_with_their_reference(desk: Desk) -> None:
    ticket = report(desk.db)
    other = report(desk.db, phone="+254700000002", language="sw")
    same_phone = report(desk.db)
    other.merged_into_id = same_phone.merged_into_id = ticket.id
    desk.answers(ticket, "A plumber comes on Tuesday.")
    assert len(texts(desk.db)) == 1
    (said,) = texts(desk.db, "+254700000002")
    assert said.startswith(f"Kesi {other.reference[:3]}-")


def test_typographic_signs_go_out_plain_and_other_scripts_as_they_are(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.answers(ticket, "It’s done – thank you…")
    desk.answers(ticket, "Asante 👍")
    first, second = desk.db.scalars(select(Message).where(Message.kind == "reply").order_by(Message.id))
    assert "It's done - thank you..." in first.body
    assert "Asante 👍" in second.body


def test_a_reference_is_found_however_it_is_typed_and_only_in_sight(desk: Desk) -> None:
    ticket = report(desk.db)
    spelt = f" {ticket.reference[:3].lower()} {ticket.reference[3:6]}-{ticket.reference[6:]}"
    assert casework.find(desk.db, desk.staff, spelt) is ticket
    hidden: Ticket = report(desk.db, category="corruption")
    with pytest.raises(NoSuchTicket):
        casework.find(desk.db, desk.staff, hidden.reference)
