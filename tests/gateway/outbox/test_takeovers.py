"""A database that lost the newest sends is known, whoever sent since: each host remembers the very last it began."""

import fcntl
import json
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway import database
from gateway.outbox import lineage, memory
from gateway.outbox.memory import Memory
from gateway.settings import Settings
from models import Attempt, LaneName
from tests.gateway.outbox.test_lineage import agrees, another_host, closed, forget_the_last, send
from tests.gateway.promises import now

pytestmark = pytest.mark.usefixtures("ground")


def sends(settings: Settings, key: str) -> Memory:
    """Sends one as a worker of this host does, which notes it before the carrier is asked."""
    send(key)
    with database.transaction() as db:
        found = lineage.seen(db)
    assert found
    lineage.note(settings, found)
    return found


def test_a_loss_is_noticed_although_another_host_has_sent_since(settings: Settings, tmp_path: Path) -> None:
    other = another_host(settings, tmp_path)
    assert agrees(settings)
    assert agrees(other)
    sends(settings, "one")
    with database.transaction() as db:  # a copy that lags behind takes over
        forget_the_last(db)
    assert agrees(other)  # it never saw what was lost
    sends(other, "two")
    assert not agrees(settings)
    assert set(closed()) == set(LaneName)


def test_a_loss_is_noticed_although_the_number_was_given_to_another(settings: Settings) -> None:
    agrees(settings)
    number = sends(settings, "one").newest
    with database.transaction() as db:
        db.execute(update(Attempt).where(Attempt.id == number).values(started_at=now()))
    assert not agrees(settings)


def test_a_send_that_was_claimed_before_a_loss_is_not_begun_after_it(settings: Settings) -> None:
    agrees(settings)
    sends(settings, "one")
    with database.transaction() as db:
        assert lineage.still_agrees(db, settings)
        forget_the_last(db)
        assert not lineage.still_agrees(db, settings)


def test_a_process_that_comes_late_takes_nothing_back_of_what_is_remembered(settings: Settings) -> None:
    agrees(settings)
    first = sends(settings, "one")
    second = sends(settings, "two")
    assert second.newest > first.newest
    lineage.note(settings, first)
    assert lineage.recall(settings) == second


def test_a_send_in_flight_does_not_undo_that_an_operator_trusts_no_database(settings: Settings) -> None:
    agrees(settings)
    found = sends(settings, "one")
    lineage.distrust(settings)
    lineage.note(settings, found)
    assert not agrees(settings)


def test_a_process_that_is_frozen_while_it_remembers_holds_up_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    agrees(settings)
    monkeypatch.setattr(memory, "LONGEST_WAIT", 0)
    with (settings.var_dir / "lineage.lock").open("a") as frozen:
        fcntl.flock(frozen, fcntl.LOCK_EX)
        found = sends(settings, "one")
    assert lineage.recall(settings) == found


def test_a_memory_of_the_number_alone_is_still_understood(settings: Settings) -> None:
    agrees(settings)
    found = sends(settings, "one")
    (settings.var_dir / "lineage").write_text(json.dumps({"token": found.token, "newest": found.newest}))
    assert agrees(settings)
    assert lineage.recall(settings) == found
