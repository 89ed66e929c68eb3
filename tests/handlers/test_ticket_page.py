"""A ticket's page: all that happened, and all that staff can do, once and with nothing lost."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import database
from gateway.tickets import references, tickets
from gateway.tickets.tickets import Dialogue
from menus.intents import AddToTicket
from models import Channel, Citizen, EventKind, Message, Priority, Role, Status, Ticket, TicketEvent
from tests.grounds import NOW, OTHER
from tests.handlers import desks
from tests.handlers.desk_pages import TicketPage, at_work
from tests.handlers.staff import enter, hire, token


def the(kept: Session, reference: str) -> Ticket:
    kept.expire_all()
    return kept.scalars(select(Ticket).where(Ticket.reference == references.read(reference))).one()


def replies(kept: Session) -> list[str]:
    return list(kept.scalars(select(Message.body).where(Message.kind == "reply").order_by(Message.id)))


def test_an_answer_leaves_as_one_sms_and_the_page_says_so(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    answer = page.press("work", what="answer", words="A plumber comes on Tuesday.")
    assert (answer.status_code, answer.location) == (302, page.path)
    assert len(replies(kept)) == 1
    shown = page.load()
    assert "The answer goes out." in shown
    assert "A plumber comes on Tuesday." in shown
    assert "queued" in shown


def test_a_double_click_sends_one_sms(client: FlaskClient, kept: Session) -> None:
    page, press = at_work(client, desks.ticket()), str(uuid4())
    answers = [page.press("work", press=press, what="answer", words="On our way.") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(replies(kept)) == 1


def test_the_slower_of_two_agents_reads_the_other_and_keeps_what_they_wrote(client: FlaskClient, kept: Session) -> None:
    reference = desks.ticket()
    slow = at_work(client, reference)
    hire("baraka")
    quick = client.application.test_client()
    enter(quick, "baraka")
    TicketPage(quick, reference).press("work", what="answer", words="A plumber comes on Tuesday.")
    refused = slow.press("work", what="answer", words="Nobody can come this week.")
    assert refused.status_code == 409
    assert "A plumber comes on Tuesday." in refused.text
    assert "Nobody can come this week.</textarea>" in refused.text
    assert len(replies(kept)) == 1
    slow.seen = refused  # once read, it can still be sent
    assert slow.press("work", what="answer", words="Nobody can come this week.").status_code == 302
    assert len(replies(kept)) == 2


def test_an_empty_answer_is_refused_with_a_sentence_and_nothing_is_sent(client: FlaskClient, kept: Session) -> None:
    refused = at_work(client, desks.ticket()).press("work", what="answer", words="  ")
    assert refused.status_code == 422
    assert "Write something first." in refused.text
    assert replies(kept) == []


def test_a_case_is_resolved_and_the_citizen_is_asked(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    page.press("work", what="resolved", words="A new pump is in.")
    assert the(kept, page.reference).status is Status.RESOLVED
    assert "Is it fixed? Reply 1 yes, 2 no." in replies(kept)[0]


def test_a_note_goes_to_nobody(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    page.press("work", what="note", words="The pump burnt out.")
    assert "The pump burnt out." in page.load()
    assert replies(kept) == []


@pytest.mark.parametrize("what", ["new", "closed", "reopened"])
def test_a_move_that_is_not_offered_is_refused(client: FlaskClient, kept: Session, what: str) -> None:
    page = at_work(client, desks.ticket())
    assert page.press("work", what=what, words="Now").status_code == 422
    assert the(kept, page.reference).status is Status.NEW


@pytest.mark.parametrize(
    "form", [{"what": "burn"}, {}, {"what": "answer", "version": "x"}, {"what": "answer", "press": "x"}]
)
def test_a_form_nobody_made_is_refused(client: FlaskClient, kept: Session, form: dict[str, str]) -> None:
    page = at_work(client, desks.ticket())
    assert page.press("work", **{"words": "Now", **form}).status_code == 400
    assert replies(kept) == []


def test_it_is_taken_given_away_and_filed_anew(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    page.press("assign", name="asha")
    assert the(kept, page.reference).assignee == "asha"
    page.load()
    page.press("refile", category="roads", ward="772", priority="high")
    ticket = the(kept, page.reference)
    assert (ticket.category_code, ticket.ward_code, ticket.priority) == ("roads", "772", Priority.HIGH)
    page.load()
    page.press("transfer", department="health", note="The clinic's own road.")
    assert the(kept, page.reference).department_code == "health"
    shown = page.load()
    for told in ("category: Roads &amp; bridges", "to asha", "department: Health", "The clinic&#39;s own road."):
        assert told in shown


def test_an_agent_who_files_it_out_of_their_own_sight_comes_back_to_the_queue(
    client: FlaskClient, kept: Session
) -> None:
    page = at_work(client, desks.ticket())
    answer = page.press("refile", category="corruption", ward="772", priority="normal")
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert the(kept, page.reference).is_sensitive
    assert "The case is filed anew." in client.get(answer.location).text


def test_a_call_about_it_stands_on_its_timeline(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    page.press("call", spoken="Asks when the plumber comes")
    assert kept.scalars(select(TicketEvent.kind).order_by(TicketEvent.id.desc())).first() is EventKind.CALLED
    assert "Asks when the plumber comes" in page.load()


def test_two_reports_of_one_thing_become_one_case(client: FlaskClient, kept: Session) -> None:
    first, second = desks.ticket("No water at the market tap"), desks.ticket("Market tap has no water")
    page = at_work(client, second)
    assert "Is it one of these?" in page.seen.text
    assert first in page.seen.text
    page.press("merge", into=first)
    assert the(kept, second).merged_into_id == the(kept, first).id
    assert "This case was merged into" in page.load()
    page.press("unmerge")
    assert the(kept, second).merged_into_id is None


@pytest.mark.parametrize(
    ("status", "is_asked"),
    [(Status.REOPENED, True), (Status.RESOLVED, False), (Status.CLOSED, False), (Status.REJECTED, False)],
)
def test_nobody_is_asked_to_join_what_is_over(client: FlaskClient, status: Status, is_asked: bool) -> None:
    desks.ticket("No water at the market tap")
    page = at_work(client, desks.ticket("Market tap has no water", status=status))
    assert ("Is it one of these?" in page.seen.text) is is_asked
    assert ("Merge into another case" in page.seen.text) is is_asked


def test_the_timeline_says_which_of_several_citizens_wrote(client: FlaskClient) -> None:
    with database.transaction() as db:
        db.add(Citizen(phone=OTHER, first_seen_at=NOW))
    first, second = desks.ticket(), desks.ticket("Market tap has no water", phone=OTHER)
    page = at_work(client, second)
    page.press("merge", into=first)
    with database.transaction() as db:
        wish = AddToTicket(references.read(second) or "", "Still dry")
        tickets.add_words(db, wish, Dialogue(OTHER, "en", Channel.USSD, references.draw(), uuid4(), "*1548#"), NOW)
    page.reference = first
    assert f"case {second}</p>" in page.load()


def test_a_second_matter_gets_a_case_of_its_own(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket("No water and the bridge is broken"))
    page.press("split", second="the bridge is broken", category="roads", ward="772")
    new = kept.scalars(select(Ticket).where(Ticket.words == "the bridge is broken")).one()
    assert (new.linked_id, new.category_code) == (the(kept, page.reference).id, "roads")


def test_what_is_written_is_shown_as_the_citizen_will_read_it(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket(language="sw"))
    seen = page.press("preview", what="resolved", words="Bomba limetengenezwa 👍")
    assert "Je, imetatuliwa? Jibu 1 ndiyo, 2 hapana." in seen.text
    assert 'These characters make it dear: <b><bdi class="said">👍</bdi></b>' in seen.text
    assert "Only staff read this." in page.press("preview", what="note", words="x").text


def test_whose_words_only_staff_will_read_is_told_before_they_are_sent(client: FlaskClient) -> None:
    page = at_work(client, desks.ticket())
    told = "Your own words become a note: only staff read them."
    for what, is_note in {"waiting_department": True, "open": True, "resolved": False, "answer": False}.items():
        assert (told in page.press("preview", what=what, words="Ask the plumber").text) is is_note, what


def test_the_page_asks_what_happened_since_and_learns_who_else_looks(client: FlaskClient) -> None:
    reference = desks.ticket()
    page = at_work(client, reference)
    hire("baraka")
    other = client.application.test_client()
    enter(other, "baraka")
    TicketPage(other, reference)
    seen = client.get(f"{page.path}?poll=1&seen=1").text
    assert "baraka" in seen
    assert 'id="timeline"' in seen
    desks.happens(reference, EventKind.WROTE, "Still dry")
    behind = client.get(f"{page.path}?poll=1&seen=1").text
    assert "Something happened: show it" in behind
    assert "Still dry" not in behind


def test_a_ticket_out_of_sight_is_not_found_whatever_is_asked_of_it(client: FlaskClient, kept: Session) -> None:
    page = at_work(client, desks.ticket())
    page.reference = desks.ticket(is_sensitive=True, category_code="corruption", department_code="administration")
    assert client.get(page.path).status_code == 404
    for action in ("work", "assign", "refile", "preview", "merge", "split", "call", "canned"):
        answer = page.press(action, what="answer", words="x", priority="high", spoken="x", into="K7QM2P4XD")
        assert answer.status_code == 404, action
    assert replies(kept) == []


@pytest.mark.parametrize(("role", "may_note"), [(Role.AUDITOR, False), (Role.OFFICER, True)])
def test_who_may_only_look_is_offered_no_more(client: FlaskClient, role: Role, may_note: bool) -> None:
    reference = desks.ticket()
    hire("reader", role, **({"department_code": "lands"} if role is Role.OFFICER else {}))
    enter(client, "reader")
    shown = TicketPage(client, reference).seen.text
    assert ("Note for staff" in shown) is may_note
    assert ('value="answer"' in shown, "Take it" in shown, "Merge" in shown) == (False, False, False)


def test_a_departments_officer_says_what_was_done_and_hands_it_back(client: FlaskClient, kept: Session) -> None:
    reference = desks.ticket(status=Status.WAITING_DEPARTMENT)
    hire("lands", Role.OFFICER, department_code="lands")
    enter(client, "lands")
    page = TicketPage(client, reference)
    page.press("work", what="open", words="The pipe is mended.")
    assert the(kept, reference).status is Status.OPEN
    assert "The pipe is mended." in page.load()
    assert replies(kept) == []


def test_a_call_opens_a_case_and_a_double_click_opens_no_second(client: FlaskClient, kept: Session) -> None:
    hire()
    enter(client)
    page, press = client.get("/console/calls/new"), str(uuid4())
    form = {
        "csrf_token": token(page),
        "press": press,
        "phone": "0712 000 001",
        "words": "No water at the school",
        "category": "water",
        "ward": "772",
        "language": "sw",
    }
    answers = [client.post("/console/calls/new", data=form) for _ in range(2)]
    ticket = kept.scalars(select(Ticket)).one()
    assert {answer.location for answer in answers} == {f"/console/tickets/{references.printed(ticket.reference)}"}
    assert (ticket.channel.value, ticket.phone, ticket.language) == ("call", "+254712000001", "sw")
    confirmations = kept.scalars(select(Message).where(Message.kind == "confirmation")).all()
    assert [message.phone for message in confirmations] == ["+254712000001"]
    known = client.post("/console/calls/known", data={"csrf_token": token(page), "phone": "+254 712 000 001"})
    assert references.printed(ticket.reference) in known.text
    refused = client.post("/console/calls/new", data={**form, "press": str(uuid4()), "phone": "12"})
    assert refused.status_code == 422
    assert "No water at the school</textarea>" in refused.text
