"""The pages of supervision, of messages in doubt, canned replies, the own day and a citizen's number."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from gateway.imports import pack, pack_replies
from gateway.sending import doubts
from models import AuditEntry, CannedReply, Message, Role, State, Ticket
from tests.grounds import NANDI, NOW, OTHER, PHONE
from tests.handlers.cases import filed
from tests.handlers.counting import statements
from tests.handlers.staff import enter, hire, over, post, token

WHY = "The line broke off"
HOSTILE = "<img src=x onerror=alert(1)>"

SUPERVISORS = {Role.SUPERVISOR, Role.ADMIN}
SEEN_BY = {
    "/console/supervision": SUPERVISORS,
    "/console/supervision/give": SUPERVISORS,
    "/console/replies": SUPERVISORS,
    "/console/replies/new": SUPERVISORS,
    "/console/messages": {*SUPERVISORS, Role.AGENT, Role.AUDITOR},
    "/console/day": {*SUPERVISORS, Role.AGENT},
}


def come(client: FlaskClient, role: Role = Role.SUPERVISOR) -> None:
    hire(role=role)
    enter(client)


def doubted(reference: str) -> int:
    """Puts the confirmation of a case in doubt and gives its id."""
    with database.transaction() as db:
        wanted = select(Message).join(Ticket, Ticket.id == Message.ticket_id).where(Ticket.reference == reference)
        message = db.scalars(wanted).one()
        message.state = State.UNKNOWN
        return message.id


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", SEEN_BY)
def test_each_page_is_for_its_roles_and_no_other(client: FlaskClient, path: str, role: Role) -> None:
    come(client, role)
    assert client.get(path).status_code == (200 if role in SEEN_BY[path] else 403)


@pytest.mark.parametrize("path", ["/console/supervision", "/console/supervision/give", "/console/day"])
def test_more_cases_cost_no_more_statements(client: FlaskClient, path: str) -> None:
    come(client)
    filed(assignee="asha")
    client.get(path)
    with statements() as few:
        client.get(path)
    for category in ("water", "roads", "health"):
        filed(category, assignee="asha")
    client.get(path)
    with statements() as many:
        client.get(path)
    assert len(many) <= len(few)


def test_the_team_page_shows_the_load_and_what_is_late(client: FlaskClient) -> None:
    come(client)
    assert "No department has an open ticket" in client.get("/console/supervision").text
    filed(assignee="asha", next_due_at=NOW.replace(year=2020))
    page = client.get("/console/supervision").text
    assert "/console/supervision/give?assignee=asha" in page
    assert "Lands, Environment" in page


def test_messages_in_doubt_are_listed_and_nobodys_number_is_whole(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    come(client, Role.AGENT)
    assert "No message is in doubt" in client.get("/console/messages").text
    doubted(filed())
    page = client.get("/console/messages").text
    assert "may have been sent" in page
    assert "+2547…001" in page
    assert PHONE not in page
    assert "Send again …" not in page  # an agent may only look
    assert "These are the newest" not in page
    monkeypatch.setattr(doubts, "MOST_LISTED", 1)
    assert "These are the newest 1." in client.get("/console/messages").text


def test_a_reply_is_sent_again_for_a_reason_and_after_a_question(client: FlaskClient, kept: Session) -> None:
    come(client)
    number = doubted(filed())
    path = f"/console/messages/{number}/again"
    assert "The citizen may get it twice" in client.get(path).text
    assert client.post(path, data={"reason": WHY}).status_code == 400
    assert "goes out once more" in post(client, path, reason=WHY).text
    assert kept.get_one(Message, number).state is State.QUEUED
    assert client.get(path).status_code == 404


def test_who_may_only_look_sends_nothing_again(client: FlaskClient, kept: Session) -> None:
    come(client, Role.AGENT)
    number = doubted(filed())
    form = {"reason": WHY, "csrf_token": token(client.get("/console/messages"))}
    assert client.post(f"/console/messages/{number}/again", data=form).status_code == 403
    assert kept.get_one(Message, number).state is State.UNKNOWN


@pytest.mark.parametrize("path", ["/console/messages/99999999999/again", "/console/replies/99999999999"])
def test_what_there_is_none_of_is_not_found(client: FlaskClient, path: str) -> None:
    come(client)
    assert client.get(path).status_code == 404


def test_a_canned_reply_is_written_changed_and_taken_away(client: FlaskClient, kept: Session) -> None:
    come(client)
    assert "No canned reply yet" in client.get("/console/replies").text
    wording = {"title": HOSTILE, "category": "water", "en": "By {due}.", "sw": "Kufikia {due}."}
    assert "The reply is kept." in post(client, "/console/replies/new", **wording).text
    page = client.get("/console/replies").text
    assert "<img src=x" not in page
    assert "Water/sanitation" in page
    reply = kept.scalars(select(CannedReply)).one()
    form = client.get(f"/console/replies/{reply.id}")
    post(client, f"/console/replies/{reply.id}", form, **{**wording, "title": "When", "over": over(form)})
    assert "When" in client.get("/console/replies").text
    post(client, f"/console/replies/{reply.id}/retire", client.get(f"/console/replies/{reply.id}"))
    assert "No canned reply yet" in client.get("/console/replies").text


def test_what_was_typed_stays_where_a_reply_is_refused(client: FlaskClient, kept: Session) -> None:
    come(client)
    page = post(client, "/console/replies/new", title="When", category="", en="By {when}.", sw="Kufikia {due}.").text
    assert "There is no {when}" in page
    assert "By {when}." in page
    assert kept.scalars(select(CannedReply)).all() == []


def test_samples_say_that_they_are(client: FlaskClient) -> None:
    come(client)
    with database.transaction() as db:
        pack_replies.write(db, pack.read(NANDI).replies, NOW)
    page = client.get("/console/replies").text
    assert page.count(">sample<") == len(pack.read(NANDI).replies)


def test_my_day_shows_mine_and_nothing_of_others(client: FlaskClient) -> None:
    come(client, Role.AGENT)
    hire("kip")
    assert "Nothing waits for you" in client.get("/console/day").text
    filed(words=f"mine {HOSTILE}", assignee="asha", next_due_at=NOW.replace(year=2020))
    filed(words="kip's own", assignee="kip", phone=OTHER)
    page = client.get("/console/day").text
    assert "mine &lt;img" in page
    assert "kip&#39;s own" not in page
    assert "why-overdue" in page


def test_a_number_is_shown_once_for_a_reason_and_recorded(client: FlaskClient, kept: Session) -> None:
    come(client, Role.AGENT)
    path = f"/console/tickets/{filed()}/phone"
    assert "0700 000 001" not in client.get(path).text
    assert client.post(path, data={"reason": WHY}).status_code == 400
    assert "0700 000 001" in post(client, path, reason=WHY).text
    assert "0700 000 001" not in client.get(path).text
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "phone_shown")).one().details == {"reason": WHY}


def test_without_a_reason_no_number_is_shown(client: FlaskClient, kept: Session) -> None:
    come(client, Role.AGENT)
    path = f"/console/tickets/{filed()}/phone"
    for reason in ("", "no", "his is 0712345678"):
        assert "0700 000 001" not in post(client, path, reason=reason).text
    assert kept.scalars(select(AuditEntry).where(AuditEntry.action == "phone_shown")).all() == []


def test_htmx_gets_the_part_of_the_page_alone(client: FlaskClient) -> None:
    come(client, Role.AGENT)
    path = f"/console/tickets/{filed()}/phone"
    form = {"reason": WHY, "csrf_token": token(client.get(path))}
    part = client.post(path, data=form, headers={"HX-Request": "true"}).text
    assert "0700 000 001" in part
    assert "<html" not in part


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.OFFICIAL])
def test_who_may_not_see_numbers_does_not_even_get_the_form(client: FlaskClient, role: Role) -> None:
    come(client, role)
    assert client.get(f"/console/tickets/{filed()}/phone").status_code == 403


def test_the_number_of_what_one_may_not_see_is_not_found(client: FlaskClient) -> None:
    come(client, Role.AGENT)
    assert client.get(f"/console/tickets/{filed('corruption')}/phone").status_code == 404
    assert client.get("/console/tickets/nonsense/phone").status_code == 404
