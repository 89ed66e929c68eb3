"""A reply that a person sends again: the first send stays in doubt meanwhile, and its report still counts."""

import pytest
from sqlalchemy.orm import Session

from gateway.outbox import outbox
from gateway.sending import second_sends, sweeping
from gateway.sending.second_sends import Wish
from models import Message, State
from tests.gateway.outbox.test_orphans import HOUR, Line


@pytest.fixture
def line(db: Session) -> Line:
    return Line(db)


@pytest.mark.parametrize("is_orphan", [True, False])
def test_a_second_send_is_needless_once_the_first_turns_out_to_have_arrived(line: Line, is_orphan: bool) -> None:
    message = line.in_doubt()
    if not is_orphan:
        line.attempt(message).carrier_id = "ATXid_1"
    second_sends.send_again(line.db, message.message_id, Wish("Sample Agent", "the citizen called"), line.tick())
    line.db.flush()
    line.reported("ATXid_1", "Sent")
    assert line.match() == is_orphan
    assert line.state(message) is State.QUEUED
    line.reported("ATXid_1", "Success")
    line.match()
    assert line.state(message) is State.DELIVERED
    assert outbox.claim(line.db, "worker") == []


def test_a_second_send_that_came_to_nothing_leaves_the_first_in_doubt_and_its_report_counts(line: Line) -> None:
    message = line.in_doubt()
    second_sends.send_again(line.db, message.message_id, Wish("Sample Agent", "the citizen called"), line.tick())
    line.db.get_one(Message, message.message_id).expires_at = line.now - 10000 * HOUR
    line.db.flush()
    assert sweeping.sweep(line.db)["unresolved"] == 1
    assert line.state(message) is State.UNRESOLVED
    line.reported("ATXid_1", "Success")
    assert line.match() == 1
    assert line.state(message) is State.DELIVERED
