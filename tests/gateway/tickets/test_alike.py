"""What may be one of several reports is found however it is said, shown to whom may see it, and found quickly."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from gateway.tickets import alike, casework, merging, references
from gateway.tickets.alike import Suggestion
from models import Channel, Kind, Role, Staff, Status, Ticket
from tests.gateway.desks import deed, hire, report
from tests.grounds import NOW, OTHER, THIRD


@pytest.fixture
def jane(county: Engine, db: Session) -> Staff:
    return hire(db)


@pytest.fixture
def ticket(jane: Staff, db: Session) -> Ticket:
    return report(db, "No water at the tap near Terik market")


def found(db: Session, staff: Staff, ticket: Ticket) -> list[int]:
    db.flush()
    return [suggestion.ticket.id for suggestion in alike.suggestions(db, staff, ticket)]


@pytest.mark.parametrize(
    ("words", "is_alike"),
    [
        ("No water at Terik market", True),
        ("NO WATER!!! terik market tap", True),
        ("no watter at terik markett", True),
        ("Terik market has no water at the tap since Monday, please help us", True),
        ("The borehole pump was stolen last night", False),
        ("Sewage runs over the road behind the school", False),
        ("?", False),
    ],
)
def test_like_words_are_found_and_others_are_not(
    db: Session, jane: Staff, ticket: Ticket, words: str, is_alike: bool
) -> None:
    other = report(db, words, OTHER)
    assert found(db, jane, ticket) == ([other.id] if is_alike else [])


def test_the_most_alike_come_first_and_five_at_most(db: Session, jane: Staff, ticket: Ticket) -> None:
    near = report(db, "There is no water at any tap in the village of my mother", OTHER)
    for number in range(6):
        report(db, "No water at Terik market tap", f"+25470000010{number}")
    suggested = alike.suggestions(db, jane, ticket)
    assert len(suggested) == 5
    assert near.id not in {suggestion.ticket.id for suggestion in suggested}
    scores = [suggestion.score for suggestion in suggested]
    assert scores == sorted(scores, reverse=True)
    assert all(alike.ALIKE <= score <= 100 for score in scores)


def test_itself_is_not_suggested(db: Session, jane: Staff, ticket: Ticket) -> None:
    assert found(db, jane, ticket) == []


@pytest.mark.parametrize(("what", "where"), [("roads", "756"), ("water", "757")])
def test_another_matter_or_place_is_not_suggested(
    db: Session, jane: Staff, ticket: Ticket, what: str, where: str
) -> None:
    report(db, ticket.words, OTHER, category=what, ward=where)
    assert found(db, jane, ticket) == []


def test_what_is_over_or_joined_to_another_is_not_suggested(db: Session, jane: Staff, ticket: Ticket) -> None:
    over, other, joined = (report(db, ticket.words, phone) for phone in (OTHER, THIRD, "+254700000009"))
    casework.move(db, deed(over, jane), Status.RESOLVED, "Mended.")
    merging.merge(db, deed(joined, jane), other.reference)
    assert found(db, jane, ticket) == [other.id]


def test_a_suggestion_counts_the_citizens_it_speaks_for(db: Session, jane: Staff, ticket: Ticket) -> None:
    other = report(db, ticket.words, OTHER)
    for phone in (OTHER, THIRD):
        merging.merge(db, deed(report(db, "Same here", phone), jane), other.reference)
    without = report(db, "Same here", "+254700000009")
    without.phone = None
    db.flush()
    merging.merge(db, deed(without, jane), other.reference)
    (suggestion,) = alike.suggestions(db, jane, ticket)
    assert suggestion == Suggestion(other, 100, citizens=3)


def test_without_a_ward_it_may_be_one_of_any_ward_and_the_other_way_round(db: Session, jane: Staff) -> None:
    nowhere = report(db, "No water at the tap", ward=None)
    here, there = (report(db, "No water at the tap", OTHER, ward=ward) for ward in ("756", "772"))
    assert set(found(db, jane, nowhere)) == {here.id, there.id}
    assert found(db, jane, here) == [nowhere.id]


def test_an_agent_is_shown_no_sensitive_case_and_an_officer_none_of_others(db: Session, jane: Staff) -> None:
    boss = hire(db, "boss", Role.SUPERVISOR)
    one, two = (report(db, "The officer wanted money", phone, category="corruption") for phone in (OTHER, THIRD))
    assert found(db, jane, one) == []
    assert found(db, boss, one) == [two.id]
    water = report(db)
    other = report(db, phone=OTHER)
    own = hire(db, "own", Role.OFFICER, department_code=water.department_code)
    elsewhere = hire(db, "elsewhere", Role.OFFICER, department_code="works")
    assert water.department_code != "works"
    assert (found(db, own, water), found(db, elsewhere, water)) == ([other.id], [])


@dataclass(frozen=True)
class Crowd:
    """Many open tickets of one matter, and of each as many as there are wards to lie in."""

    db: Session

    def comes(self, size: int) -> None:
        """Fills the table as quickly as can be, and lets the planner see it."""
        self.db.execute(insert(Ticket), [self._row(number) for number in range(size)])
        self.db.execute(text("ANALYZE ticket"))

    @staticmethod
    def _row(number: int) -> dict[str, object]:
        return {
            "reference": references.draw(),
            "submission": f"00000000-0000-0000-0000-{number:012}",
            "kind": Kind.COMPLAINT,
            "channel": Channel.CALL,
            "category_code": ("water", "roads")[number // 30 % 2],
            "department_code": "lands",
            "ward_code": None if number % 31 == 0 else str(751 + number % 30),
            "language": "en",
            "words": f"No water at tap {number}",
            "opened_at": NOW,
            "answer_due_at": NOW,
            "resolve_due_at": NOW,
            "next_due_at": NOW,
        }


@pytest.mark.parametrize("ward", ["757", None])
def test_among_many_only_some_two_hundred_are_read_by_index(db: Session, jane: Staff, ward: str | None) -> None:
    Crowd(db).comes(20_000)
    ticket = report(db, "No water at tap", ward=ward)
    query = alike._candidates(jane, ticket).compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}")))
    assert "ix_ticket_alike" in plan
    assert "Seq Scan on ticket" not in plan
    assert "Sort" not in plan
    rows = db.execute(alike._candidates(jane, ticket)).all()
    assert 150 <= len(rows) <= 200
    newest = select(func.max(Ticket.id)).where(Ticket.category_code == "water", Ticket.ward_code == "757")
    assert db.scalar(newest.where(Ticket.id != ticket.id)) in {row[0] for row in rows}
