"""Uploaded lists in a campaign's form: each official chooses among their own, however many these are."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import campaign_choices, uploads
from models import Campaign, Role, Staff
from tests.grounds import NOW
from tests.handlers.campaign_pages import FORM, CampaignPage, come, the, write
from tests.handlers.staff import token

pytestmark = pytest.mark.usefixtures("noon")


def upload(name: str, owner: str = "chebet") -> str:
    """Has an official upload a list of one phone; gives its number."""
    with database.transaction() as db:
        return str(uploads.take(db, db.get_one(Staff, owner), name, b"phone\n0712345678\n", NOW).id)


def test_somebody_elses_list_is_no_list(kept: Session, client: FlaskClient, author: FlaskClient) -> None:
    theirs, reader = upload("theirs.csv"), come(client, "kip", Role.OFFICIAL)
    form = {**FORM, "csrf_token": token(reader.get("/console/campaigns/new")), "wards": [], "upload": theirs}
    refused = reader.post("/console/campaigns/new", data=form)
    assert (refused.status_code, "There is no such list." in refused.text) == (422, True)
    assert "There is no such list." in reader.post("/console/campaigns/preview", data=form).text
    mine = write(reader)
    form["version"] = str(the(kept, mine.number).version)
    assert reader.post(f"{mine.path}/edit", data=form).status_code == 422
    assert list(kept.scalars(select(Campaign.upload_id))) == [None]


def test_the_list_of_a_draft_stays_chosen_however_many_came_after_it(kept: Session, author: FlaskClient) -> None:
    first = upload("first.csv")
    draft = write(author, upload=first)
    for number in range(campaign_choices.MOST_LISTS):
        upload(f"later {number}.csv")
    page = CampaignPage(author, draft.number)
    page.seen = author.get(f"{draft.path}/edit")
    assert f'<option value="{first}" selected>first.csv' in page.seen.text
    assert page.seen.text.count(".csv: ") == campaign_choices.MOST_LISTS + 1
    assert f'<option value="{first}" selected>' in author.get(f"/console/campaigns/new?upload={first}").text


def test_a_number_in_the_address_shows_nobody_elses_list(client: FlaskClient, author: FlaskClient) -> None:
    theirs, reader = upload("theirs.csv"), come(client, "kip", Role.OFFICIAL)
    for asked in (theirs, "4711", "x", "9" * 30):
        form = reader.get(f"/console/campaigns/new?upload={asked}")
        assert (form.status_code, "theirs.csv" in form.text) == (200, False), asked
