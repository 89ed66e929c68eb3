"""A case is opened once, with its clocks and its confirmation; a phone may be shared, so little is said in it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gateway import catalogues
from gateway.errors import ReferenceTaken
from gateway.tickets import merging, references, tickets
from gateway.tickets.tickets import Dialogue
from menus.intents import OpenTicket
from menus.words import segments
from models import Category, Channel, Citizen, Message, Project, ProjectStatus, Ticket, TicketEvent, Ward
from tests.grounds import NOW, PHONE

WISH = OpenTicket("water", "No water at the tap", ward="756")

pytestmark = pytest.mark.usefixtures("county")


def dialogue(language: str = "en") -> Dialogue:
    return Dialogue(PHONE, language, Channel.USSD, references.draw(), uuid4(), "*1548#")


def opened(db: Session, wish: OpenTicket, talk: Dialogue, now: datetime) -> Ticket:
    return db.get_one(Ticket, tickets.open_ticket(db, wish, talk, now))


def confirmation(db: Session) -> str:
    return db.scalars(select(Message.body).where(Message.kind == "confirmation")).one()


def test_a_case_knows_who_what_where_and_by_when(db: Session) -> None:
    talk = dialogue()
    ticket = opened(db, WISH, talk, NOW)
    category = db.get_one(Category, "water")
    assert (ticket.reference, ticket.phone, ticket.words) == (talk.reference, PHONE, "No water at the tap")
    assert (ticket.department_code, ticket.ward_code) == (category.department_code, "756")
    assert NOW < ticket.answer_due_at < ticket.resolve_due_at
    assert [event.kind for event in ticket.events] == ["opened"]
    assert db.get_one(Citizen, PHONE).ward_code == "756"


@pytest.mark.parametrize("language", ["en", "sw"])
def test_a_case_by_sms_is_confirmed_in_one_segment_whatever_it_is_about_and_wherever(
    db: Session, language: str
) -> None:
    longest = max(db.scalars(select(Ward)), key=lambda ward: len(ward.name))
    for category in db.scalars(select(Category)):
        talk = replace(dialogue(language), channel=Channel.SMS)
        tickets.open_ticket(db, OpenTicket(category.code, "Please help", ward=longest.code), talk, NOW)
    sent = db.scalars(select(Message.body).where(Message.kind == "confirmation")).all()
    assert [body for body in sent if segments(body) > 1] == []
    assert [body for body in sent if "Kenya Power" in body]


def test_the_same_submission_again_is_the_same_case(db: Session) -> None:
    talk = dialogue()
    first = opened(db, WISH, talk, NOW)
    again = opened(db, replace(WISH, words="Other words"), replace(talk, reference=references.draw()), NOW)
    assert again is first
    for model in (Ticket, TicketEvent, Message):
        assert db.scalar(select(func.count()).select_from(model)) == 1


def test_another_submission_with_the_same_reference_must_draw_again(db: Session) -> None:
    talk = dialogue()
    tickets.open_ticket(db, WISH, talk, NOW)
    with pytest.raises(ReferenceTaken):
        tickets.open_ticket(db, WISH, replace(talk, submission=uuid4()), NOW)
    assert db.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_fault_that_a_new_reference_does_not_mend_is_not_called_one(db: Session) -> None:
    with pytest.raises(IntegrityError):
        tickets.open_ticket(db, replace(WISH, project="no such project"), dialogue(), NOW)


def test_the_confirmation_names_the_case_and_none_of_the_citizens_words(db: Session) -> None:
    talk = dialogue()
    tickets.open_ticket(db, WISH, talk, NOW)
    said = confirmation(db)
    for part in (references.printed(talk.reference), "Water/sanitation", "Terik", "25 Nov", "*1548#"):
        assert part in said
    assert "tap" not in said
    assert segments(said) == 1


@pytest.mark.skipif("sw" not in catalogues.compile_complete(), reason="Kiswahili is not complete yet")
def test_the_confirmation_is_in_the_citizens_language(db: Session) -> None:
    tickets.open_ticket(db, WISH, dialogue("sw"), NOW)
    assert confirmation(db).startswith("Kesi yako")
    assert db.get_one(Category, "water").label["sw"] in confirmation(db)


@pytest.mark.parametrize("category", ["corruption", "abuse"])
def test_a_sensitive_case_is_confirmed_without_what_and_where(db: Session, category: str) -> None:
    ticket = opened(db, replace(WISH, category=category), dialogue(), NOW)
    said = confirmation(db)
    assert ticket.is_sensitive
    assert db.get_one(Category, category).label["en"] not in said
    assert "Terik" not in said
    assert references.printed(ticket.reference) in said


def test_an_emergency_is_marked_as_one(db: Session) -> None:
    urgent = db.scalars(select(Category.code).where(Category.urgent)).first()
    assert urgent is not None
    assert opened(db, replace(WISH, category=urgent), dialogue(), NOW).is_urgent


@pytest.mark.parametrize(
    ("category", "words", "is_it"),
    [
        ("police", "Wezi wamechoma nyumba yetu moto", True),
        ("police", "Wezi wameiba mbuzi", False),
        ("water", "Maji ya moto hakuna, moto upo", False),  # whoever chose a harmless matter knows it best
    ],
)
def test_a_crime_in_which_something_burns_is_marked_as_urgent_too(
    db: Session, category: str, words: str, is_it: bool
) -> None:
    ticket = opened(db, replace(WISH, category=category, words=words), dialogue(), NOW)
    assert ticket.is_urgent is is_it
    assert merging.is_urgent(db, ticket) is is_it


def test_a_case_remembers_that_its_citizen_hides_the_number(db: Session) -> None:
    assert opened(db, replace(WISH, hides_phone=True), dialogue(), NOW).hides_phone


@pytest.mark.parametrize(("channel", "is_hidden"), [(Channel.SMS, True), (Channel.USSD, False)])
def test_a_sensitive_case_by_sms_hides_its_number_since_nobody_could_ask(
    db: Session, channel: Channel, is_hidden: bool
) -> None:
    spoken = replace(dialogue(), channel=channel)
    ticket = opened(db, replace(WISH, category="corruption"), spoken, NOW)
    assert (ticket.is_sensitive, ticket.hides_phone) == (True, is_hidden)


def test_a_harmless_case_by_sms_shows_its_number(db: Session) -> None:
    assert not opened(db, WISH, replace(dialogue(), channel=Channel.SMS), NOW).hides_phone


def test_a_case_that_turns_out_to_be_sensitive_hides_its_number_from_then_on(db: Session) -> None:
    ticket = opened(db, WISH, dialogue(), NOW)
    tickets.file_under(db, ticket, db.get_one(Category, "corruption"))
    assert ticket.hides_phone
    tickets.file_under(db, ticket, db.get_one(Category, "water"))
    assert ticket.hides_phone


def test_a_citizen_who_was_asked_and_showed_the_number_goes_on_showing_it(db: Session) -> None:
    ticket = opened(db, replace(WISH, category="corruption"), dialogue(), NOW)
    tickets.file_under(db, ticket, db.get_one(Category, "abuse"))
    assert not ticket.hides_phone


def test_a_case_about_a_project_is_tied_to_it(db: Session) -> None:
    project = Project(code="P1", name="Kabiyet road", department_code="works", is_county_wide=False)
    project.status, project.percent_done, project.source_document = ProjectStatus.ONGOING, 40, "CBROP"
    project.as_of, project.is_sample = date(2026, 10, 31), True
    db.add(project)
    db.flush()
    assert opened(db, replace(WISH, project="P1"), dialogue(), NOW).project_code == "P1"


def test_a_case_from_nowhere_keeps_the_ward_its_citizen_used_before(db: Session, county: Engine) -> None:
    tickets.open_ticket(db, WISH, dialogue(), NOW)
    tickets.open_ticket(db, replace(WISH, ward=None), dialogue(), NOW)
    db.expire_all()
    assert db.get_one(Citizen, PHONE).ward_code == "756"
