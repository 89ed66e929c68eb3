"""What an SMS leaves open is asked: in danger after whom to call, of a grave matter without a word on the screen."""

import pytest

from gateway.tickets import casework, filing, references
from gateway.tickets.filing import Filing
from menus.words import segments
from models import Priority, Role, Status, Ticket
from tests.gateway.desks import deed, hire
from tests.gateway.texting import TextingPhone

KABIYET = "777"
UNCLEAR = "It is very bad here, come and see"


def filed(citizen: TextingPhone, ticket: Ticket, category: str, ward: str | None = None) -> None:
    supervisor = hire(citizen.db, "boss", Role.SUPERVISOR)
    filing.refile(citizen.db, deed(ticket, supervisor, citizen.now), Filing(category, ward, Priority.NORMAL))
    citizen.db.flush()


@pytest.mark.parametrize("words", ["Moto! nyumba inaungua", "Fire! A house is burning"])
def test_in_danger_whom_to_call_comes_before_the_question_where(citizen: TextingPhone, words: str) -> None:
    answer = citizen.sends(words)
    assert citizen.case().category_code == "emergency"
    assert "999" in answer.splitlines()[0]
    assert references.printed(citizen.case().reference) in answer
    assert segments(answer) == 1
    assert "Kapsabet" in citizen.sends("Kapsabet")
    assert citizen.case().ward_code == "772"


@pytest.mark.parametrize("words", ["Doctor at Nandi Hills wants a bribe", "Doctor wants a bribe"])
def test_the_question_where_names_no_ward_of_a_sensitive_case(citizen: TextingPhone, words: str) -> None:
    citizen.sends("No water in Kapsabet since Monday")
    answer = citizen.sends(words)
    assert citizen.cases()[-1].is_sensitive
    assert "ward?" in answer
    assert not any(place in answer for place in ("Kapsabet", "Nandi Hills"))
    assert "Kabiyet" not in citizen.sends("Kabiyet")
    assert citizen.cases()[-1].ward_code == KABIYET


@pytest.mark.parametrize("words", ["My daughter was raped by thieves", "Polisi walichukua hongo wakaachilia mwizi"])
def test_what_may_be_either_of_two_sensitive_matters_is_sensitive_and_no_question(
    citizen: TextingPhone, words: str
) -> None:
    answer = citizen.sends(words)
    assert citizen.case().is_sensitive
    assert citizen.case().hides_phone
    assert "2 " not in answer


@pytest.mark.parametrize("words", ["Robbers are in our house now", "Robbers are in our house in Kapsabet now"])
def test_who_is_being_robbed_is_told_whom_to_call_at_once(citizen: TextingPhone, words: str) -> None:
    answer = citizen.sends(words)
    assert citizen.case().is_sensitive
    assert "999" in answer
    assert "police" not in answer.lower()


def test_category_and_ward_in_one_reply_are_both_taken(citizen: TextingPhone) -> None:
    citizen.sends(UNCLEAR)
    assert "Kapsabet" in citizen.sends("Maji, Kapsabet")
    assert (citizen.case().category_code, citizen.case().ward_code) == ("water", "772")


@pytest.mark.parametrize(
    ("reply", "category"),
    [
        ("Kilimo", "agriculture"),
        ("Elimu", "education"),
        ("Polisi", "police"),
        ("Health", "health"),
        ("Education", "education"),
        ("Barabara kuu", "national_roads"),
        ("Ni maji na usafi", "water"),
        ("Namba 7 tafadhali", "markets"),
        ("7 asante", "markets"),
        ("saba", "markets"),
        ("kumi na moja", "corruption"),
    ],
)
def test_a_matter_is_taken_as_the_list_calls_or_numbers_it(citizen: TextingPhone, reply: str, category: str) -> None:
    citizen.sends(UNCLEAR)
    citizen.sends(reply)
    citizen.db.refresh(citizen.case())
    assert citizen.case().category_code == category


def test_something_else_is_taken_as_the_list_calls_it(citizen: TextingPhone) -> None:
    citizen.sends(UNCLEAR)
    assert "which ward" in citizen.sends("Jambo lingine")
    assert citizen.case().category_code == "other"


@pytest.mark.parametrize(
    ("reply", "ward"),
    [("Nandi Hills", "761"), ("Nandi Hills mjini", "761"), ("Chemelil", "753"), ("Ni Kapsabet, asante", "772")],
)
def test_a_ward_is_taken_as_the_list_calls_it(citizen: TextingPhone, reply: str, ward: str) -> None:
    citizen.sends("There is no water")
    citizen.sends(reply)
    citizen.db.refresh(citizen.case())
    assert citizen.case().ward_code == ward


@pytest.mark.parametrize("reply", ["1", "16", "Maji"])
def test_a_reply_does_not_undo_what_staff_filed_meanwhile(citizen: TextingPhone, reply: str) -> None:
    citizen.sends(UNCLEAR)
    filed(citizen, citizen.case(), "corruption", "772")
    citizen.sends(reply)
    assert (citizen.case().category_code, citizen.case().is_sensitive) == ("corruption", True)


def test_a_reply_completes_what_staff_left_open(citizen: TextingPhone) -> None:
    citizen.sends(UNCLEAR)
    filed(citizen, citizen.case(), "roads")
    citizen.sends("Barabara, Kapsabet")
    assert (citizen.case().category_code, citizen.case().ward_code) == ("roads", "772")


def test_a_late_reply_to_a_rejected_case_does_not_say_that_it_is_received(citizen: TextingPhone) -> None:
    citizen.sends("The road is very bad")
    agent, ticket = hire(citizen.db), citizen.case()
    casework.move(citizen.db, deed(ticket, agent, citizen.now), Status.REJECTED, "This road is not the county's.")
    citizen.db.flush()
    assert "Status: not taken up" in citizen.sends("Kapsabet")
    assert (citizen.case().status, citizen.case().ward_code) == (Status.REJECTED, None)


def test_another_matter_after_a_rejection_is_no_late_reply(citizen: TextingPhone) -> None:
    citizen.sends(UNCLEAR)
    casework.move(
        citizen.db, deed(citizen.case(), hire(citizen.db), citizen.now), Status.REJECTED, "This is not the county's."
    )
    citizen.db.flush()
    citizen.sends("No water in Kapsabet since Monday")
    assert (citizen.cases()[-1].category_code, citizen.cases()[-1].ward_code) == ("water", "772")
