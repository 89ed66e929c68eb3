"""The list of campaigns, and writing one: its form, previews, templates and lists; what is refused is never lost."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gateway.campaigns import uploads
from gateway.imports import sheets
from handlers import LARGEST_BODY
from handlers.console import campaign_words
from models import Campaign, CampaignStatus, Role, Status, Upload, Verdict
from tests.grounds import NOW
from tests.handlers.campaign_pages import FORM, CampaignPage, come, submit, the, write
from tests.handlers.desks import ticket
from tests.handlers.staff import token

pytestmark = pytest.mark.usefixtures("noon")
AT = CampaignStatus


def upload(client: FlaskClient, content: bytes, name: str = "list.csv") -> str:
    form = {"csrf_token": token(client.get("/console/campaigns/lists")), "file": (BytesIO(content), name)}
    answer = client.post("/console/campaigns/lists", data=form, content_type="multipart/form-data")
    assert answer.status_code == 302
    return str(answer.location)


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
        {"wards": ["0", "nowhere"]},
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


def test_what_is_wrong_with_a_row_is_said_in_the_readers_language(client: FlaskClient, kept: Session) -> None:
    reader = come(client, "kip", Role.OFFICIAL, language="sw")
    address = upload(reader, "phone\n0712345678\n07\u200b12345679\n2.54E+11\n".encode())
    page = reader.get(address).text
    assert "ina herufi isiyoonekana (U+200B)" in page
    assert "ilikadiriwa na lahajedwali" in page
    kept.execute(update(Upload).values(faults=[{"line": 3, "value": "12", "reason": "is not a number"}]))
    assert "is not a number" in reader.get(address).text  # as it was kept before


def test_every_fault_of_a_row_has_a_sentence() -> None:
    assert set(campaign_words.WRONG) == {*sheets.Wrong, *uploads.Wrong}
    assert all(campaign_words.WRONG[wrong] == sheets.Fault(wrong, {}).sentence for wrong in sheets.Wrong)


def test_a_file_that_is_no_list_is_refused_in_one_sentence(kept: Session, author: FlaskClient) -> None:
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04broken", b"a,b\n1,2\n"):
        assert upload(author, content) == "/console/campaigns/lists"
        assert "can&#39;t be taken" in author.get("/console/campaigns/lists").text
    assert kept.scalars(select(Upload)).all() == []


def test_why_a_file_is_no_list_is_said_in_the_readers_language(client: FlaskClient) -> None:
    reader = come(client, "kip", Role.OFFICIAL, language="sw")
    for content, why in ((b"", "faili ni tupu"), (b"\x1b[0m\n", r"safu 1: ina herufi isiyoonekana \(U\+001B\)")):
        upload(reader, content)
        said = reader.get("/console/campaigns/lists").text
        assert re.search(f"Orodha hii haiwezi kupokelewa: {why}", said)


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


def test_you_said_we_did_makes_a_draft_to_the_ward_that_is_opened_to_be_changed(
    kept: Session, author: FlaskClient
) -> None:
    solved = {"ward_code": "777", "status": Status.RESOLVED, "resolved_at": NOW, "next_due_at": None}
    for verdict in (Verdict.FIXED,) * 5 + (None,) * 5:
        ticket("The pump of Mzee Kiprop is broken", verdict=verdict, **solved)
    asked = {"csrf_token": token(author.get("/console/campaigns/said-and-done")), "ward": "777"}
    answer = author.post("/console/campaigns/said-and-done", data=asked)
    made = kept.scalars(select(Campaign)).one()
    assert (answer.status_code, answer.location) == (302, f"/console/campaigns/{made.id}/edit")
    assert (made.author, made.status, made.title) == ("chebet", AT.DRAFT, "You said, we did: Kabiyet")
    assert (made.audience, (made.stale_at - NOW).days) == ({"wards": ["777"]}, 7)
    form = author.get(answer.location).text
    assert "The draft is made from what was solved and finished." in form
    assert "Cases confirmed by citizens as solved: 5 of 10. Water/sanitation 10.</textarea>" in form
    assert re.search(r'lang="sw"[^>]*>Mlisema, tukatenda. Kabiyet, 25 Okt hadi 23 Nov:', form)
    assert 'value="777" checked' in form
    assert "Kiprop" not in form


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
