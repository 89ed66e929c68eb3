"""Whoever changes a canned reply loses nothing: not what a quicker one wrote, nor what the county gave up."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from models import CannedReply, Category, Role
from tests.grounds import NOW
from tests.handlers.staff import enter, hire, over, post


def test_the_slower_of_two_editors_reads_the_other_and_keeps_what_they_wrote(
    client: FlaskClient, kept: Session
) -> None:
    hire(role=Role.SUPERVISOR)
    enter(client)
    wording = {"title": "When", "category": "", "en": "By {due}.", "sw": "Kufikia {due}."}
    post(client, "/console/replies/new", **wording)
    path = f"/console/replies/{kept.scalars(select(CannedReply.id)).one()}"
    slow, quick = client.get(path), client.get(path)
    first = {**wording, "en": "The quicker one's.", "over": over(quick)}
    assert "The reply is kept." in post(client, path, quick, **first).text
    second = {**wording, "en": "The slower one's.", "over": over(slow)}
    refused = post(client, path, slow, **second)
    assert "Somebody else changed this reply meanwhile." in refused.text
    assert "The quicker one&#39;s.</dd>" in refused.text
    assert "The slower one&#39;s.</textarea>" in refused.text
    second["over"] = over(refused)  # once read, it can be kept over it
    assert "The reply is kept." in post(client, path, refused, **second).text
    assert kept.scalars(select(CannedReply.body)).one()["en"] == "The slower one's."


def test_a_reply_for_a_category_that_the_county_gave_up_does_not_become_one_for_all(
    client: FlaskClient, kept: Session
) -> None:
    hire(role=Role.SUPERVISOR)
    enter(client)
    wording = {"title": "When", "category": "water", "en": "By {due}.", "sw": "Kufikia {due}."}
    post(client, "/console/replies/new", **wording)
    path = f"/console/replies/{kept.scalars(select(CannedReply.id)).one()}"
    _give_up("water", NOW)
    try:
        page = client.get(path)
        assert '<option selected value="water">' in page.text
        assert "The reply is kept." in post(client, path, page, **{**wording, "en": "Soon."}, over=over(page)).text
        assert kept.scalars(select(CannedReply.category_code)).one() == "water"
    finally:
        _give_up("water", None)


def _give_up(code: str, at: datetime | None) -> None:
    """Has the county give up a category at a moment, or take it up again."""
    with database.transaction() as db:
        db.get_one(Category, code).retired_at = at
