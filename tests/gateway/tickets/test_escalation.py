"""A clock that runs out is noticed up the chain, each step once; what stays resolved in silence is closed, no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from gateway import database
from gateway.tickets import casework, contests, escalation, merging, references, silence, tending
from models import (
    Category,
    Clock,
    County,
    Escalation,
    EventKind,
    Kind,
    Message,
    Priority,
    Role,
    Staff,
    Status,
    Ticket,
    TicketEvent,
    Verdict,
)
from tests.gateway.desks import deed, hire, report
from tests.gateway.tickets.test_alike import Crowd
from tests.grounds import NOW, OTHER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 18 hours of work after NOW: when a case about water is to be answered
CHIEF_PHONE, BOSS_PHONE = "+254711000001", "+254711000002"


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    return hire(db)


@pytest.fixture
def ticket(jane: Staff, db: Session) -> Ticket:
    made = report(db)
    assert made.next_due_at == DUE
    return made


def tend(db: Session, now: datetime) -> None:
    """Lets the clock look at everything, as its job does."""
    for each in (escalation.escalate, silence.close):
        mark = each(db, now, None)
        while mark is not None:
            mark = each(db, now, mark)
    db.flush()


def steps(db: Session, ticket: Ticket) -> list[tuple[Clock, int, int]]:
    taken = select(Escalation).where(Escalation.ticket_id == ticket.id).order_by(Escalation.id)
    return [(row.clock, row.round, row.step) for row in db.scalars(taken)]


def lines(db: Session, ticket: Ticket) -> list[dict[str, object]]:
    own = (TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.ESCALATED)
    return [line.details or {} for line in db.scalars(select(TicketEvent).where(*own).order_by(TicketEvent.id))]


def warnings(db: Session) -> list[tuple[str, str]]:
    sent = select(Message).where(Message.kind == "officer").order_by(Message.id)
    return [(message.phone, message.body) for message in db.scalars(sent)]


def chief(db: Session, ticket: Ticket, name: str = "chief", phone: str | None = CHIEF_PHONE, **more: object) -> Staff:
    return hire(db, name, Role.OFFICER, department_code=ticket.department_code, is_chief=True, phone=phone, **more)


ANSWER = Clock.ANSWER


def test_each_step_is_taken_when_its_hours_of_work_have_passed_and_not_before(
    db: Session, jane: Staff, ticket: Ticket
) -> None:
    for late, taken in (
        (-HOUR / 60, 0),
        (timedelta(0), 1),
        (DAY - HOUR / 60, 1),  # a night counts nothing: 9 hours of work are a day
        (DAY, 2),
        (5 * DAY - HOUR / 60, 2),  # 27 are three, and a weekend lies between
        (5 * DAY, 3),
        (30 * DAY, 3),
    ):
        tend(db, DUE + late)
        assert len(steps(db, ticket)) == taken, late
    assert steps(db, ticket) == [(ANSWER, 0, 1), (ANSWER, 0, 2), (ANSWER, 0, 3)]


def test_each_step_is_one_line_of_the_timeline_however_often_the_clock_looks(
    db: Session, jane: Staff, ticket: Ticket
) -> None:
    for minute in range(5):
        tend(db, DUE + DAY + minute * HOUR / 60)
    assert lines(db, ticket) == [{"clock": "answer", "step": 1}, {"clock": "answer", "step": 2}]


def test_the_supervisors_step_raises_the_priority_and_makes_nobodys_words_stale(
    db: Session, jane: Staff, ticket: Ticket
) -> None:
    tend(db, DUE)
    assert ticket.priority is Priority.NORMAL
    tend(db, DUE + DAY)
    assert (ticket.priority, ticket.version) == (Priority.HIGH, 1)


def test_the_chief_officer_of_the_department_gets_one_sms(db: Session, jane: Staff, ticket: Ticket) -> None:
    chief(db, ticket)
    hire(db, "other chief", Role.OFFICER, department_code="works", is_chief=True, phone="+254711000003")
    hire(db, "officer", Role.OFFICER, department_code=ticket.department_code, phone="+254711000004")
    hire(db, "boss", Role.SUPERVISOR, phone=BOSS_PHONE)
    for _ in range(2):
        tend(db, DUE + 5 * DAY)
    printed = references.printed(ticket.reference)
    assert warnings(db) == [(CHIEF_PHONE, f"Case {printed} is overdue since 25 Nov: Water/sanitation, Kapsabet")]


def test_no_word_of_the_citizens_is_in_the_sms_and_of_a_sensitive_case_the_reference_alone(
    db: Session, jane: Staff
) -> None:
    hidden = report(db, "The officer wanted money", category="corruption")
    chief(db, hidden)
    tend(db, DUE + 30 * DAY)
    assert warnings(db) == [(CHIEF_PHONE, f"Case {references.printed(hidden.reference)} is overdue.")]


@pytest.mark.parametrize("why", ["none", "disabled", "without a phone"])
def test_where_a_department_has_no_chief_officer_the_supervisors_get_it(
    db: Session, jane: Staff, ticket: Ticket, why: str
) -> None:
    if why == "disabled":
        chief(db, ticket, disabled_at=NOW)
    if why == "without a phone":
        chief(db, ticket, phone=None)
    hire(db, "boss", Role.SUPERVISOR, phone=BOSS_PHONE)
    hire(db, "quiet boss", Role.SUPERVISOR)
    tend(db, DUE + 5 * DAY)
    assert [phone for phone, _ in warnings(db)] == [BOSS_PHONE]


def test_the_second_clock_has_steps_of_its_own_once_the_case_is_answered(
    db: Session, jane: Staff, ticket: Ticket
) -> None:
    tend(db, DUE + HOUR)
    casework.answer(db, deed(ticket, jane, DUE + 2 * HOUR), "We look into it.")
    tend(db, DUE + DAY + HOUR)
    assert steps(db, ticket) == [(ANSWER, 0, 1)]
    tend(db, ticket.resolve_due_at)
    assert steps(db, ticket) == [(ANSWER, 0, 1), (Clock.RESOLVE, 0, 1)]


def test_a_case_opened_again_begins_a_new_round(db: Session, jane: Staff, ticket: Ticket) -> None:
    tend(db, DUE)
    casework.move(db, deed(ticket, jane, DUE), Status.RESOLVED, "Mended.")
    contests.say_not_fixed(db, ticket, "", DUE + DAY)
    assert ticket.next_due_at is not None
    tend(db, ticket.next_due_at)
    assert steps(db, ticket) == [(ANSWER, 0, 1), (ANSWER, 1, 1)]


@pytest.mark.parametrize("status", [Status.WAITING_CITIZEN, Status.RESOLVED, Status.REJECTED])
def test_what_waits_for_its_citizen_or_is_over_is_not_escalated(
    db: Session, jane: Staff, ticket: Ticket, status: Status
) -> None:
    casework.move(db, deed(ticket, jane), status, "Which tap is it?")
    tend(db, DUE + 10 * DAY)
    assert steps(db, ticket) == []


def test_a_merged_case_is_not_escalated_and_a_parted_one_is_again(db: Session, jane: Staff, ticket: Ticket) -> None:
    other = report(db, phone=OTHER)
    merging.merge(db, deed(ticket, jane), other.reference)
    tend(db, DUE)
    assert (steps(db, ticket), steps(db, other)) == ([], [(ANSWER, 0, 1)])
    merging.unmerge(db, deed(ticket, jane, DUE))
    tend(db, DUE)
    assert steps(db, ticket) == [(ANSWER, 0, 1)]


def test_the_county_says_after_how_many_hours(db: Session, jane: Staff, ticket: Ticket) -> None:
    db.scalars(select(County)).one().escalation_hours = [1, 2, 3]
    db.flush()
    for late, taken in ((0.9, 0), (1, 1), (2, 2), (3, 3)):
        tend(db, DUE + late * HOUR)
        assert len(steps(db, ticket)) == taken


def test_hours_over_christmas_do_not_count(db: Session, jane: Staff) -> None:
    late = report(db, at=datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    assert late.next_due_at == datetime(2026, 12, 24, 9, 0, tzinfo=UTC)  # at noon in Nairobi, on a Thursday
    tend(db, datetime(2026, 12, 28, 8, 59, tzinfo=UTC))
    assert len(steps(db, late)) == 1
    tend(db, datetime(2026, 12, 28, 9, 0, tzinfo=UTC))
    assert len(steps(db, late)) == 2


def test_a_fault_with_one_ticket_holds_up_no_other(db: Session, jane: Staff, ticket: Ticket) -> None:
    chief(db, ticket)
    nameless = Category(code="nameless", kind=Kind.COMPLAINT, label={}, department_code=ticket.department_code)
    nameless.answer_hours, nameless.resolve_hours, nameless.position = 18, 54, 99
    nameless.clocks_are_sample = nameless.sensitive = nameless.urgent = False
    nameless.ours, nameless.call = True, {}
    db.add(nameless)
    ticket.category_code = "nameless"
    other = report(db, phone=OTHER)
    assert ticket.id < other.id
    tend(db, DUE + 5 * DAY)
    assert (len(steps(db, ticket)), len(steps(db, other))) == (0, 3)
    assert len(warnings(db)) == 1


def test_more_than_a_batch_is_done_in_one_go(db: Session, jane: Staff) -> None:
    Crowd(db).comes(2 * tending.BATCH + 1)
    tend(db, NOW)
    taken = select(func.count()).select_from(Escalation).where(Escalation.step == 1)
    assert db.scalar(taken) == 2 * tending.BATCH + 1


def test_what_is_due_is_found_by_index(db: Session, jane: Staff) -> None:
    Crowd(db).comes(20_000)
    db.execute(text("UPDATE ticket SET next_due_at = next_due_at + id * interval '1 minute'"))
    db.execute(text("ANALYZE ticket"))
    asked: list[tuple[str, Any]] = []

    @event.listens_for(db.get_bind(), "before_cursor_execute")
    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "LIMIT" in statement:
            asked.append((statement, parameters))

    escalation.escalate(db, NOW - HOUR)
    event.remove(db.get_bind(), "before_cursor_execute", listen)
    ((statement, parameters),) = asked
    plan = "\n".join(row[0] for row in db.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters))
    assert "ix_ticket_due" in plan
    assert "Seq Scan on ticket" not in plan


# Several clocks at once


@pytest.fixture
def many(ground: Engine) -> int:
    """Thirty overdue cases, which everybody sees, and a chief officer."""
    with database.transaction() as db:
        hire(db)
        first = report(db)
        chief(db, first)
        for _ in range(29):
            report(db)
    return 30


def test_four_clocks_at_once_take_each_step_once(many: int) -> None:
    def clock(_: int) -> None:
        for _ in range(2):
            with database.transaction() as db:
                assert escalation.escalate(db, DUE + 5 * DAY) is None

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(clock, range(4)))
    clock(0)
    with database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(Escalation)) == 3 * many
        escalated = select(func.count()).where(TicketEvent.kind == EventKind.ESCALATED)
        assert db.scalar(escalated) == 3 * many
        assert len(warnings(db)) == many


def test_a_ticket_that_somebody_works_on_this_moment_is_passed_over_and_its_turn_comes(many: int) -> None:
    with database.transaction() as working:
        jane = working.get_one(Staff, "jane")
        ticket = working.scalars(select(Ticket).order_by(Ticket.id)).first()
        assert ticket is not None
        casework.begin(working, deed(ticket, jane))
        with database.transaction() as db:
            escalation.escalate(db, DUE)
            assert db.scalar(select(func.count()).select_from(Escalation)) == many - 1
    with database.transaction() as db:
        escalation.escalate(db, DUE)
        assert db.scalar(select(func.count()).select_from(Escalation)) == many


# Silence


def test_what_stays_resolved_in_silence_is_closed_and_silence_is_no_satisfaction(
    db: Session, jane: Staff, ticket: Ticket
) -> None:
    casework.move(db, deed(ticket, jane), Status.RESOLVED, "Mended.")
    sent = db.scalar(select(func.count()).select_from(Message))
    tend(db, NOW + 14 * DAY - HOUR)
    assert ticket.status is Status.RESOLVED
    tend(db, NOW + 14 * DAY)
    assert (ticket.status, ticket.verdict, ticket.closed_at) == (Status.CLOSED, None, NOW + 14 * DAY)
    assert ticket.resolved_at == NOW
    last = db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).all()[-1]
    assert (last.kind, last.actor, last.details) == (EventKind.MOVED, None, {"from": "resolved", "to": "closed"})
    assert db.scalar(select(func.count()).select_from(Message)) == sent


def test_a_case_that_silence_closed_may_still_be_contested(db: Session, jane: Staff, ticket: Ticket) -> None:
    casework.move(db, deed(ticket, jane), Status.RESOLVED, "Mended.")
    tend(db, NOW + 14 * DAY)
    contests.say_not_fixed(db, ticket, "", NOW + 20 * DAY)
    assert (ticket.status, ticket.verdict) == (Status.REOPENED, Verdict.NOT_FIXED)


def test_the_county_says_how_long_silence_lasts(db: Session, jane: Staff, ticket: Ticket) -> None:
    db.scalars(select(County)).one().closes_after_days = 3
    casework.move(db, deed(ticket, jane), Status.RESOLVED, "Mended.")
    tend(db, NOW + 3 * DAY)
    assert ticket.status is Status.CLOSED
