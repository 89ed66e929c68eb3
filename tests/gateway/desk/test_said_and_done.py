"""You said, we did: what was solved and finished in a ward, without a citizen's word and pointing at nobody."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from gateway.campaigns.wordings import LONGEST_TEXT
from gateway.county.period import Period
from gateway.desk import said_and_done
from gateway.errors import Refused
from models import Project, ProjectStatus, Status, Ticket, Verdict, Ward
from tests.gateway.campaigns.test_audiences import project
from tests.gateway.desks import report
from tests.grounds import NOW

pytestmark = pytest.mark.usefixtures("county")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), ZoneInfo("Africa/Nairobi"))


def solve(db: Session, number: int, category: str = "water", verdict: Verdict | None = None) -> list[Ticket]:
    solved = []
    for n in range(number):
        ticket = report(
            db, phone=f"+2547220{n:05d}", category=category, ward="777", words="The pump of Mzee Kiprop is broken"
        )
        ticket.status, ticket.resolved_at, ticket.resolved_by, ticket.verdict = Status.RESOLVED, NOW, "asha", verdict
        solved.append(ticket)
    db.flush()
    return solved


def finish(db: Session, code: str, ended: date, *, is_sample: bool = False) -> None:
    project(db, code)
    found = db.get_one(Project, code)
    found.name, found.status, found.ends_on, found.is_sample = f"Tank {code}", ProjectStatus.COMPLETED, ended, is_sample
    found.wards = [db.get_one(Ward, "777")]
    db.flush()


def test_what_was_confirmed_comes_first_then_each_matter_and_the_projects(db: Session) -> None:
    solve(db, 6, "water", Verdict.FIXED)
    solve(db, 7, "roads")
    finish(db, "P1", date(2026, 11, 20))
    texts = said_and_done.draft(db, "777", NOVEMBER)
    assert texts["en"] == (
        "You said, we did. Kabiyet, 1 Nov to 30 Nov: Cases confirmed by citizens as solved: 6 of 13. "
        "Roads & bridges 7, Water/sanitation 6. Projects finished: Tank P1."
    )
    assert texts["sw"].startswith("Mlisema, tukatenda. Kabiyet, 1 Nov hadi 30 Nov:")


def test_a_draft_fits_a_campaigns_text_however_long_its_projects_are_called(db: Session) -> None:
    solve(db, 9, "water", Verdict.FIXED)
    for category in ("roads", "health", "education", "agriculture"):
        solve(db, 9, category)
    for code in ("P1", "P2", "P3", "P4"):
        finish(db, code, date(2026, 11, 20), is_sample=True)
        db.get_one(Project, code).name = f"{code}: drilling, casing and equipping of the community borehole at " * 4
    db.flush()
    texts = said_and_done.draft(db, "777", NOVEMBER)
    assert [len(text) for text in texts.values() if len(text) > LONGEST_TEXT] == []
    assert "P3: drilling, casing and equipping of the community.. (sample)" in texts["en"]


def test_no_word_of_a_citizen_is_in_it(db: Session) -> None:
    solve(db, 6)
    assert all("Kiprop" not in text for text in said_and_done.draft(db, "777", NOVEMBER).values())


def test_what_was_contested_merged_or_solved_at_another_time_or_place_does_not_count(db: Session) -> None:
    solve(db, 9, verdict=Verdict.NOT_FIXED)
    late, merged, elsewhere, *_ = solve(db, 8)
    late.resolved_at = NOW + timedelta(days=30)
    merged.merged_into_id = elsewhere.id
    elsewhere.ward_code = "778"
    db.flush()
    assert said_and_done.gather(db, "777", NOVEMBER).solved == 5


def test_small_numbers_are_not_told_apart(db: Session) -> None:
    solve(db, 6, "water")
    solve(db, 4, "roads", Verdict.FIXED)
    text = said_and_done.draft(db, "777", NOVEMBER)["en"]
    assert "Cases solved: 10. Water/sanitation 6." in text
    assert "Roads" not in text
    assert "confirmed" not in text


def test_a_sensitive_matter_is_counted_and_not_named(db: Session) -> None:
    solve(db, 8, "corruption")
    done = said_and_done.gather(db, "777", NOVEMBER)
    assert (done.solved, list(done.by_category)) == (8, [])


def test_too_little_is_not_told_of(db: Session) -> None:
    solve(db, 4)
    with pytest.raises(Refused, match="Too little was solved or finished in Kabiyet"):
        said_and_done.draft(db, "777", NOVEMBER)
    finish(db, "P1", date(2026, 11, 20), is_sample=True)
    assert said_and_done.draft(db, "777", NOVEMBER)["en"].endswith("30 Nov: Projects finished: Tank P1 (sample).")


def test_a_project_counts_in_the_period_in_which_it_ended(db: Session) -> None:
    finish(db, "P1", date(2026, 10, 31))
    finish(db, "P2", date(2026, 11, 30))
    assert list(said_and_done.gather(db, "777", NOVEMBER).projects) == ["Tank P2"]
    october = replace(NOVEMBER, first=date(2026, 10, 1), last=date(2026, 10, 31))
    assert list(said_and_done.gather(db, "777", october).projects) == ["Tank P1"]


def test_a_ward_that_there_is_not_is_refused_by_name(db: Session) -> None:
    with pytest.raises(Refused, match="There is no ward 999"):
        said_and_done.draft(db, "999", NOVEMBER)
