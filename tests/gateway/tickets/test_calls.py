"""Somebody calls 1548: the case is as good as one by phone menu, whoever calls, from whatever number or none."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway import database
from gateway.citizens import citizens
from gateway.desk import previews
from gateway.errors import NoSuchTicket, Refused
from gateway.tickets import calls, casework, merging, references
from gateway.tickets.calls import Call
from models import Channel, Citizen, EventKind, Message, Priority, Role, Staff, Status, Ticket, TicketEvent
from tests.gateway.desks import LINE, deed, hire, report
from tests.grounds import NOW, OTHER, PHONE


def call(**more: object) -> Call:
    """What an agent writes down of a caller from Terik without water."""
    wish = Call(
        press=uuid4(),
        phone="0700 000 001",
        on_behalf_of="",
        language="sw",
        category="water",
        ward="756",
        project=None,
        words=" No water since Monday ",
        service_code=LINE,
    )
    return replace(wish, **more)  # type: ignore[arg-type]


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    return hire(db)


def confirmations(db: Session) -> list[Message]:
    return list(db.scalars(select(Message).where(Message.kind == "confirmation")))


def test_a_call_opens_a_case_like_any_other_and_confirms_it(db: Session, jane: Staff) -> None:
    ticket = calls.log_call(db, jane, call(), NOW)
    assert (ticket.channel, ticket.phone, ticket.language) == (Channel.CALL, PHONE, "sw")
    assert (ticket.words, ticket.ward_code, ticket.on_behalf_of) == ("No water since Monday", "756", None)
    assert (ticket.status, ticket.next_due_at) == (Status.NEW, ticket.answer_due_at)
    assert (ticket.priority, ticket.is_urgent, ticket.is_sensitive) == (Priority.NORMAL, False, False)
    assert [(event.kind, event.actor) for event in ticket.events] == [(EventKind.OPENED, "jane")]
    (sms,) = confirmations(db)
    assert (sms.phone, sms.ticket_id) == (PHONE, ticket.id)
    assert references.printed(ticket.reference) in sms.body


@pytest.mark.parametrize("typed", ["0700000001", "+254 700 000 001", "254700000001", "700000001", "00254700000001"])
def test_a_number_is_known_in_any_spelling(db: Session, jane: Staff, typed: str) -> None:
    assert calls.log_call(db, jane, call(phone=typed), NOW).phone == PHONE


@pytest.mark.parametrize(("typed", "kept"), [("053 5252355", "+254535252355"), ("+44 20 7946 0018", "+442079460018")])
def test_a_landline_or_a_foreign_number_is_kept_and_promised_nothing(
    db: Session, jane: Staff, typed: str, kept: str
) -> None:
    assert calls.log_call(db, jane, call(phone=typed), NOW).phone == kept
    assert db.scalars(select(Message)).all() == []


def test_who_gives_no_number_has_a_case_all_the_same(db: Session, jane: Staff) -> None:
    ticket = calls.log_call(db, jane, call(phone="  "), NOW)
    assert (ticket.phone, confirmations(db)) == (None, [])
    assert db.scalar(select(func.count()).select_from(Citizen)) == 0
    casework.answer(db, deed(ticket, jane), "We look into it.")
    assert db.scalars(select(Message)).all() == []


@pytest.mark.parametrize("typed", ["", "053 5252355", "+44 20 7946 0018"])
def test_an_answer_that_no_sms_can_carry_stops_no_clock_and_a_noted_call_does(
    db: Session, jane: Staff, typed: str
) -> None:
    ticket = calls.log_call(db, jane, call(phone=typed), NOW)
    shown = previews.preview(db, ticket, "We look into it.", None)
    assert shown is not None
    assert shown.readers == 0
    assert not casework.answer(db, deed(ticket, jane), "We look into it.")
    assert (ticket.answered_at, ticket.next_due_at) == (None, ticket.answer_due_at)
    called = NOW + timedelta(hours=1)
    calls.note_call(db, deed(ticket, jane, called), "Told them that we look into it.")
    calls.note_call(db, deed(ticket, jane, called + timedelta(hours=1)), "Told them again.")
    assert (ticket.answered_at, ticket.next_due_at) == (called, ticket.resolve_due_at)
    assert db.scalars(select(Message)).all() == []


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WAITING_CITIZEN])
def test_a_call_about_what_is_over_or_waits_starts_no_clock(db: Session, jane: Staff, status: Status) -> None:
    ticket = calls.log_call(db, jane, call(phone=""), NOW)
    casework.move(db, deed(ticket, jane), status, "Where is that well?")
    calls.note_call(db, deed(ticket, jane), "They asked for news.")
    assert (ticket.answered_at is None, ticket.next_due_at) == (status is Status.REJECTED, None)


def test_an_answer_to_a_landline_reaches_those_whose_cases_were_joined_to_it(db: Session, jane: Staff) -> None:
    lead, mobile = calls.log_call(db, jane, call(phone="053 5252355"), NOW), report(db, phone=OTHER)
    merging.merge(db, deed(mobile, jane), lead.reference)
    assert casework.answer(db, deed(lead, jane), "The pump comes on Friday.")
    assert lead.answered_at == NOW
    assert [sms.phone for sms in db.scalars(select(Message).where(Message.kind == "reply"))] == [OTHER]


def test_one_may_call_for_somebody_else(db: Session, jane: Staff) -> None:
    ticket = calls.log_call(db, jane, call(on_behalf_of=" her mother, who has no phone "), NOW)
    assert ticket.on_behalf_of == "her mother, who has no phone"


def test_a_language_once_chosen_stays_and_one_never_chosen_is_kept(db: Session, jane: Staff) -> None:
    citizens.remember(db, PHONE, NOW, language="en")
    calls.log_call(db, jane, call(), NOW)
    calls.log_call(db, jane, call(phone="0700000002"), NOW)
    assert citizens.language_of(db, PHONE) == "en"
    assert citizens.language_of(db, OTHER) == "sw"


def test_a_double_click_is_one_case_and_one_sms(db: Session, jane: Staff) -> None:
    wish = call()
    first = calls.log_call(db, jane, wish, NOW)
    assert calls.log_call(db, jane, wish, NOW) is first
    assert len(confirmations(db)) == 1


def test_a_double_click_that_arrives_at_once_is_one_case(ground: Engine) -> None:
    wish = call()
    with database.transaction() as db:
        hire(db)

    def logs(_: int) -> str:
        with database.transaction() as db:
            return calls.log_call(db, db.get_one(Staff, "jane"), wish, NOW).reference

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(logs, range(4)))) == 1
    with database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.parametrize("category", ["corruption", "emergency"])
def test_what_the_matter_is_decides_who_sees_it_and_how_it_presses(db: Session, jane: Staff, category: str) -> None:
    ticket = calls.log_call(db, jane, call(category=category), NOW)
    assert (ticket.is_sensitive, ticket.is_urgent) == (ticket.category.sensitive, ticket.category.urgent)
    assert ticket.is_sensitive or ticket.is_urgent


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"phone": "call me"}, "no phone number"),
        ({"phone": "12345"}, "no phone number"),
        ({"phone": "+254700000001; DROP TABLE"}, "no phone number"),
        ({"words": " "}, "Write something"),
        ({"words": "w" * 4001}, "4001 characters"),
        ({"on_behalf_of": "n" * 121}, "121 characters"),
        ({"category": "nothing"}, "no such category"),
        ({"ward": "999"}, "no such ward"),
        ({"project": "P999"}, "no such project"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_can_not_be_is_told_in_a_sentence_and_opens_nothing(
    db: Session, jane: Staff, wrong: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why) as caught:
        calls.log_call(db, jane, call(**wrong), NOW)
    assert "DROP" not in str(caught.value)
    assert db.scalar(select(func.count()).select_from(Ticket)) == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.OFFICIAL, Role.APPROVER])
def test_calls_are_logged_by_those_who_work_on_cases(db: Session, jane: Staff, role: Role) -> None:
    other = hire(db, "other", role, department_code="lands")
    ticket = report(db)
    with pytest.raises(Refused, match="may not log calls"):
        calls.log_call(db, other, call(), NOW)
    with pytest.raises(Refused, match="may not log calls"):
        calls.note_call(db, deed(ticket, other), "Asked for news.")


# Somebody asks what became of their case


def test_a_call_about_a_case_stands_on_its_timeline_and_is_sent_to_nobody(db: Session, jane: Staff) -> None:
    ticket = report(db)
    before = db.scalar(select(func.count()).select_from(Message))
    pressed = deed(ticket, jane)
    for _ in range(2):
        calls.note_call(db, pressed, "Asked for news; told that the pump comes on Friday.")
    lines = db.scalars(select(TicketEvent).where(TicketEvent.kind == EventKind.CALLED)).all()
    assert [(line.body, line.actor) for line in lines] == [
        ("Asked for news; told that the pump comes on Friday.", "jane")
    ]
    assert db.scalar(select(func.count()).select_from(Message)) == before


def test_a_call_is_noted_on_no_case_that_one_may_not_see(db: Session, jane: Staff) -> None:
    hidden = report(db, category="corruption")
    with pytest.raises(NoSuchTicket):
        calls.note_call(db, deed(hidden, jane), "Asked for news.")


def test_while_somebody_calls_their_open_cases_are_known_newest_first(db: Session, jane: Staff) -> None:
    first, over, last = report(db), report(db), report(db, "The road is bad", category="roads")
    report(db, phone=OTHER)
    casework.move(db, deed(over, jane), Status.REJECTED, "This is a private well.")
    assert calls.known(db, jane, "0700 000 001") == [last, first]


def test_a_joined_case_is_known_while_the_other_is_open(db: Session, jane: Staff) -> None:
    mine, theirs = report(db), report(db, phone=OTHER)
    merging.merge(db, deed(mine, jane), theirs.reference)
    assert calls.known(db, jane, PHONE) == [mine]
    casework.move(db, deed(theirs, jane), Status.REJECTED, "This is a private well.")
    assert calls.known(db, jane, PHONE) == []


def test_a_number_gives_away_neither_sensitive_cases_nor_those_whose_citizen_hides_it(db: Session, jane: Staff) -> None:
    report(db, hides_phone=True)
    sensitive = report(db, category="corruption")
    assert calls.known(db, jane, PHONE) == []
    assert calls.known(db, hire(db, "boss", Role.SUPERVISOR), PHONE) == [sensitive]


@pytest.mark.parametrize("typed", ["", "nonsense", "0700000009"])
def test_of_a_number_that_is_none_or_never_called_nothing_is_known(db: Session, jane: Staff, typed: str) -> None:
    report(db)
    without = calls.log_call(db, jane, call(phone=""), NOW)
    assert without.phone is None
    assert not calls.known(db, jane, typed)
