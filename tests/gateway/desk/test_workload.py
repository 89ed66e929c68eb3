"""The supervisor's view and everybody's own day: who has what, where it is late, and why it waits."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gateway.desk import my_day, workload
from gateway.desk.my_day import Why
from gateway.desk.workload import Late, Load
from gateway.tickets import casework, contests
from models import Escalation, EventKind, Role, Staff, Status, TicketEvent
from models.tickets import Clock
from tests.gateway.desks import case, deed, hire
from tests.grounds import NOW, OTHER, THIRD

pytestmark = pytest.mark.usefixtures("county")

PAST, SOON, FAR = NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW + timedelta(days=3)


@pytest.fixture
def chebet(db: Session) -> Staff:
    return hire(db, "chebet", Role.SUPERVISOR)


@pytest.fixture
def asha(db: Session) -> Staff:
    return hire(db, "asha")


def test_everybody_who_works_is_listed_with_what_they_have_and_nobody_stands_first(
    db: Session, chebet: Staff, asha: Staff
) -> None:
    hire(db, "gone", disabled_at=NOW)
    hire(db, "official", Role.OFFICIAL)
    case(db, assignee="asha", next_due_at=PAST)
    case(db, assignee="asha", next_due_at=FAR)
    case(db, assignee="asha", status=Status.CLOSED, next_due_at=None)
    case(db, phone=OTHER)
    answered = case(db, phone=THIRD, assignee="chebet")
    for words in ("We look.", "We still look."):
        casework.answer(db, deed(answered, chebet), words)
    db.add(TicketEvent(ticket_id=answered.id, kind=EventKind.ANSWERED, at=NOW - timedelta(days=1), actor="asha"))
    db.flush()
    assert workload.per_person(db, chebet, NOW) == [
        Load(None, 1, 0, 0),
        Load("asha", 2, 1, 0),
        Load("chebet", 1, 0, 1),
    ]


def test_departments_stand_by_how_much_of_theirs_is_late(db: Session, chebet: Staff) -> None:
    case(db, next_due_at=FAR)
    case(db, "roads", next_due_at=PAST, assignee="chebet")
    first, second = workload.per_department(db, chebet, NOW)
    assert first == Late("works", first.names, 1, 1, 0)
    assert second == Late("lands", second.names, 1, 0, 1)


def test_what_went_up_the_chain_is_listed_once_by_how_far_it_went(db: Session, chebet: Staff) -> None:
    low, high, over, before = (case(db) for _ in range(4))
    over.status, before.reopened = Status.CLOSED, 1
    for ticket, step in ((low, 1), (high, 1), (high, 2), (high, 3), (over, 3), (before, 3)):
        db.add(Escalation(ticket_id=ticket.id, clock=Clock.ANSWER, round=0, step=step, at=NOW))
    db.flush()
    found = workload.raised(db, chebet)
    assert [(line.reference.replace("-", ""), line.step) for line in found] == [(high.reference, 3), (low.reference, 1)]


def test_nobodys_view_shows_what_they_may_not_see(db: Session, chebet: Staff, asha: Staff) -> None:
    secret = case(db, "corruption", assignee="asha")
    db.add(Escalation(ticket_id=secret.id, clock=Clock.ANSWER, round=0, step=1, at=NOW))
    db.flush()
    assert len(workload.raised(db, chebet)) == 1
    assert workload.raised(db, asha) == []
    assert workload.per_department(db, asha, NOW) == []
    assert my_day.waiting(db, asha, NOW) == []


def test_my_day_says_why_each_case_waits_what_presses_most_first(db: Session, asha: Staff) -> None:
    later = case(db, assignee="asha", next_due_at=FAR, words="later")
    today = case(db, assignee="asha", next_due_at=SOON, words="today")
    wrote = case(db, assignee="asha", next_due_at=FAR, words="wrote")
    overdue = case(db, assignee="asha", next_due_at=PAST, words="overdue")
    contested = case(db, phone=OTHER, words="contested")
    case(db, assignee=None, words="nobody's")
    casework.answer(db, deed(wrote, asha), "We look.")
    db.add(TicketEvent(ticket_id=wrote.id, kind=EventKind.WROTE, at=NOW, body="Please"))
    casework.move(db, deed(contested, asha), Status.RESOLVED, "Done.")
    contests.say_not_fixed(db, contested, "", NOW)
    contested.assignee = "asha"
    db.flush()
    found = my_day.waiting(db, asha, NOW)
    assert [(line.words, line.why) for line in found] == [
        ("contested", Why.CONTESTED),
        ("overdue", Why.OVERDUE),
        ("wrote", Why.WROTE),
        ("today", Why.TODAY),
        ("later", Why.LATER),
    ]
    assert {later.id, today.id, overdue.id}


def test_what_was_answered_since_no_longer_waits_for_an_answer(db: Session, asha: Staff) -> None:
    ticket = case(db, assignee="asha", resolve_due_at=FAR)
    db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.WROTE, at=NOW, body="Please"))
    db.flush()
    casework.answer(db, deed(ticket, asha), "We look.")
    db.flush()
    assert [line.why for line in my_day.waiting(db, asha, NOW)] == [Why.LATER]


def test_my_day_counts_what_i_did_today_and_not_what_others_did(db: Session, asha: Staff, chebet: Staff) -> None:
    ticket = case(db)
    casework.note(db, deed(ticket, asha), "Rang the plumber")
    casework.answer(db, deed(ticket, asha), "We look.")
    casework.note(db, deed(ticket, chebet), "Well done")
    casework.note(db, deed(ticket, asha, NOW - timedelta(days=1)), "Yesterday")
    db.flush()
    assert my_day.done(db, asha, NOW) == {EventKind.ANSWERED: 1, EventKind.NOTED: 1, EventKind.MOVED: 1}
