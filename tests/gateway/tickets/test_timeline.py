"""Everything that happened to a case stands on one timeline, once, with how each SMS fared."""

import pytest
from sqlalchemy import select

from gateway.desk import previews, viewers
from gateway.tickets import casework, contests, timeline
from models import Channel, EventKind, Message, Role, State, Status
from tests.gateway.desks import Desk, hire, report
from tests.gateway.texting import TextingPhone


@pytest.fixture
def desk(citizen: TextingPhone) -> Desk:
    return Desk(citizen.db, hire(citizen.db, "asha"))


def test_words_moves_notes_and_sms_stand_in_the_order_they_happened(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.waits(minutes=5)
    desk.answers(ticket, "A plumber comes.")
    desk.waits(minutes=5)
    casework.note(desk.db, desk.deed(ticket), "The pump burnt out.")
    desk.waits(minutes=5)
    desk.moves(ticket, Status.RESOLVED, "A new pump is in.")
    desk.waits(minutes=5)
    contests.say_not_fixed(desk.db, ticket, "Still dry", desk.now)
    desk.db.flush()
    told = [(line.kind, line.channel, line.actor) for line in timeline.read(desk.db, ticket)]
    assert told == [
        (EventKind.OPENED, None, None),
        (None, Channel.SMS, None),  # the confirmation
        (EventKind.ANSWERED, Channel.SMS, "asha"),
        (EventKind.MOVED, None, "asha"),
        (EventKind.NOTED, None, "asha"),
        (EventKind.MOVED, None, "asha"),
        (EventKind.ANSWERED, Channel.SMS, "asha"),
        (EventKind.CONTESTED, Channel.USSD, None),
        (EventKind.MOVED, Channel.SMS, None),
    ]


def test_an_answer_shows_how_its_sms_fared(desk: Desk) -> None:
    ticket = report(desk.db)
    desk.answers(ticket, "A plumber comes.")
    desk.db.scalars(select(Message).where(Message.kind == "reply")).one().state = State.UNKNOWN
    (line,) = (line for line in timeline.read(desk.db, ticket) if line.kind is EventKind.ANSWERED)
    assert line.state is State.UNKNOWN


def test_what_a_citizen_texted_stands_there_once(desk: Desk, citizen: TextingPhone) -> None:
    citizen.sends("Hakuna maji Kapsabet")
    citizen.waits(minutes=5)
    citizen.sends("Hakuna maji Kapsabet tangu Jumatatu")
    words = [line.body for line in timeline.read(desk.db, citizen.case())]
    assert words.count("Hakuna maji Kapsabet") == 0  # those opened the case and stand above the timeline
    assert words.count("Hakuna maji Kapsabet tangu Jumatatu") == 1


def test_a_preview_is_what_would_be_sent_with_its_segments_and_readers(desk: Desk) -> None:
    ticket = report(desk.db, language="sw")
    other = report(desk.db, phone="+254700000002")
    other.merged_into_id = ticket.id
    shown = previews.preview(desk.db, ticket, "Fundi anakuja.", None)
    assert shown is not None
    desk.answers(ticket, "Fundi anakuja.")
    sent = desk.db.scalars(select(Message).where(Message.kind == "reply", Message.ticket_id == ticket.id)).one()
    assert (shown.body, shown.segments, shown.readers, shown.dear) == (sent.body, sent.segments, 2, "")


def test_a_preview_names_the_character_that_makes_it_dear(desk: Desk) -> None:
    ticket = report(desk.db)
    shown = previews.preview(desk.db, ticket, "Asante 👍👍", Status.RESOLVED)
    assert shown is not None
    assert shown.dear == "👍"
    assert "Is it fixed?" in shown.body


def test_a_move_nobody_is_told_of_has_no_preview(desk: Desk) -> None:
    assert previews.preview(desk.db, report(desk.db), "", Status.OPEN) is None


def test_who_else_looks_is_known_while_their_screen_says_so(desk: Desk) -> None:
    ticket = report(desk.db)
    hire(desk.db, "baraka", Role.SUPERVISOR)
    assert viewers.look(desk.db, "asha", ticket.id, desk.now) == []
    assert viewers.look(desk.db, "baraka", ticket.id, desk.now) == ["asha"]
    desk.waits(seconds=46)
    assert viewers.look(desk.db, "baraka", ticket.id, desk.now) == []
    viewers.forget(desk.db, desk.now)
    assert viewers.look(desk.db, "asha", ticket.id, desk.now) == ["baraka"]
