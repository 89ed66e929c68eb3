"""Who is meant by an audience, who of them gets nothing and why, and what it would cost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from gateway.campaigns import audiences, campaigns, headcounts, recipients, uploads
from gateway.campaigns.audiences import Audience, Span
from gateway.campaigns.headcounts import Count
from gateway.campaigns.recipients import Reason
from gateway.citizens import consent, follows, sample_citizens
from gateway.errors import Refused
from models import Campaign, Category, Message, Project, State, Ticket
from tests.gateway.campaigning import TEXTS, Office, draft, office, people
from tests.gateway.desks import report
from tests.grounds import NOW, OTHER, PHONE, THIRD

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def desk(db: Session) -> Office:
    return office(db)


def count(desk: Office, audience: Audience, **more: Any) -> Count:
    campaign = campaigns.write(desk.db, desk.author, draft(audience=audience, **more), desk.now)
    return headcounts.count(desk.db, campaign, desk.now)


def project(db: Session, code: str = "P1") -> None:
    facts: dict[str, Any] = {"name": "Tank", "department_code": "lands", "is_county_wide": True, "status": "ongoing"}
    more = {"percent_done": 1, "source_document": "ADP", "as_of": NOW.date(), "is_sample": False}
    db.add(Project(code=code, **facts, **more))
    db.flush()


def test_an_audience_is_kept_and_read_back() -> None:
    wanted = Audience(wards=("777",), categories=("water",), everybody=True, only_languages=("sw",))
    assert audiences.read(wanted.kept()) == wanted
    assert audiences.read({}) == Audience()


@pytest.mark.parametrize(
    "kept", [{"ward": ["777"]}, {"wards": "777"}, {"wards": [777]}, {"everybody": 1}, {"upload": "1"}]
)
def test_what_is_no_audience_is_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        audiences.read(kept)


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        (Audience(wards=("777", "999")), "There is no ward 999"),
        (Audience(only_wards=("998",)), "There is no ward 998"),
        (Audience(wards=("", "777")), "There is no ward"),
        (Audience(subcounties=("9",)), "There is no sub-county 9"),
        (Audience(categories=("nothing",)), "There is no category nothing"),
        (Audience(projects=("P9",)), "There is no project P9"),
        (Audience(only_languages=("fr",)), "There is no language fr"),
        (Audience(upload=1), "There is no such list"),
        (Audience(categories=("corruption",)), "A sensitive matter is no audience"),
    ],
)
def test_an_unknown_code_is_refused_by_name(db: Session, audience: Audience, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        audiences.check(db, audience, "chebet")


def test_every_sensitive_category_is_refused(db: Session) -> None:
    codes = [code for (code,) in db.query(Category.code).filter(Category.sensitive)]
    assert codes
    for code in codes:
        with pytest.raises(Refused, match="must not be known"):
            audiences.check(db, Audience(categories=(code,)), "chebet")


def test_sources_are_united_and_a_phone_counts_once(desk: Office) -> None:
    people(desk.db, 3, "777")
    people(desk.db, 2, "778", first=200)  # the same sub-county
    report(desk.db, phone=PHONE, category="water", ward="772")
    project(desk.db)
    follows.follow(desk.db, OTHER, "P1", NOW)
    follows.follow_ward(desk.db, OTHER, "777", NOW)
    desk.db.flush()
    assert count(desk, Audience(wards=("777",))).recipients == 3
    assert count(desk, Audience(wards=("777",), subcounties=("156",))).recipients == 5
    assert count(desk, Audience(categories=("water",))).recipients == 1
    assert count(desk, Audience(followed_projects=("P1",), followed_wards=("777",))).recipients == 1
    assert count(desk, Audience(wards=("777",), categories=("water",), followed_wards=("777",))).recipients == 5
    assert count(desk, Audience(everybody=True, categories=("water",))).recipients == 7


def test_a_wish_that_ended_is_none_and_a_sensitive_case_makes_nobody_known(desk: Office) -> None:
    project(desk.db)
    follows.follow(desk.db, OTHER, "P1", NOW)
    follows.unfollow(desk.db, OTHER, "P1", NOW)
    report(desk.db, phone=PHONE, category="corruption").project_code = "P1"
    report(desk.db, phone=THIRD).project_code = "P1"
    desk.db.flush()
    assert count(desk, Audience(projects=("P1",), followed_projects=("P1",))).recipients == 1


def test_an_audience_is_narrowed_by_language_and_ward(desk: Office) -> None:
    people(desk.db, 3, "777", language="sw")
    people(desk.db, 2, "778", first=200)
    people(desk.db, 1, None, language=None, first=300)  # chose nothing yet: greeted in English
    assert count(desk, Audience(everybody=True, only_languages=("sw",))).recipients == 3
    assert count(desk, Audience(everybody=True, only_wards=("778",))).recipients == 2
    whole = count(desk, Audience(everybody=True))
    assert whole.languages == {"sw": 3, "en": 3}
    assert whole.wards == {"777": 3, "778": 2, None: 1}


def test_who_gets_nothing_is_counted_with_the_reason(desk: Office) -> None:
    stopped, *_ = people(desk.db, 3)
    consent.opt_out(desk.db, stopped, NOW)
    report(desk.db, phone="+254202345678", ward="777")  # a landline
    sample_citizens.make(desk.db, 4, "777", NOW)
    campaign = campaigns.write(desk.db, desk.author, draft(), NOW)
    simulated = headcounts.count(desk.db, campaign, NOW)
    assert simulated.recipients == 6
    real = headcounts.count(desk.db, campaign, NOW, is_real=True)
    assert real.recipients == 2
    assert real.excluded == {Reason.OPTED_OUT: 1, Reason.NOT_MOBILE: 1, Reason.SAMPLE: 4}
    assert count(desk, Audience(everybody=True)).excluded == {Reason.OPTED_OUT: 1, Reason.NOT_MOBILE: 1}


def test_a_list_reaches_phones_that_never_wrote_and_spares_those_that_said_stop(desk: Office) -> None:
    consent.opt_out(desk.db, OTHER, NOW)
    upload = uploads.take(desk.db, desk.author, "a.csv", f"phone\n{PHONE}\n{OTHER}\n".encode(), NOW)
    counted = count(desk, Audience(upload=upload.id))
    assert (counted.recipients, counted.excluded) == (1, {Reason.OPTED_OUT: 1})
    assert counted.wards == {None: 1}


def test_the_cost_is_estimated_by_segments_as_filled_in(desk: Office) -> None:
    people(desk.db, 3)
    people(desk.db, 2, language="sw", first=200)
    counted = count(desk, Audience(wards=("777",)), texts={"en": "x" * 160, "sw": "Maji."})
    assert (counted.segments, counted.cost) == (3 * 2 + 2, Decimal("6.40"))


def test_a_language_that_somebody_reads_and_nobody_wrote_is_named(desk: Office) -> None:
    people(desk.db, 2, language="sw")
    assert list(count(desk, Audience(wards=("777",)), texts={"en": "Water."}).missing) == ["sw"]


def test_the_very_same_text_within_a_day_is_not_sent_again(desk: Office) -> None:
    people(desk.db, 3)
    first = desk.sends()
    desk.expands(first)
    failed = desk.db.query(Message).filter(Message.campaign_id == first.id).first()
    assert failed
    failed.state = State.FAILED
    desk.db.flush()
    again = count(desk, Audience(wards=("777",)))
    assert (again.recipients, again.excluded) == (1, {Reason.SAME_TEXT: 2})
    assert again.same_text_percent == 66
    assert count(desk, Audience(wards=("777",)), texts={**TEXTS, "en": "Other words."}).recipients == 3
    desk.db.execute(update(Message).values(state=State.DELIVERED))
    desk.db.execute(update(Campaign).where(Campaign.id == first.id).values(ended_at=NOW))
    assert count(desk, Audience(wards=("777",))).recipients == 0
    desk.now += timedelta(hours=24)
    assert count(desk, Audience(wards=("777",)), stale_at=NOW + timedelta(days=2)).recipients == 3


def test_who_has_no_open_case_gets_no_text_that_names_its_date(desk: Office) -> None:
    people(desk.db, 2)
    ticket = report(desk.db, phone=PHONE, ward="777")
    counted = count(desk, Audience(wards=("777",)), texts={"en": "By {first_due}."})
    assert (counted.recipients, counted.excluded) == (1, {Reason.NOTHING_DUE: 2})
    desk.db.execute(update(Ticket).where(Ticket.id == ticket.id).values(is_sensitive=True))
    assert count(desk, Audience(wards=("777",)), texts={"en": "By {first_due}."}).recipients == 0


def test_a_citizens_row_is_read_once_though_the_planner_believes_that_there_are_none(desk: Office) -> None:
    people(desk.db, 50)
    campaign = campaigns.write(desk.db, desk.author, draft(), NOW)
    found = recipients.candidates(recipients.plan(desk.db, campaign, NOW, is_real=True), Span())
    desk.db.execute(text("UPDATE pg_class SET reltuples = 0, relpages = 9 WHERE relname = 'citizen'"))  # just emptied
    query = found.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(desk.db.connection().exec_driver_sql(f"EXPLAIN {query}").scalars())
    assert plan.count("on citizen") == 1, plan


def test_previews_are_of_real_recipients_with_their_phones_masked(desk: Office) -> None:
    people(desk.db, 3)
    people(desk.db, 1, "778", language="sw", first=200)
    campaign = campaigns.write(desk.db, desk.author, draft(audience=Audience(everybody=True)), NOW)
    shown = headcounts.previews(desk.db, campaign, NOW, most=3)
    assert [(each.language, each.ward) for each in shown] == [("en", "Kabiyet"), ("sw", "Ndalat"), ("en", "Kabiyet")]
    assert shown[0].phone == "+2547…100"
    assert "Water is back in Kabiyet." in shown[0].body
    assert all("…" in each.phone for each in shown)
