"""Duplicates are worked on as one: every citizen hears, nobody's case is called resolved, and an error is undone."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from gateway import catalogues, database
from gateway.dialogues.callers_county import CallersCounty
from gateway.errors import NoSuchTicket, Refused, Stale
from gateway.tickets import casework, contests, filing, informing, merging, moves, references, tickets
from gateway.tickets.casework import Deed
from gateway.tickets.filing import Filing
from gateway.tickets.moves import Itself
from gateway.tickets.tickets import Dialogue
from menus.intents import AddToTicket
from models import (
    LIVE_STATUSES,
    Channel,
    EventKind,
    Message,
    OpenQuestion,
    Priority,
    Role,
    Staff,
    Status,
    Ticket,
    TicketEvent,
    Verdict,
)
from tests.gateway.desks import deed, hire, promised, report
from tests.grounds import NOW, OTHER, PHONE, THIRD

HOUR = timedelta(hours=1)
JOINED = "Case <its case>: others report the same, so we work on it as one. You get each answer."


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    catalogues.compile_complete()
    return hire(db)


@pytest.fixture
def first(jane: Staff, db: Session) -> Ticket:
    return report(db)


@pytest.fixture
def second(first: Ticket, db: Session) -> Ticket:
    return report(db, "Tap is dry since Monday", OTHER)


def merge(db: Session, ticket: Ticket, into: Ticket, staff: Staff) -> None:
    merging.merge(db, deed(ticket, staff), references.printed(into.reference))
    db.flush()


def lines(db: Session, ticket: Ticket) -> list[TicketEvent]:
    merged = (TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.MERGED)
    return list(db.scalars(select(TicketEvent).where(*merged).order_by(TicketEvent.id)))


def test_the_duplicates_citizen_is_told_and_the_others_is_not(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    assert promised(db, OTHER) == [JOINED]
    assert promised(db, PHONE) == []


def test_what_a_citizen_is_told_says_nothing_of_the_other_case(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    (body,) = db.scalars(select(Message.body).where(Message.kind == "status"))
    assert references.printed(second.reference) in body
    assert references.printed(first.reference) not in body


def test_a_phone_that_reported_the_same_twice_is_not_told_and_hears_each_answer_once(
    db: Session, jane: Staff, first: Ticket
) -> None:
    again = report(db, "Still no water")
    merge(db, again, first, jane)
    casework.answer(db, deed(first, jane), "A pump is on its way.")
    assert promised(db, PHONE) == ["Case <its case>: A pump is on its way."]


def test_both_citizens_get_each_later_answer_in_their_own_language(db: Session, jane: Staff, first: Ticket) -> None:
    kiswahili = report(db, "Hakuna maji", OTHER, language="sw")
    merge(db, kiswahili, first, jane)
    casework.answer(db, deed(first, jane), "A pump is on its way.")
    assert promised(db, PHONE) == ["Case <its case>: A pump is on its way."]
    assert promised(db, OTHER)[1] == "Kesi <its case>: A pump is on its way."


def test_the_duplicate_is_closed_without_having_been_resolved(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    assert (second.status, second.merged_into_id, second.closed_at) == (Status.CLOSED, first.id, NOW)
    assert (second.resolved_at, second.resolved_by, second.verdict, second.next_due_at) == (None, None, None, None)
    moved = select(TicketEvent.id).where(TicketEvent.ticket_id == second.id, TicketEvent.kind == EventKind.MOVED)
    assert db.scalars(moved).all() == []


def test_a_merge_is_a_move_of_the_table_that_nobody_else_can_make() -> None:
    for status in LIVE_STATUSES:
        assert moves.MOVES[status, Status.CLOSED].by == {Itself.MERGE}


def test_both_timelines_say_so_and_both_versions_move_on(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    (of_second,), (of_first,) = lines(db, second), lines(db, first)
    assert of_second.details == {"from": "new", "to": "closed", "into": first.reference, "along": []}
    assert of_first.details == {"joined": second.reference}
    assert (of_first.actor, of_second.actor) == ("jane", "jane")
    assert of_second.message_id is not None
    assert (first.version, second.version) == (2, 2)


def test_what_was_joined_before_moves_along_and_there_are_no_chains(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    third = report(db, "Taps are dry", THIRD)
    merge(db, third, second, jane)
    merge(db, second, first, jane)
    assert {third.merged_into_id, second.merged_into_id} == {first.id}
    assert [ticket.id for ticket in merging.joined(db, first)] == [second.id, third.id]
    assert lines(db, third)[-1].details == {"into": first.reference, "along_with": second.reference}
    casework.answer(db, deed(first, jane), "A pump is on its way.")
    for phone in (PHONE, OTHER, THIRD):
        assert promised(db, phone, "reply") == ["Case <its case>: A pump is on its way."]
    assert promised(db, THIRD, "status") == [JOINED]


def test_an_open_question_about_the_duplicate_is_closed(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    for ticket in (first, second):
        question = OpenQuestion(phone=ticket.phone, ticket_id=ticket.id, asks="ward", choices=["756"], asked_at=NOW)
        db.add(question)
    db.flush()
    merge(db, second, first, jane)
    still_open = select(OpenQuestion.ticket_id).where(OpenQuestion.closed_at.is_(None))
    assert db.scalars(still_open).all() == [first.id]


def test_an_urgent_duplicate_makes_the_other_urgent_until_they_are_parted(
    db: Session, jane: Staff, first: Ticket
) -> None:
    urgent = report(db, "A wire fell into the water", OTHER, category="emergency")
    assert urgent.is_urgent
    merge(db, urgent, first, jane)
    db.refresh(first)
    assert (first.is_urgent, first.rank) == (True, 0)
    merging.unmerge(db, deed(urgent, jane))
    assert (first.is_urgent, urgent.is_urgent) == (False, True)


def test_a_case_that_speaks_for_an_urgent_one_stays_urgent_however_it_is_filed(
    db: Session, jane: Staff, first: Ticket
) -> None:
    merge(db, report(db, "A wire fell into the water", OTHER, category="emergency"), first, jane)
    filing.refile(db, deed(first, jane), Filing("roads", first.ward_code, first.priority))
    assert first.is_urgent
    merging.unmerge(db, deed(merging.joined(db, first)[0], jane))
    assert not first.is_urgent


@pytest.mark.parametrize("duplicate", ["corruption", "water"])
def test_a_sensitive_case_is_never_joined_to_one_that_is_not(db: Session, jane: Staff, duplicate: str) -> None:
    boss = hire(db, "boss", Role.SUPERVISOR)
    other = {"corruption": "water", "water": "corruption"}[duplicate]
    ticket, into = report(db, category=duplicate), report(db, phone=OTHER, category=other)
    with pytest.raises(Refused, match="sensitive"):
        merge(db, ticket, into, boss)
    assert ticket.merged_into_id is None


def test_two_sensitive_ones_stay_sensitive(db: Session, jane: Staff) -> None:
    boss = hire(db, "boss", Role.SUPERVISOR)
    one, two = report(db, category="corruption"), report(db, phone=OTHER, category="corruption")
    merge(db, two, one, boss)
    assert one.is_sensitive
    assert two.is_sensitive


def test_an_agent_does_not_learn_that_a_sensitive_case_exists(db: Session, jane: Staff, first: Ticket) -> None:
    hidden = report(db, phone=OTHER, category="corruption")
    for into in (hidden.reference, references.draw(), "no reference at all"):
        with pytest.raises(NoSuchTicket, match="no such case among those you may see"):
            merging.merge(db, deed(first, jane), into)


def test_a_case_is_not_joined_to_itself(db: Session, jane: Staff, first: Ticket) -> None:
    with pytest.raises(Refused, match="itself"):
        merge(db, first, first, jane)


def test_a_joined_case_is_joined_to_nothing_else_and_nothing_is_joined_to_it(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    third = report(db, "Taps are dry", THIRD)
    merge(db, second, first, jane)
    with pytest.raises(Refused, match="joined to another already"):
        merge(db, second, third, jane)
    with pytest.raises(Refused, match=references.printed(first.reference)):
        merge(db, third, second, jane)


@pytest.mark.parametrize("which", ["the duplicate", "the other"])
def test_only_open_cases_are_joined(db: Session, jane: Staff, first: Ticket, second: Ticket, which: str) -> None:
    casework.move(db, deed(second if which == "the duplicate" else first, jane), Status.RESOLVED, "Mended.")
    with pytest.raises(Refused, match="Only open cases can be joined"):
        merge(db, second, first, jane)


def test_a_case_that_somebody_else_changed_meanwhile_is_not_joined(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    shown = deed(second, jane)
    casework.answer(db, deed(second, jane), "We look into it.")
    with pytest.raises(Stale):
        merging.merge(db, shown, first.reference)


def test_a_double_click_joins_once(db: Session, jane: Staff, first: Ticket, second: Ticket) -> None:
    press = deed(second, jane)
    for _ in range(2):
        merging.merge(db, press, first.reference)
    assert (len(lines(db, first)), promised(db, OTHER)) == (1, [JOINED])


def test_who_may_only_look_joins_nothing(db: Session, jane: Staff, first: Ticket, second: Ticket) -> None:
    auditor = hire(db, "audit", Role.AUDITOR)
    with pytest.raises(Refused, match="look at this case"):
        merge(db, second, first, auditor)


def test_a_joined_case_moves_no_more_by_itself(db: Session, jane: Staff, first: Ticket, second: Ticket) -> None:
    boss = hire(db, "boss", Role.SUPERVISOR)
    merge(db, second, first, jane)
    assert moves.open_to(second, boss) == []
    with pytest.raises(Refused, match="can't be moved"):
        casework.move(db, deed(second, boss), Status.REOPENED)


# Contests


def test_a_resolution_asks_both_and_two_from_either_reopens_the_one_case(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    casework.move(db, deed(first, jane), Status.RESOLVED, "The pump was mended.")
    told = "Case <its case>: The pump was mended. Is it fixed? Reply 1 yes, 2 no. Free."
    assert (promised(db, PHONE), promised(db, OTHER)) == ([told], [JOINED, told])
    asked = {question.phone: question.ticket_id for question in db.scalars(select(OpenQuestion))}
    assert asked == {PHONE: first.id, OTHER: second.id}
    contests.say_not_fixed(db, second, "", NOW + HOUR)
    assert (first.status, first.priority, first.verdict) == (Status.REOPENED, Priority.HIGH, Verdict.NOT_FIXED)
    assert (second.status, second.merged_into_id) == (Status.CLOSED, first.id)
    for phone in (PHONE, OTHER):
        assert promised(db, phone)[-1].startswith("Case <its case> is open again. Somebody else looks at it.")
    assert db.scalars(select(OpenQuestion).where(OpenQuestion.closed_at.is_(None))).all() == []


def test_one_citizens_word_that_it_is_fixed_closes_it_for_both(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    casework.move(db, deed(first, jane), Status.RESOLVED, "The pump was mended.")
    contests.say_fixed(db, second, NOW + HOUR)
    assert (first.status, first.verdict) == (Status.CLOSED, Verdict.FIXED)
    assert not contests.may_judge(first, NOW + HOUR)
    assert contests.may_judge(second, NOW + HOUR)  # who said so may take it back for a day
    assert not contests.may_judge(second, NOW + 25 * HOUR)


# What its citizen does and sees meanwhile


def test_words_to_a_joined_case_reach_those_who_work_on_the_other(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    casework.move(db, deed(first, jane), Status.WAITING_CITIZEN, "Since when?")
    assert [ticket.id for ticket in tickets.live(db, OTHER, NOW)] == [second.id]
    talk = Dialogue(OTHER, "en", Channel.SMS, second.reference, uuid4(), "*1548#")
    tickets.add_words(db, AddToTicket(second.reference, "Since Monday"), talk, NOW + HOUR)
    assert (first.status, second.status) == (Status.OPEN, Status.CLOSED)
    wrote = select(TicketEvent.ticket_id, TicketEvent.body).where(TicketEvent.kind == EventKind.WROTE)
    assert set(db.execute(wrote)) == {(first.id, "Since Monday"), (second.id, "Since Monday")}


def test_a_joined_case_is_over_for_its_citizen_when_the_other_is(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    casework.move(db, deed(first, jane), Status.REJECTED, "This is a private well.")
    assert tickets.live(db, OTHER, NOW) == []


def test_my_cases_shows_a_joined_case_as_the_other_stands_with_answers_since(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    casework.answer(db, deed(first, jane, NOW - HOUR), "For the first alone.")
    merge(db, second, first, jane)
    before = CallersCounty(db, OTHER, NOW).my_case(second.reference)
    assert before is not None
    assert (before.status, before.answer) == ("open", None)
    casework.answer(db, deed(first, jane, NOW + HOUR), "For both.")
    after = CallersCounty(db, OTHER, NOW).my_case(second.reference)
    assert after is not None
    assert after.answer == "For both."


# Undoing it


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.WAITING_DEPARTMENT])
def test_an_undone_merge_leaves_the_case_open_where_it_was(
    db: Session, jane: Staff, first: Ticket, second: Ticket, status: Status
) -> None:
    if status is not Status.NEW:
        casework.move(db, deed(second, jane), status)
    due = second.next_due_at
    merge(db, second, first, jane)
    merging.unmerge(db, deed(second, jane, NOW + HOUR))
    assert (second.status, second.merged_into_id, second.closed_at) == (status, None, None)
    assert second.next_due_at == due
    assert lines(db, second)[-1].details == {"to": status.value, "out_of": first.reference}
    assert lines(db, first)[-1].details == {"parted": second.reference}
    assert promised(db, OTHER)[-1] == JOINED


def test_a_case_that_waited_for_its_citizen_waits_again_as_if_nothing_had_been(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    untouched = report(db, "Pump is broken", THIRD)
    for ticket in (second, untouched):
        casework.move(db, deed(ticket, jane, NOW + HOUR), Status.WAITING_CITIZEN, "Which tap?")
    merging.merge(db, deed(second, jane, NOW + 26 * HOUR), first.reference)
    merging.unmerge(db, deed(second, jane, NOW + 50 * HOUR))
    assert (second.status, second.next_due_at) == (Status.WAITING_CITIZEN, None)
    for ticket in (second, untouched):
        moves.put(db, ticket, Status.OPEN, "jane", NOW + 53 * HOUR)
    assert second.resolve_due_at == untouched.resolve_due_at


def test_a_reopened_case_that_was_joined_by_mistake_is_not_reopened_once_more(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    casework.move(db, deed(second, jane), Status.RESOLVED, "Mended.")
    contests.say_not_fixed(db, second, "", NOW + HOUR)
    merge(db, second, first, jane)
    merging.unmerge(db, deed(second, jane, NOW + 2 * HOUR))
    assert (second.status, second.reopened, second.verdict) == (Status.REOPENED, 1, Verdict.NOT_FIXED)


def test_what_came_along_goes_back_and_what_was_joined_since_stays(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    along, later = report(db, "Taps are dry", THIRD), report(db, "No drop", "+254700000009")
    again = report(db, "Dry", "+254700000008")
    for ticket, into in ((along, second), (again, second), (second, first), (later, first)):
        merge(db, ticket, into, jane)
    merging.unmerge(db, deed(again, jane))
    merge(db, again, first, jane)
    merging.unmerge(db, deed(second, jane))
    assert (along.merged_into_id, second.merged_into_id) == (second.id, None)
    assert {later.merged_into_id, again.merged_into_id} == {first.id}


def test_a_parted_case_hears_no_more_of_the_other_and_its_question_is_closed(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    casework.move(db, deed(first, jane), Status.RESOLVED, "The pump was mended.")
    merging.unmerge(db, deed(second, jane))
    still_open = select(OpenQuestion.phone).where(OpenQuestion.closed_at.is_(None))
    assert db.scalars(still_open).all() == [PHONE]
    heard = len(promised(db, OTHER))
    contests.say_not_fixed(db, first, "", NOW + HOUR)
    assert len(promised(db, OTHER)) == heard


def test_what_was_not_joined_can_not_be_parted(db: Session, jane: Staff, first: Ticket) -> None:
    with pytest.raises(Refused, match="not joined"):
        merging.unmerge(db, deed(first, jane))


def test_a_double_click_parts_once(db: Session, jane: Staff, first: Ticket, second: Ticket) -> None:
    merge(db, second, first, jane)
    press = deed(second, jane)
    for _ in range(2):
        merging.unmerge(db, press)
    assert len(lines(db, first)) == 2


# Two at once, in transactions of their own


@pytest.fixture
def pair(ground: Engine) -> list[str]:
    """The references of three open cases, which everybody sees."""
    with database.transaction() as db:
        hire(db)
        return [report(db, phone=phone).reference for phone in (PHONE, OTHER, THIRD)]


def _merges(ticket: str, into: str, press: UUID) -> str:
    """Joins one case to another as requests of their own, again where somebody was quicker; gives what came of it."""
    while True:
        with suppress(Stale), database.transaction() as db:
            jane = db.get_one(Staff, "jane")
            version = db.scalars(select(Ticket.version).where(Ticket.reference == ticket)).one()
            try:
                merging.merge(db, Deed(jane, ticket, version, press, NOW), into)
            except Stale:
                raise
            except Refused as refused:
                return str(refused)
            return "joined"


def test_two_who_join_a_to_b_and_b_to_a_at_once_make_no_ring(pair: list[str]) -> None:
    one, two, _ = pair
    with ThreadPoolExecutor(8) as pool:
        orders = 4 * ((one, two), (two, one))
        outcomes = list(pool.map(lambda order: _merges(*order, uuid4()), orders))
    assert outcomes.count("joined") == 1
    with database.transaction() as db:
        joined = db.scalars(select(Ticket.reference).where(Ticket.merged_into_id.is_not(None))).all()
        assert len(joined) == 1


def test_a_crowd_that_joins_three_cases_in_every_direction_leaves_no_ring_and_no_chain(pair: list[str]) -> None:
    orders = [(ticket, into) for ticket in pair for into in pair if ticket != into]
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda order: _merges(*order, uuid4()), orders))
    assert outcomes.count("joined") == 2
    with database.transaction() as db:
        ends = {ticket.merged_into_id for ticket in db.scalars(select(Ticket)) if ticket.merged_into_id}
        assert len(ends) == 1
        assert db.get_one(Ticket, ends.pop()).merged_into_id is None


def _parts(ticket: str) -> None:
    """Parts a case from the one it was joined to, as a request of its own."""
    with database.transaction() as db:
        jane = db.get_one(Staff, "jane")
        merging.unmerge(db, deed(casework.find(db, jane, ticket), jane))


def _somebody_waits(engine: Engine) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with engine.connect() as watching:
        return bool(watching.scalar(text(waiting)))


def test_who_parts_two_cases_while_both_are_answered_waits_and_the_answer_goes_out(
    engine: Engine, pair: list[str]
) -> None:
    one, two, _ = pair
    assert _merges(one, two, uuid4()) == "joined"
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as db:
            jane = db.get_one(Staff, "jane")
            ticket = casework.begin(db, deed(casework.find(db, jane, two), jane))
            assert ticket is not None
            parted = pool.submit(_parts, one)  # holds the older case and waits for the other
            while not _somebody_waits(engine):
                assert not parted.done()
            event = TicketEvent(ticket_id=ticket.id, kind=EventKind.ANSWERED, at=NOW, body="A pump is on its way.")
            informing.answer(db, ticket, event, NOW)
        parted.result(timeout=20)
    with database.transaction() as db:
        assert promised(db, PHONE, "reply") == ["Case <its case>: A pump is on its way."]
        assert db.scalar(select(func.count()).where(Ticket.merged_into_id.is_not(None))) == 0


def test_the_same_press_from_two_windows_joins_once(pair: list[str]) -> None:
    press = uuid4()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: _merges(pair[0], pair[1], press), range(2)))
    assert "joined" in outcomes
    with database.transaction() as db:
        assert db.scalar(select(func.count()).where(TicketEvent.submission == press)) == 1


def test_a_joined_case_is_answered_where_it_lives_on_and_not_by_itself(
    db: Session, jane: Staff, first: Ticket, second: Ticket
) -> None:
    merge(db, second, first, jane)
    with pytest.raises(Refused, match="Answer there"):
        casework.answer(db, deed(second, jane), "A plumber comes.")
    assert promised(db, OTHER) == [JOINED]
