"""The pages of campaigns: from the first word to the last sum, for whoever writes, decides or only looks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway import database
from handlers import LARGEST_BODY
from models import AuditEntry, Campaign, CampaignStatus, Message, Role, State, Upload
from tests.grounds import NOW
from tests.handlers.campaign_pages import FORM, WHY, CampaignPage, begin, come, people, submit, write
from tests.handlers.staff import code, enter, token

AT = CampaignStatus


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    """It is noon in the county, whenever the tests run."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def author(client: FlaskClient) -> FlaskClient:
    """An official's browser."""
    people()
    return come(client, "chebet", Role.OFFICIAL, phone="+254722000111")


@pytest.fixture
def approver(client: FlaskClient) -> FlaskClient:
    """The browser of somebody who decides."""
    return come(client, "rono", Role.APPROVER)


def the(kept: Session, number: int) -> Campaign:
    kept.expire_all()
    return kept.get_one(Campaign, number)


def messages(kept: Session, number: int) -> list[Message]:
    kept.expire_all()
    return list(kept.scalars(select(Message).where(Message.campaign_id == number).order_by(Message.id)))


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


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.APPROVER, Role.AUDITOR, Role.ADMIN])
def test_the_empty_list_says_what_to_do_and_offers_it_to_who_may(client: FlaskClient, role: Role) -> None:
    page = come(client, "kip", role).get("/console/campaigns").text
    assert "No campaign yet" in page
    assert ("Write the first one" in page) is (role in (Role.OFFICIAL, Role.ADMIN))


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.APPROVER])
def test_officials_and_approvers_land_on_the_campaigns(client: FlaskClient, role: Role) -> None:
    assert come(client, "kip", role).get("/console/sign-in").location == "/console/campaigns"


def test_each_sees_first_what_waits_for_them(author: FlaskClient, approver: FlaskClient) -> None:
    write(author, title="Roads")
    submit(author, title="Water")
    mine = author.get("/console/campaigns").text
    assert "For you to finish" in mine
    assert "For you to decide" not in mine
    others = approver.get("/console/campaigns").text
    assert "For you to finish" not in others
    assert "For you to decide" in others
    only = approver.get("/console/campaigns?status=draft").text
    assert ("Roads" in only, "Water" in only) == (True, False)


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


def test_without_a_phone_the_page_says_where_it_is_set(client: FlaskClient) -> None:
    page = write(come(client, "kip", Role.OFFICIAL))
    assert "Your account has no phone" in page.load()
    answer = page.press("test")
    assert (answer.status_code, "has no phone" in answer.text) == (422, True)


def test_what_was_not_tested_is_not_submitted(kept: Session, author: FlaskClient) -> None:
    page = write(author)
    answer = page.press("submit")
    assert (answer.status_code, "Send these texts to your own phone" in answer.text) == (422, True)
    assert the(kept, page.number).status is AT.DRAFT


def test_a_refused_draft_comes_back_as_it_was_typed(kept: Session, author: FlaskClient) -> None:
    form = {**FORM, "csrf_token": token(author.get("/console/campaigns/new")), "text_en": "<b>Pay {when}</b>"}
    answer = author.post("/console/campaigns/new", data=form)
    assert answer.status_code == 422
    assert "There is no {when}" in answer.text
    assert "&lt;b&gt;Pay {when}&lt;/b&gt;</textarea>" in answer.text
    assert 'value="777" checked' in answer.text
    assert kept.scalars(select(Campaign)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"stale_at": "soon"},
        {"stale_at": "2026-11-01T00:00"},
        {"rate": "many"},
        {"rate": "0"},
        {"upload": "x"},
        {"upload": "4711"},
        {"wards": ["0", "\0"]},
        {"starts": "later", "starts_at": ""},
        {"title": " "},
        {"project": "NONE"},
    ],
)
def test_what_can_not_be_read_changes_nothing(kept: Session, author: FlaskClient, wrong: dict[str, str]) -> None:
    form = {**FORM, "csrf_token": token(author.get("/console/campaigns/new")), **wrong}
    answer = author.post("/console/campaigns/new", data=form)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert kept.scalars(select(Campaign)).all() == []


def test_the_form_comes_back_as_it_was_kept(kept: Session, author: FlaskClient) -> None:
    more = {"starts": "later", "starts_at": "2026-11-23T15:30", "rate": "7", "only_languages": ["sw"]}
    page = write(author, **more)
    form = author.get(f"{page.path}/edit").text
    for expected in ('value="777" checked', 'value="2026-11-23T15:30"', 'value="2026-11-24T12:00"', 'value="7"'):
        assert expected in form
    assert 'name="only_languages" value="sw" checked' in form
    assert the(kept, page.number).starts_at == NOW + timedelta(hours=3, minutes=30)


