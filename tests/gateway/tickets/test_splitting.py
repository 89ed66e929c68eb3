"""A case that tells of two matters becomes two, each with its own reference, department and answer."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gateway.errors import NoSuchTicket, Refused, Stale
from gateway.tickets import casework, references, splitting
from gateway.tickets.casework import Deed
from gateway.tickets.splitting import Part
from models import EventKind, Message, Role, Staff, Status, Ticket, TicketEvent
from tests.gateway.desks import LINE, deed, hire, report
from tests.grounds import NOW, PHONE
from tests.handlers.test_references_collide import SAME, one_reference_twice

assert one_reference_twice  # a fixture

ROAD = Part("roads", "757", "and the bridge to Kemeloi is broken", LINE)


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    return hire(db)


@pytest.fixture
def origin(jane: Staff, db: Session) -> Ticket:
    ticket = report(db, "No water, and the bridge to Kemeloi is broken", hides_phone=True)
    ticket.on_behalf_of = "her mother"
    return ticket


def split(db: Session, pressed: Deed, wish: Part = ROAD) -> Ticket:
    ticket = splitting.split(db, pressed, wish)
    assert ticket is not None
    return ticket


def lines(db: Session, ticket: Ticket) -> list[TicketEvent]:
    own = (TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.SPLIT)
    return list(db.scalars(select(TicketEvent).where(*own)))


def confirmations(db: Session, ticket: Ticket) -> list[str]:
    return list(db.scalars(select(Message.body).where(Message.ticket_id == ticket.id, Message.kind == "confirmation")))


def test_the_second_case_has_its_own_matter_place_words_and_clocks(db: Session, jane: Staff, origin: Ticket) -> None:
    made = split(db, deed(origin, jane))
    assert (made.category_code, made.ward_code, made.words) == ("roads", "757", ROAD.words)
    assert made.department_code == made.category.department_code != origin.department_code
    assert made.reference != origin.reference
    assert (made.status, made.opened_at, made.next_due_at) == (Status.NEW, NOW, made.answer_due_at)
    assert made.answer_due_at > NOW


def test_it_is_the_same_citizens_with_all_that_protects_them(db: Session, jane: Staff, origin: Ticket) -> None:
    made = split(db, deed(origin, jane))
    for name in ("phone", "language", "channel", "hides_phone", "on_behalf_of"):
        assert getattr(made, name) == getattr(origin, name)
    assert (made.phone, made.hides_phone, made.linked_id) == (PHONE, True, origin.id)


def test_the_first_case_stays_as_it_was(db: Session, jane: Staff, origin: Ticket) -> None:
    before = (origin.words, origin.category_code, origin.status, origin.next_due_at)
    split(db, deed(origin, jane))
    assert (origin.words, origin.category_code, origin.status, origin.next_due_at) == before


def test_both_timelines_name_the_other_and_the_version_moves_on(db: Session, jane: Staff, origin: Ticket) -> None:
    made = split(db, deed(origin, jane))
    (of_origin,), (of_made,) = lines(db, origin), lines(db, made)
    assert of_origin.details == {"into": made.reference}
    assert of_made.details == {"out_of": origin.reference}
    assert {of_origin.actor, of_made.actor} == {"jane"}
    assert (origin.version, made.version) == (2, 1)


def test_the_citizen_gets_one_confirmation_of_the_second_case_however_often_it_is_pressed(
    db: Session, jane: Staff, origin: Ticket
) -> None:
    pressed = deed(origin, jane)
    made = split(db, pressed)
    assert splitting.split(db, pressed, ROAD) is None
    (body,) = confirmations(db, made)
    assert references.printed(made.reference) in body
    assert "Kemeloi" in body
    assert db.scalar(select(func.count()).select_from(Ticket)) == 2


def test_what_is_split_off_as_sensitive_is_confirmed_without_what_and_where(
    db: Session, jane: Staff, origin: Ticket
) -> None:
    made = split(db, deed(origin, jane), Part("corruption", "757", "The officer wanted money", LINE))
    assert made.is_sensitive
    (body,) = confirmations(db, made)
    assert "Kemeloi" not in body


@pytest.mark.usefixtures("one_reference_twice")
def test_a_reference_that_is_taken_is_drawn_again(db: Session, jane: Staff) -> None:
    origin = report(db)
    assert origin.reference == SAME
    made = split(db, deed(origin, jane))
    assert made.reference not in ("", SAME)
    assert len(lines(db, made)) == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Part("nothing", None, "words", LINE), "no such category"),
        (Part("roads", "999", "words", LINE), "no such ward"),
        (Part("roads", None, "  ", LINE), "Write something"),
        (Part("roads", None, "w" * 4001, LINE), "4001 characters"),
    ],
)
def test_a_wish_that_can_not_be_is_told_in_a_sentence_and_opens_nothing(
    db: Session, jane: Staff, origin: Ticket, wish: Part, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        splitting.split(db, deed(origin, jane), wish)
    assert db.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_case_that_changed_meanwhile_is_not_split(db: Session, jane: Staff, origin: Ticket) -> None:
    shown = deed(origin, jane)
    casework.answer(db, deed(origin, jane), "We look into it.")
    with pytest.raises(Stale):
        splitting.split(db, shown, ROAD)


def test_who_may_not_see_a_case_does_not_split_it(db: Session, jane: Staff) -> None:
    hidden = report(db, category="corruption")
    with pytest.raises(NoSuchTicket):
        splitting.split(db, deed(hidden, jane), ROAD)
    with pytest.raises(Refused, match="look at this case"):
        splitting.split(db, deed(hidden, hire(db, "audit", Role.AUDITOR)), ROAD)


def test_a_case_without_a_number_splits_without_an_sms(db: Session, jane: Staff, origin: Ticket) -> None:
    origin.phone = None
    made = split(db, deed(origin, jane))
    assert (made.phone, confirmations(db, made)) == (None, [])
