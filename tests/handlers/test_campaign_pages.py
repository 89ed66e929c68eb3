"""The pages of campaigns: from the first word to the last sum, for whoever writes, decides or only looks."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import progress
from models import AuditEntry, Campaign, CampaignStatus, Message, Role, Staff, State
from tests.grounds import NOW
from tests.handlers.campaign_pages import WHY, CampaignPage, begin, come, messages, people, submit, the, write
from tests.handlers.counting import statements
from tests.handlers.staff import enter, token

pytestmark = pytest.mark.usefixtures("noon")
AT = CampaignStatus


def sent(kept: Session, author: FlaskClient, approver: FlaskClient, state: State = State.DELIVERED) -> CampaignPage:
    """A campaign that has begun, all of whose recipients stand in a state, as its approver sees it."""
    page = CampaignPage(approver, submit(author).number)
    page.presses("approve")
    begin(page.number)
    kept.execute(update(Message).where(Message.campaign_id == page.number).values(state=state))
    return page


def end(kept: Session, page: CampaignPage) -> None:
    kept.execute(update(Campaign).where(Campaign.id == page.number).values(status=AT.DONE, ended_at=NOW))
    kept.execute(update(Message).where(Message.campaign_id == page.number).values(state_at=NOW - timedelta(hours=25)))
    page.load()


def test_a_whole_campaign_passes_through_two_pairs_of_hands(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    page = write(author)
    shown = page.load()
    assert re.search(r"<b>3</b> <span>recipients", shown)
    assert "2.40" in shown
    assert "Water is back in Kabiyet." in shown
    assert "STOP to 1548 ends these messages" in shown
    assert "+254711000000" not in shown
    page.presses("test")
    tests = kept.scalars(select(Message).where(Message.kind == "campaign_test")).all()
    assert {message.phone for message in tests} == {"+254722000111"}
    assert "somebody else decides" in page.presses("submit")
    theirs = CampaignPage(approver, page.number)
    assert "Your decision" in theirs.load()
    assert "begins now" in theirs.presses("approve")
    begin(page.number)
    assert "of 3 recipients" in page.load()
    assert next(message.body for message in messages(kept, page.number)).startswith("Water is back in Kabiyet.")


def test_launch_pressed_twice_is_one_launch(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author, starts="later", starts_at="2026-11-23T15:00").number)
    assert "It begins on" in page.presses("approve")
    assert [page.press("launch").status_code for _ in range(2)] == [302, 302]
    assert "nothing was done twice" in page.load()
    assert len(kept.scalars(select(AuditEntry).where(AuditEntry.action == "campaign_launched")).all()) == 1


def test_a_night_is_put_off_to_the_morning_and_said_so(author: FlaskClient, approver: FlaskClient) -> None:
    night = {"starts": "later", "starts_at": "2026-11-23T20:00", "stale_at": "2026-11-25T12:00"}
    page = CampaignPage(approver, submit(author, **night).number)
    assert "quiet hours" in page.load()
    assert "24 Nov 2026 08:00" in page.presses("approve").replace("\u202f", " ")
    assert page.press("schedule", starts_at="never").status_code == 422
    page.presses("schedule", starts_at="2026-11-24T10:00")
    assert "10:00" in page.load()


@pytest.mark.parametrize("action", ["submit", "approve", "reject", "schedule", "launch", "pause", "resume", "cancel"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AGENT])
def test_who_only_looks_moves_nothing(
    kept: Session, client: FlaskClient, author: FlaskClient, role: Role, action: str
) -> None:
    page = submit(author)
    form = {"csrf_token": token(page.seen), "version": "3", "reason": WHY, "starts_at": "2026-11-24T10:00"}
    stranger = come(client, "kip", role)
    form["csrf_token"] = token(stranger.get("/console/account"))
    assert stranger.post(f"{page.path}/{action}", data=form).status_code in (403, 422)
    assert the(kept, page.number).status is AT.SUBMITTED


def test_it_is_paused_resumed_and_cancelled_by_either(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    page = sent(kept, author, approver, State.QUEUED)
    assert "Pause" in page.load()
    assert "It is paused" in page.presses("pause")
    mine = CampaignPage(author, page.number)
    assert "Resume" in mine.load()
    mine.presses("resume")
    assert the(kept, page.number).status is AT.SENDING
    assert page.press("pause").status_code == 409  # the screen is behind
    page.presses("cancel", reason="A mistake")
    assert "A mistake" in page.load()
    assert the(kept, page.number).status is AT.CANCELLED


def test_the_poll_brings_the_part_alone_and_reloads_what_has_moved(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    page = sent(kept, author, approver, State.QUEUED)
    asked = re.search(r'hx-get="([^"]*poll=1[^"]*)" hx-trigger="every 2s"', page.load())
    assert asked
    address = asked[1].replace("&amp;", "&")
    part = approver.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert '<progress class="bar-going" max="3" value="0"' in part.text
    assert "HX-Refresh" not in part.headers
    CampaignPage(author, page.number).presses("pause")
    assert approver.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_poll_of_every_other_second_counts_neither_reasons_nor_the_phones_of_lists(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    page = sent(kept, author, approver, State.FAILED)
    with statements() as asked:
        approver.get(page.path, query_string={"poll": 1})
    assert [each for each in asked if "delivery_report" in each or "uploaded_phone" in each] == []
    asks = re.search(r'hx-get="([^"]*poll=reasons)" hx-trigger="every 15s"', page.load())
    assert asks
    part = approver.get(asks[1]).text
    assert "<html" not in part
    assert "<dt>no reason told</dt><dd>3</dd>" in part


def test_where_counting_the_reasons_takes_too_long_the_page_is_shown_without_them(
    kept: Session, author: FlaskClient, approver: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sent(kept, author, approver, State.FAILED)
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    with engine.begin() as elsewhere:
        elsewhere.exec_driver_sql("LOCK TABLE delivery_report")
        shown = page.load()
        assert page.seen.status_code == 200
    assert "takes too long just now" in shown
    assert f"{page.path}/pause" in shown


def test_the_sums_of_the_page_and_of_the_file_are_the_audience(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    with database.transaction() as db:
        db.execute(update(Campaign).values(expected=None))
    people(5)
    stopped = "UPDATE citizen SET opted_out_at = now() WHERE phone IN ('+254711000001', '+254711000004')"
    kept.connection().exec_driver_sql(stopped)
    page = sent(kept, author, approver)
    end(kept, page)
    shown = re.sub(r"\s+", " ", page.load())
    assert "<dt>Recipients</dt><dd>3</dd>" in shown
    assert "said STOP</dt><dd>2</dd>" in shown
    assert "<dt>Audience</dt><dd><b>5</b></dd>" in shown
    assert page.press("export", reason="no").status_code == 422
    with page.press("export", reason=WHY, kind="csv") as file:
        words = file.get_data(as_text=True)
    assert file.headers["Content-Disposition"].startswith("attachment")
    lines = words.splitlines()
    assert sum(line.startswith(('"+2547…', "\"'+2547…")) for line in lines) == 3
    assert '"Recipients","3"' in lines
    assert '"Left out: opted_out","2"' in lines
    assert '"Audience","5"' in lines
    assert "+254711000000" not in words
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).one().details["reason"] == WHY


def test_a_workbook_is_made_as_well(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = sent(kept, author, approver)
    with page.press("export", reason=WHY, kind="xlsx") as file:
        assert file.data.startswith(b"PK")


def test_those_in_doubt_are_sent_to_once_more_by_a_second_person(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    page = sent(kept, author, approver, State.UNKNOWN)
    kept.execute(update(Campaign).where(Campaign.id == page.number).values(status=AT.DONE, ended_at=NOW))
    assert "After 24 hours in doubt" in page.load()
    assert page.press("again", reason=WHY).status_code == 422
    end(kept, page)
    assert author.get(page.path).text.count("campaigns/1/again") == 0
    assert page.press("again", reason="no").status_code == 422
    page.presses("again", reason=WHY)
    assert {message.state for message in messages(kept, page.number)} == {State.QUEUED}
    assert the(kept, page.number).status is AT.SENDING
    kept.execute(update(Message).where(Message.campaign_id == page.number).values(state=State.UNKNOWN))
    end(kept, page)
    answer = page.press("again", reason=WHY)
    assert (answer.status_code, "has been in doubt for 24 hours" in answer.text) == (422, True)


def test_what_is_done_is_not_resumed(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = sent(kept, author, approver)
    end(kept, page)
    assert page.press("resume").status_code == 422
    assert the(kept, page.number).status is AT.DONE


@pytest.mark.parametrize("path", ["99", "99/edit", "99?poll=1", "templates/99", "lists/99"])
def test_what_there_is_none_of_is_not_found(author: FlaskClient, path: str) -> None:
    assert author.get(f"/console/campaigns/{path}").status_code == 404


def test_the_pages_are_spoken_in_kiswahili(author: FlaskClient, kept: Session) -> None:
    page = write(author)
    kept.connection().exec_driver_sql("UPDATE staff SET language = 'sw'")
    enter(author, "chebet")
    assert "Nani analipata" in page.load()


@pytest.mark.parametrize("language", ["en", "sw"])
def test_a_large_count_is_written_as_people_write_it(
    kept: Session, author: FlaskClient, approver: FlaskClient, language: str
) -> None:
    people(1001)
    page = submit(author)
    kept.execute(update(Staff).values(language=language))
    decided = CampaignPage(approver, page.number).seen.text
    assert "<b>1,001</b>" in decided
    assert decided.count("1,001") > decided.count("<b>1,001</b>")  # in sentences too
    assert 'name="shown" value="1001"' in decided
    assert "1,001" in author.get("/console/campaigns").text
