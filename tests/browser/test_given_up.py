"""Words that somebody gave up on a page do not come back by themselves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gateway import database
from gateway.campaigns import text_templates
from gateway.desk import canned_replies
from gateway.desk.canned_replies import Wording
from models import CampaignStatus, Role, Staff
from tests.browser.consoles import Console, wait_for_scripts
from tests.gateway.sendings import make_campaign
from tests.grounds import NOW
from tests.handlers.staff import hire

pytestmark = pytest.mark.browser
KEPT = {"en": "We look at it.", "sw": "Tunaangalia."}


def _reply(by: str) -> str:
    hire(by, Role.SUPERVISOR)
    with database.transaction() as db:
        made = canned_replies.add(db, db.get_one(Staff, by), Wording("Looking", None, KEPT), NOW)
        return f"replies/{made.id}"


def _campaign(by: str) -> str:
    hire(by, Role.OFFICIAL)
    with database.transaction() as db:
        ahead = {"status": CampaignStatus.DRAFT, "approver": None, "begun_at": None, "expanded_at": None}
        text_templates.write(db, db.get_one(Staff, by), "Short", {"en": "Water is back."}, NOW)
        return f"campaigns/{make_campaign(db, author=by, texts=KEPT, **ahead).id}/edit"


@pytest.mark.parametrize("make", [_reply, _campaign])
def test_who_leaves_a_form_as_it_is_finds_it_so(page: Page, console: Console, make: Callable[[str], str]) -> None:
    address = f"{console.url}/{make('chebet')}"
    console.sign_in(page, "chebet")
    page.goto(address)
    english = page.get_by_label("in English")
    english.fill("Never mind.")
    page.reload()
    expect(english).to_have_value("Never mind.")  # so far it is not given up
    page.get_by_role("link", name="Leave it as it is").click()
    page.goto(address)
    wait_for_scripts(page)
    expect(english).to_have_value("We look at it.")


def test_a_templates_texts_stand_in_place_of_what_was_written(page: Page, console: Console) -> None:
    address = f"{console.url}/{_campaign('chebet')}"
    console.sign_in(page, "chebet")
    page.goto(address)
    english, swahili = page.get_by_label("Text in English"), page.get_by_label("Text in Kiswahili")
    swahili.fill("Maneno ya zamani.")
    page.get_by_label("Begin with a template").select_option("Short")
    page.get_by_role("button", name="Put its texts in").click()
    expect(english).to_have_value("Water is back.")
    expect(page.locator("#preview")).to_contain_text("Water is back.")  # the scripts run
    expect(swahili).to_have_value("")