def test_an_old_form_is_refused_and_both_texts_stand_on_the_page(kept: Session, author: FlaskClient) -> None:
    page = write(author)
    old = CampaignPage(author, page.number)
    old.seen = author.get(f"{page.path}/edit")
    new = CampaignPage(author, page.number)
    new.seen = author.get(f"{page.path}/edit")
    assert new.press("edit", **{**FORM, "text_en": "The newer text."}).status_code == 302
    answer = old.press("edit", **{**FORM, "text_en": "What I typed meanwhile."})
    assert answer.status_code == 409
    assert "The newer text.</dd>" in answer.text
    assert "What I typed meanwhile.</textarea>" in answer.text
    old.seen = answer  # once read, it can be kept over it
    assert old.press("edit", **{**FORM, "text_en": "What I typed meanwhile."}).status_code == 302
    assert the(kept, page.number).texts["en"] == "What I typed meanwhile."


def test_a_preview_measures_names_dear_characters_and_masks_phones(author: FlaskClient) -> None:
    form = {**FORM, "csrf_token": token(author.get("/console/campaigns/new")), "title": "", "text_en": "Maji ✓ {ward}"}
    part = author.post("/console/campaigns/preview", data=form).text
    assert "<html" not in part
    assert "✓" in part
    assert "make it dear" in part
    assert "STOP to 1548" in part
    assert "+2547…000" in part
    assert "+254711000000" not in part
    assert "There is no {x}" in author.post("/console/campaigns/preview", data={**form, "text_en": "{x}"}).text


def test_templates_are_kept_put_in_and_remember_every_wording(author: FlaskClient) -> None:
    typed = {**FORM, "csrf_token": token(author.get("/console/campaigns/new")), "title": "Half-written"}
    keep = {"do": "keep", "template_name": "Water"}
    assert "kept as a template" in author.post("/console/campaigns/fill", data={**typed, **keep}).text
    author.post("/console/campaigns/fill", data={**typed, **keep, "text_en": "Newer words."})
    template = re.search(r"/console/campaigns/templates/(\d+)", author.get("/console/campaigns/templates").text)
    assert template
    history = author.get(template[0]).text
    assert history.index("Newer words.") < history.index("Water is back in {ward}.")
    empty = {**typed, "text_en": "", "do": "take", "template": template[1]}
    filled = author.post("/console/campaigns/fill", data=empty).text
    assert "Newer words.</textarea>" in filled
    assert 'value="Half-written"' in filled
    page = author.post(f"{template[0]}/retire", data={"csrf_token": typed["csrf_token"]}, follow_redirects=True)
    assert "No template yet" in page.text


def test_from_500_recipients_the_code_is_asked_for_again(
    kept: Session, author: FlaskClient, approver: FlaskClient
) -> None:
    people(500)
    page = CampaignPage(approver, submit(author).number)
    assert 'name="code"' in page.load()
    for wrong in ("", "000000"):
        answer = page.press("approve", code=wrong)
        assert answer.status_code == 422
        assert the(kept, page.number).status is AT.SUBMITTED
    assert page.press("approve", code=code("rono")).status_code == 302
    assert the(kept, page.number).status is AT.APPROVED


def test_a_few_recipients_need_no_code(author: FlaskClient, approver: FlaskClient) -> None:
    assert 'name="code"' not in CampaignPage(approver, submit(author).number).load()


def test_approve_pressed_twice_is_one_launch(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author).number)
    answers = [page.press("approve").status_code for _ in range(2)]
    assert answers == [302, 409]
    begin(page.number)
    launched = select(AuditEntry).where(AuditEntry.action == "campaign_launched")
    assert len(kept.scalars(launched).all()) == 1
    assert len(messages(kept, page.number)) == 3


def test_launch_pressed_twice_is_one_launch(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author, starts="later", starts_at="2026-11-23T15:00").number)
    assert "It begins on" in page.presses("approve")
    assert [page.press("launch").status_code for _ in range(2)] == [302, 302]
    assert "nothing was done twice" in page.load()
    assert len(kept.scalars(select(AuditEntry).where(AuditEntry.action == "campaign_launched")).all()) == 1


