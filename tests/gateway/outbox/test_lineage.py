"""A database restored from a backup sends nothing by itself: every host remembers what it has seen."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.outbox import lanes, lineage, orphans
from gateway.sending import reconciling
from gateway.sending.reconciling import Doubted
from gateway.settings import Settings
from models import Attempt, Campaign, CampaignStatus, DeliveryReport, LaneName, Lineage, Message, State
from tests.carriers.standins import eventually
from tests.gateway.promises import ACCEPTED, claim, now, promise, settle, start, state, try_once
from tests.gateway.sendings import launch
from tests.grounds import PHONE
from workers import schedule

pytestmark = pytest.mark.usefixtures("ground")


def agrees(settings: Settings) -> bool:
    return lineage.agrees(settings, now())


def closed() -> dict[str, str]:
    with database.transaction() as db:
        return lanes.closed(db)


def send(key: str) -> None:
    promise(key)
    try_once(replace(ACCEPTED, carrier_id=key))


def reconcile(settings: Settings) -> None:
    with database.transaction() as db:
        found = lineage.begin_anew(db, now())
        reconciling.open_lanes(db)
    lineage.remember(settings, found)


def another_host(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "other").mkdir()
    return replace(settings, var_dir=tmp_path / "other")


def test_a_fresh_database_on_a_fresh_host_may_send(settings: Settings) -> None:
    assert agrees(settings)
    send("one")
    assert agrees(settings)
    assert closed() == {}


def test_a_second_fresh_host_may_send_while_nothing_was_sent(settings: Settings, tmp_path: Path) -> None:
    assert agrees(settings)
    assert agrees(another_host(settings, tmp_path))


def test_a_process_that_waited_while_another_began_sends_too(settings: Settings, engine: Engine) -> None:
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as db:
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lineage.LOCK})
            waiting = pool.submit(agrees, settings)
            eventually(lambda: waits_for_a_lock(engine))
            send("one")
            lineage.remember(settings, lineage.begin_anew(db, now()))
        assert waiting.result(timeout=30)
    assert closed() == {}


def waits_for_a_lock(engine: Engine) -> bool:
    waiting = "SELECT true FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = :lock"
    with engine.connect() as connection:
        return bool(connection.scalar(text(waiting), {"lock": lineage.LOCK}))


def forget_the_last(db: Session) -> None:
    newest = db.scalars(select(Attempt.id).order_by(Attempt.id.desc()).limit(1)).one()
    db.execute(delete(Attempt).where(Attempt.id == newest))


def another_token(db: Session) -> None:
    db.execute(update(Lineage).values(token="of another database"))


def no_token(db: Session) -> None:
    db.execute(delete(Lineage))


@pytest.mark.parametrize("restore", [forget_the_last, another_token, no_token])
def test_a_database_that_is_not_as_remembered_stops_both_lanes(
    settings: Settings, restore: Callable[[Session], None]
) -> None:
    agrees(settings)
    send("one")
    assert agrees(settings)
    with database.transaction() as db:
        restore(db)
    assert not agrees(settings)
    assert set(closed()) == set(LaneName)
    assert all("restored from a backup?" in reason for reason in closed().values())


def test_a_host_that_never_sent_stops_a_database_that_has(settings: Settings, tmp_path: Path) -> None:
    agrees(settings)
    send("one")
    assert not agrees(another_host(settings, tmp_path))
    assert set(closed()) == set(LaneName)


def test_a_new_host_that_was_given_the_copy_of_another_may_send(settings: Settings, tmp_path: Path) -> None:
    agrees(settings)
    send("one")
    other = another_host(settings, tmp_path)
    (other.var_dir / "lineage").write_bytes((settings.var_dir / "lineage").read_bytes())
    assert agrees(other)


def test_opening_a_lane_does_not_help_but_reconciling_does(settings: Settings) -> None:
    agrees(settings)
    send("one")
    lineage.distrust(settings)
    for _ in range(2):
        assert not agrees(settings)
        with database.transaction() as db:
            lanes.open_again(db, LaneName.REPLIES)
    reconcile(settings)
    assert agrees(settings)
    assert closed() == {}


def test_every_other_host_learns_by_itself_that_an_operator_reconciled(settings: Settings, tmp_path: Path) -> None:
    other = another_host(settings, tmp_path)
    agrees(settings)
    agrees(other)
    send("one")
    reconcile(settings)
    assert agrees(other)
    with database.transaction() as db:
        forget_the_last(db)
    assert not agrees(other)


def test_the_clock_of_a_new_host_with_a_web_only_stops_nobody(settings: Settings, tmp_path: Path) -> None:
    assert agrees(settings)
    send("one")
    schedule.remember(another_host(settings, tmp_path))
    assert closed() == {}
    assert not agrees(another_host(settings, tmp_path / "other"))  # a sender there still would


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"token": "x"}', '{"token": "x", "newest": "many"}'])
def test_a_memory_that_can_not_be_read_stops_the_lanes(settings: Settings, broken: str) -> None:
    (settings.var_dir / "lineage").write_text(broken)
    assert not agrees(settings)


def test_the_memory_is_ours_alone(settings: Settings) -> None:
    agrees(settings)
    assert stat.S_IMODE((settings.var_dir / "lineage").stat().st_mode) == 0o600


def test_what_was_promised_before_the_backup_and_not_finished_is_unknown_and_the_rest_is_kept() -> None:
    sending, claimed, queued = (promise(key) for key in ("sending", "claimed", "queued"))
    sent = promise("sent", kind="reply")  # goes first
    first = claim(limit=1)
    assert [start(held) for held in first] == [True]
    settle(first[0], ACCEPTED)
    begun, _ = claim(limit=2)
    assert start(begun)
    backup = now()
    later = promise("after the restore")
    with database.transaction() as db:
        assert reconciling.doubt(db, backup, now()) == Doubted(3, [])
    assert [state(message) for message in (queued, claimed, sending)] == [State.UNKNOWN] * 3
    assert (state(sent), state(later)) == (State.ACCEPTED, State.QUEUED)
    assert [held.message_id for held in claim()] == [later]


def test_a_campaign_of_sixty_six_thousand_that_was_on_its_way_is_doubted_whole() -> None:
    launch([], status=CampaignStatus.SENDING)
    rows = text(
        "INSERT INTO message (dedupe_key, direction, kind, lane, priority, phone, body, segments, state, state_at,"
        " expires_at, campaign_id, created_at, attempt_no) SELECT 'camp:' || n, 'out', 'campaign', 'bulk', 7,"
        " '+254700' || lpad(n::text, 6, '0'), 'Hello', 1, 'queued', now(), now() + interval '1 day',"
        " (SELECT max(id) FROM campaign), now(), 0 FROM generate_series(1, 66000) AS n"
    )
    with database.transaction() as db:
        db.execute(rows)
    with database.transaction() as db:
        assert reconciling.doubt(db, now(), now()).messages == 66_000
        assert db.scalar(select(func.count()).where(Message.state == State.UNKNOWN)) == 66_000
        assert db.scalar(select(func.count(Attempt.message_id.distinct()))) == 66_000


def test_a_report_of_a_send_the_database_forgot_still_finds_its_message() -> None:
    message = promise()
    with database.transaction() as db:
        reconciling.doubt(db, now(), now())
    at = now() + timedelta(minutes=1)
    report = DeliveryReport(carrier_id="ATXid_9", status="Success", phone=PHONE, received_at=at, raw={})
    with database.transaction() as db:
        db.add(report)
    with database.transaction() as db:
        assert orphans.match(db, at) == 1
    assert state(message) is State.DELIVERED


@pytest.mark.parametrize("status", list(CampaignStatus))
def test_a_campaign_that_was_to_go_out_is_left_to_a_person_and_what_was_begun_since_goes_on(
    status: CampaignStatus,
) -> None:
    old = launch([], status=status)
    restored = now()
    new = launch([], status=status)
    with database.transaction() as db:
        doubted = reconciling.doubt(db, restored, now()).campaigns
        left = [db.get_one(Campaign, campaign).status for campaign in (old, new)]
    goes_on = status in {"submitted", "approved", "scheduled", "sending", "paused"}
    assert (doubted, left) == ([old] * goes_on, [CampaignStatus.CANCELLED if goes_on else status, status])
