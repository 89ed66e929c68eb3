"""A second person before a campaign: what they are shown, and what their yes and their no are worth."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, CampaignStatus, Role
from tests.handlers.campaign_pages import FORM, WHY, CampaignPage, begin, come, messages, people, submit, the
from tests.handlers.staff import code

pytestmark = pytest.mark.usefixtures("noon")
AT = CampaignStatus


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


def test_the_page_comes_first_and_counts_its_audience_afterwards(author: FlaskClient, approver: FlaskClient) -> None:
    number = submit(author).number
    page = approver.get(f"/console/campaigns/{number}").text
    assert "Counting who gets it" in page
    assert "Water is back in Kabiyet." in page
    assert "Reject it" in page
    assert "Approve it" not in page
    asked = re.search(r'hx-get="([^"]*counted=1[^"]*)" hx-trigger="load, click"', page)
    assert asked
    counted = approver.get(asked[1].replace("&amp;", "&")).text
    assert re.search(r"<b>3</b> <span>recipients", counted)
    assert "Approve it" in counted
    assert "Counting who gets it" not in counted


def test_a_yes_is_to_the_number_that_was_shown(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author).number)
    people(4)
    answer = page.press("approve")
    assert (answer.status_code, "By now it would go to 4, not to the 3 that" in answer.text) == (422, True)
    assert the(kept, page.number).status is AT.SUBMITTED
    page.seen = answer  # it shows the new number
    assert page.press("approve").status_code == 302


def test_a_large_audience_may_change_a_little_meanwhile(author: FlaskClient, approver: FlaskClient) -> None:
    people(200)
    page = CampaignPage(approver, submit(author).number)
    people(202)
    assert page.press("approve").status_code == 302


def test_a_yes_is_to_the_texts_that_were_shown(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    number = submit(author).number
    first = the(kept, number).version
    CampaignPage(approver, number).presses("reject", reason="Say it in fewer words")
    edited = CampaignPage(author, number)
    edited.seen = author.get(f"{edited.path}/edit")
    edited.press("edit", **{**FORM, "text_en": "Water is back."})
    edited.presses("test")
    edited.presses("submit")
    page = CampaignPage(approver, number)
    counted = approver.get(page.path, query_string={"counted": 1, "seen": first}).text  # for a page that is old
    version = re.search(r'/approve">.*?name="version" value="(\d+)"', counted)
    assert version
    assert page.press("approve", version=version[1]).status_code == 409
    assert page.press("approve", shown="").status_code == 400
    assert page.press("approve").status_code == 302


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


def test_a_rejected_campaign_tells_its_author_why(kept: Session, author: FlaskClient, approver: FlaskClient) -> None:
    page = CampaignPage(approver, submit(author).number)
    assert page.press("reject", reason=" ").status_code == 422
    page.presses("reject", reason="Say it in fewer words")
    assert "Say it in fewer words" in author.get(page.path).text
    edited = CampaignPage(author, page.number)
    edited.seen = author.get(f"{page.path}/edit")
    assert edited.press("edit", **FORM).status_code == 302
    assert the(kept, page.number).status is AT.DRAFT


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_an_admin_does_not_decide_on_their_own(kept: Session, client: FlaskClient, action: str) -> None:
    people()
    page = submit(come(client, "kip", Role.ADMIN, phone="+254722000111"))
    assert "Your decision" not in page.load()
    assert page.press(action, reason=WHY).status_code == 422
    assert the(kept, page.number).status is AT.SUBMITTED