def test_a_rejected_campaign_tells_its_author_why(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author).number)
    assert page.press("reject", reason=" ").status_code == 422
    page.presses("reject", reason="Say it in fewer words")
    assert "Say it in fewer words" in author.get(page.path).text
    edited = CampaignPage(author, page.number)
    edited.seen = author.get(f"{page.path}/edit")
    assert edited.press("edit", **FORM).status_code == 302
    assert the(kept, page.number).status is AT.DRAFT


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


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_an_admin_does_not_decide_on_their_own(kept: Session, client: FlaskClient, action: str) -> None:
    people()
    page = submit(come(client, "kip", Role.ADMIN, phone="+254722000111"))
    assert "Your decision" not in page.load()
    assert page.press(action, reason=WHY).status_code == 422
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
    file = page.press("export", reason=WHY, kind="csv")
    assert file.headers["Content-Disposition"].startswith("attachment")
    lines = file.get_data(as_text=True).splitlines()
    assert sum(line.startswith(('"+2547…', "\"'+2547…")) for line in lines) == 3
    assert '"Recipients","3"' in lines
    assert '"Left out: opted_out","2"' in lines
    assert '"Audience","5"' in lines
    assert "+254711000000" not in file.get_data(as_text=True)
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).one().details["reason"] == WHY


def test_a_workbook_is_made_as_well(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = sent(kept, author, approver)
    assert page.press("export", reason=WHY, kind="xlsx").data.startswith(b"PK")


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
    assert (answer.status_code, "Nobody has been in doubt" in answer.text) == (422, True)


def test_what_is_done_is_not_resumed(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = sent(kept, author, approver)
    end(kept, page)
    assert page.press("resume").status_code == 422
    assert the(kept, page.number).status is AT.DONE


def upload(client: FlaskClient, content: bytes, name: str = "list.csv") -> str:
    form = {"csrf_token": token(client.get("/console/campaigns/lists")), "file": (BytesIO(content), name)}
    answer = client.post("/console/campaigns/lists", data=form, content_type="multipart/form-data")
    assert answer.status_code == 302
    return str(answer.location)


def test_bad_rows_of_a_list_are_named_and_settled_before_anything_is_sent(kept: Session, author: FlaskClient) -> None:
    address = upload(author, b"name,phone\na,0712 345 678\nb,12\nc,+254712345678\nd,0712345679\ne,\n")
    page = author.get(address)
    assert re.search(r'<th scope="row">3</th><td><bdi class="said">12</bdi></td><td>is not a number', page.text)
    assert re.search(r"<b>2</b> <span>phones", page.text)
    number = address.rsplit("/", 1)[1]
    draft = write(author, upload=number)
    draft.presses("test")
    assert "settle them first" in draft.press("submit").text
    author.post(f"{address}/settle", data={"csrf_token": token(page)})
    assert kept.get_one(Upload, int(number)).settled_at is not None
    assert "somebody else decides" in draft.presses("submit")


def test_a_file_that_is_no_list_is_refused_in_one_sentence(kept: Session, author: FlaskClient) -> None:
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04broken", b"a,b\n1,2\n"):
        assert upload(author, content) == "/console/campaigns/lists"
        assert "can&#39;t be taken" in author.get("/console/campaigns/lists").text
    assert kept.scalars(select(Upload)).all() == []


def test_a_list_may_be_large_and_nothing_else_may(author: FlaskClient, approver: FlaskClient) -> None:
    rows = b"phone\n" + b"".join(b"07%08d\n" % n for n in range(30_000))
    assert len(rows) > 4 * LARGEST_BODY
    assert re.fullmatch(r"/console/campaigns/lists/\d+", upload(author, rows))
    file = {"file": (BytesIO(rows), "list.csv")}
    for browser, path in ((author, "/console/campaigns/new"), (approver, "/console/campaigns/lists")):
        assert browser.post(path, data={**file, "file": (BytesIO(rows), "x")}).status_code == 413


def test_a_list_is_its_uploaders_alone(client: FlaskClient, author: FlaskClient) -> None:
    address = upload(author, b"phone\n0712345678\n")
    other = come(client, "kip", Role.OFFICIAL)
    assert other.get(address).status_code == 404
    settle = {"csrf_token": token(other.get("/console/account"))}
    assert other.post(f"{address}/settle", data=settle).status_code == 404


def test_you_said_we_did_says_when_there_is_too_little_to_tell(kept: Session, author: FlaskClient) -> None:
    page = author.get("/console/campaigns/said-and-done")
    for ward, sentence in (("777", "Too little was solved"), ("none", "There is no ward")):
        answer = author.post("/console/campaigns/said-and-done", data={"csrf_token": token(page), "ward": ward})
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert kept.scalars(select(Campaign)).all() == []


@pytest.mark.parametrize("path", ["99", "99/edit", "99?poll=1", "templates/99", "lists/99"])
def test_what_there_is_none_of_is_not_found(author: FlaskClient, path: str) -> None:
    assert author.get(f"/console/campaigns/{path}").status_code == 404


def test_the_pages_are_spoken_in_kiswahili(author: FlaskClient, kept: Session) -> None:
    page = write(author)
    kept.connection().exec_driver_sql("UPDATE staff SET language = 'sw'")
    enter(author, "chebet")
    assert "Nani analipata" in page.load()
