"""Resolved is not fixed until the citizen says so: what they say closes the case or brings it back on top."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.errors import Refused
from gateway.tickets import assignments, contests
from models import OpenQuestion, Priority, Role, Status, Verdict
from tests.gateway.desks import Desk, hire, report, texts, timeline

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db, hire(db, "asha"))


def test_a_resolution_puts_the_question_to_its_citizen(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    question = desk.db.scalars(select(OpenQuestion)).one()
    assert (question.asks, question.choices, question.ticket_id) == ("fixed", ["fixed", "not_fixed"], ticket.id)


def test_fixed_closes_the_case_and_thanks_once(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    contests.say_fixed(desk.db, ticket, desk.now)
    contests.say_fixed(desk.db, ticket, desk.now)
    assert (ticket.status, ticket.verdict, ticket.closed_at) == (Status.CLOSED, Verdict.FIXED, desk.now)
    assert [said for said in texts(desk.db) if "Thank you" in said] == texts(desk.db)[1:2]
    assert timeline(desk.db, ticket).count("confirmed") == 1


def test_not_fixed_brings_it_back_with_priority_and_nobody_resolves_his_own_again(desk: Desk) -> None:
    ticket = report(desk.db)
    assignments.assign(desk.db, desk.deed(ticket), "asha")
    desk.moves(ticket, Status.RESOLVED, "Done.")
    contests.say_not_fixed(desk.db, ticket, "Still dry", desk.now)
    assert (ticket.status, ticket.priority, ticket.assignee) == (Status.REOPENED, Priority.HIGH, None)
    assert "open again" in texts(desk.db)[-1]
    with pytest.raises(Refused, match="somebody else"):
        desk.moves(ticket, Status.RESOLVED, "Done, really.")
    with pytest.raises(Refused, match="somebody else"):
        assignments.assign(desk.db, desk.deed(ticket), "asha")
    desk.of(hire(desk.db, "baraka")).moves(ticket, Status.RESOLVED, "A new pump is in.")
    assert (ticket.status, ticket.verdict) == (Status.RESOLVED, None)


def test_who_resolved_what_was_said_fixed_by_mistake_does_not_review_it(desk: Desk) -> None:
    ticket = report(desk.db)
    assignments.assign(desk.db, desk.deed(ticket), "asha")
    desk.moves(ticket, Status.RESOLVED, "Done.")
    contests.say_fixed(desk.db, ticket, desk.now)
    assert contests.say_not_fixed(desk.db, ticket, "", desk.now)
    assert (ticket.status, ticket.priority, ticket.assignee) == (Status.REOPENED, Priority.HIGH, None)
    assert (ticket.closed_at, ticket.reopened) == (None, 1)
    assert timeline(desk.db, ticket)[-4:] == ["confirmed", "moved", "contested", "moved"]
    with pytest.raises(Refused, match="somebody else"):
        assignments.assign(desk.db, desk.deed(ticket), "asha")


def test_after_the_clock_closed_it_the_citizen_may_still_contest(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    ticket.status = Status.CLOSED
    assert contests.may_judge(ticket, desk.now + timedelta(days=30))
    assert not contests.may_judge(ticket, desk.now + timedelta(days=91))
    contests.say_not_fixed(desk.db, ticket, "", desk.now + timedelta(days=30))
    assert ticket.status is Status.REOPENED


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.WAITING_CITIZEN, Status.REJECTED, Status.REOPENED])
def test_what_was_not_resolved_is_not_judged(desk: Desk, status: Status) -> None:
    ticket = report(desk.db)
    ticket.status = status
    contests.say_fixed(desk.db, ticket, desk.now)
    contests.say_not_fixed(desk.db, ticket, "", desk.now)
    assert (ticket.status, ticket.verdict, texts(desk.db)) == (status, None, [])


def test_one_who_reported_the_same_speaks_for_the_case_it_was_merged_into(desk: Desk) -> None:
    ticket, other = report(desk.db), report(desk.db, phone="+254700000002")
    other.merged_into_id, other.status = ticket.id, Status.CLOSED
    desk.moves(ticket, Status.RESOLVED, "Done.")
    assert len(desk.db.scalars(select(OpenQuestion)).all()) == 2
    contests.say_not_fixed(desk.db, other, "", desk.now)
    assert ticket.status is Status.REOPENED
    assert desk.db.scalars(select(OpenQuestion).where(OpenQuestion.closed_at.is_(None))).all() == []


def test_a_newer_resolution_takes_the_place_of_an_older_question_to_the_same_phone(desk: Desk) -> None:
    for ticket in (report(desk.db), report(desk.db)):
        desk.moves(ticket, Status.RESOLVED, "Done.")
    open_ones = desk.db.scalars(select(OpenQuestion).where(OpenQuestion.closed_at.is_(None))).all()
    assert [question.ticket_id for question in open_ones] == [ticket.id]


def test_a_supervisor_who_opens_a_case_again_bars_nobody(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.moves(ticket, Status.RESOLVED, "Done.")
    desk.of(hire(desk.db, "chebet", Role.SUPERVISOR)).moves(ticket, Status.REOPENED)
    desk.moves(ticket, Status.RESOLVED, "Now it is.")
    assert ticket.status is Status.RESOLVED
