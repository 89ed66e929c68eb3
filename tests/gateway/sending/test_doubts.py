"""SMS in doubt: seen by who may see their case, sent again once, by a person, for a recorded reason."""

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from gateway.errors import NotSentAgain, Refused
from gateway.sending import doubts, second_sends
from gateway.sending.second_sends import Wish
from models import AuditEntry, EventKind, Message, Role, Staff, State, Ticket, TicketEvent
from tests.gateway.desks import case, hire
from tests.gateway.sendings import add_recipients, make_campaign
from tests.grounds import NOW, PHONE

pytestmark = pytest.mark.usefixtures("county")
WHY = "The citizen rang: nothing came"


@pytest.fixture
def chebet(db: Session) -> Staff:
    return hire(db, "chebet", Role.SUPERVISOR)


def doubted(db: Session, ticket: Ticket, state: State = State.UNKNOWN) -> Message:
    message = db.scalars(select(Message).where(Message.ticket_id == ticket.id)).one()
    message.state = state
    db.flush()
    return message


def test_what_is_in_doubt_is_listed_with_its_case_and_a_masked_number(db: Session, chebet: Staff) -> None:
    ticket = case(db)
    assert doubts.listed(db, chebet) == []
    message = doubted(db, ticket)
    (found,) = doubts.listed(db, chebet)
    assert (found.id, found.state, found.phone, found.can_go_again) == (message.id, State.UNKNOWN, "+2547…001", True)
    assert found.reference is not None
    assert PHONE not in repr(found)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.UNRESOLVED, State.HELD])
def test_it_goes_again_once_noted_on_the_case_and_recorded(db: Session, chebet: Staff, state: State) -> None:
    ticket = case(db)
    message = doubted(db, ticket, state)
    doubts.send_again(db, chebet, message.id, WHY, NOW)
    assert message.state is State.QUEUED
    note = db.scalars(select(TicketEvent).where(TicketEvent.kind == EventKind.NOTED)).one()
    assert (note.ticket_id, note.actor) == (ticket.id, "chebet")
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.details) == (
        "sms_sent_again",
        f"message:{message.id}",
        {"reason": WHY},
    )
    doubted(db, ticket)
    assert not doubts.find(db, chebet, message.id).can_go_again
    with pytest.raises(Refused, match="sent again before"):
        doubts.send_again(db, chebet, message.id, WHY, NOW)


def test_an_sms_that_is_known_to_be_sent_is_not_sent_again(db: Session, chebet: Staff) -> None:
    message = doubted(db, case(db), State.DELIVERED)
    with pytest.raises(Refused, match="not in doubt any more"):
        doubts.send_again(db, chebet, message.id, WHY, NOW)


def test_who_may_only_look_sends_nothing_and_sees_no_sensitive_ones(db: Session, chebet: Staff) -> None:
    message, secret = doubted(db, case(db)), doubted(db, case(db, "corruption"))
    asha = hire(db, "asha")
    assert [found.id for found in doubts.listed(db, asha)] == [message.id]
    assert {found.id for found in doubts.listed(db, chebet)} == {message.id, secret.id}
    with pytest.raises(Refused, match="not in doubt"):
        doubts.find(db, asha, secret.id)
    with pytest.raises(Refused, match="You may not"):
        doubts.send_again(db, asha, message.id, WHY, NOW)


def test_a_campaigns_doubts_hide_no_reply(db: Session, chebet: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "MOST_LISTED", 2)
    monkeypatch.setattr(second_sends, "MOST_LISTED", 2)
    reply = doubted(db, case(db))
    add_recipients(db, make_campaign(db), ["Water is back"] * 2, state=State.UNKNOWN)
    assert [found.id for found in doubts.listed(db, chebet)] == [reply.id]
    assert [found.id for found in second_sends.in_doubt(db)] == [reply.id]


def test_whoever_waited_for_another_to_send_it_again_finds_it_sent(db: Session, connection: Connection) -> None:
    message = doubted(db, case(db))
    connection.execute(update(Message.__table__).values(state=State.DELIVERED))
    with pytest.raises(NotSentAgain, match="not in doubt"):
        second_sends.send_again(db, message.id, Wish("Chebet", WHY), NOW)


def test_a_hidden_number_is_not_even_shown_in_part(db: Session, chebet: Staff) -> None:
    doubted(db, case(db, hides_phone=True))
    assert doubts.listed(db, chebet)[0].phone == ""


def test_without_a_reason_nothing_is_sent(db: Session, chebet: Staff) -> None:
    message = doubted(db, case(db))
    with pytest.raises(Refused, match="Say why"):
        doubts.send_again(db, chebet, message.id, "so", NOW)
    assert message.state is State.UNKNOWN
