"""Two who change one canned reply: the slower one reads what the quicker one wrote, and loses nothing."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CannedReply, Role
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
