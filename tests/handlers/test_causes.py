"""What is amiss with the sending is named by `/readyz` and measured, while citizens are still answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from time_machine import travel

from gateway import database
from gateway.carriers import Incoming, Report
from gateway.dialogues import incoming
from gateway.operations import runs, spool
from gateway.operations.causes import Cause
from gateway.outbox import delivery_reports, lineage
from gateway.settings import Settings
from gateway.staff import audit, audit_log
from handlers import create_app
from handlers.console import frame
from tests import grounds
from tests.gateway.promises import ACCEPTED, now, pass_time, promise, reserved, try_once
from tests.gateway.sendings import launch
from tests.grounds import OTHER, PHONE
from tests.handlers.staff import hire, sign_in
from workers import jobs

ROOT = Path(__file__).parents[2]


def a_report(phone: str, at: timedelta = timedelta(0)) -> None:
    with database.transaction() as db:
        delivery_reports.keep(db, Report("ATXid_1", "Success", phone), now() - at)


def another_database(settings: Settings) -> None:
    lineage.distrust(settings)
    lineage.agrees(settings, now())


def the_cap(settings: Settings) -> None:
    with database.transaction() as db:
        reserved(db, 1, replace(settings.limits, daily_segments=0), now())


def a_report_for_nobody(_: Settings) -> None:
    a_report(PHONE, timedelta(minutes=5))


def a_forged_report(_: Settings) -> None:
    promise()
    try_once(ACCEPTED)
    a_report(OTHER)


def nobody_sweeps(_: Settings) -> None:
    with database.transaction() as db:
        runs.note(db, "sweep", now() - timedelta(minutes=5))


def nobody_keeps_house(app: Flask) -> None:
    """Makes it five minutes since the web began to look."""
    app.extensions["gateway_began"] = now() - timedelta(minutes=5)


def nobody_replies(_: Settings) -> None:
    promise()
    pass_time(created_at=timedelta(minutes=6))


def nobody_reads(_: Settings) -> None:
    with database.transaction() as db:
        incoming.keep(db, Incoming("in-1", PHONE, "1548", "Hakuna maji"), now() - timedelta(minutes=6))


def no_campaign_goes_out(_: Settings) -> None:
    launch(["Water"], begun_at=now() - timedelta(minutes=6))


def something_spooled(settings: Settings) -> None:
    spool.of(settings).write("delivery", {"id": "ATXid_1"}, now())


def a_look_at_the_log(fault: str | None) -> None:
    with database.transaction() as db:
        audit.record(db, audit_log.CLOCK, audit_log.VERIFIED, "audit", now(), entries=1, fault=fault)


def a_broken_chain(_: Settings) -> None:
    a_look_at_the_log("entry 2 was altered")


CAUSES = [
    (another_database, "lane replies: restored from a backup?", 'gateway_lane_open{lane="replies"} 0.0'),
    (the_cap, "lane bulk: the day's cap is reached", 'gateway_lane_open{lane="bulk"} 0.0'),
    (a_report_for_nobody, "reports for nobody", "gateway_orphan_reports 1.0"),
    (a_forged_report, "reports quarantined", "gateway_quarantined_reports 1.0"),
    (nobody_sweeps, "job sweep is late", 'gateway_job_age_seconds{job="sweep"} 30'),
    (nobody_replies, "replies wait", 'gateway_wait_seconds{cause="replies wait"} 36'),
    (nobody_reads, "texts wait", 'gateway_wait_seconds{cause="texts wait"} 36'),
    (no_campaign_goes_out, "campaigns wait", 'gateway_wait_seconds{cause="campaigns wait"} 36'),
    (something_spooled, "spool waits", 'gateway_spool_entries{state="waiting"} 1.0'),
    (a_broken_chain, "audit log broken", "gateway_audit_log_broken 1.0"),
]


@pytest.mark.parametrize(("break_it", "cause", "measured"), CAUSES)
def test_what_is_amiss_is_named_and_measured_and_citizens_are_answered(
    client: FlaskClient, settings: Settings, break_it: Callable[[Settings], None], cause: str, measured: str
) -> None:
    break_it(settings)
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert any(named.startswith(cause) for named in ready.json["causes"]), ready.json
    assert measured in client.get("/metrics").text


def test_a_broken_chain_is_told_in_the_console_until_a_look_finds_it_whole(client: FlaskClient) -> None:
    hire()
    with travel(now(), tick=False) as clock:
        a_look_at_the_log("entry 2 was altered")
        assert "audit log broken" in sign_in(client).text
        a_look_at_the_log(None)
        clock.shift(frame.CHECKED_EVERY)
        assert "audit log broken" not in client.get("/console/").text
    assert client.get("/readyz").json["causes"] == []
    assert "gateway_audit_log_broken 0.0" in client.get("/metrics").text


def test_no_request_verifies_the_chain_itself(client: FlaskClient, engine: Engine) -> None:
    a_look_at_the_log(None)
    with engine.begin() as made:
        made.execute(text("SET LOCAL session_replication_role = replica"))  # past the triggers
        made.execute(text("UPDATE audit_entry SET subject = 'staff:asha'"))
    assert client.get("/readyz").json["causes"] == []


def test_a_disk_nearly_full_is_named(client: FlaskClient, settings: Settings) -> None:
    full = replace(settings, limits=replace(settings.limits, disk_min_free=1 << 60))
    short_of_room = create_app(full).test_client()
    with grounds.connected(settings):
        assert short_of_room.get("/readyz").json["causes"] == ["disk"]


def test_jobs_that_never_ran_are_late_once_the_web_has_looked_for_a_while(client: FlaskClient) -> None:
    assert client.get("/readyz").json["causes"] == []
    nobody_keeps_house(client.application)
    assert client.get("/readyz").json["causes"] == [f"job {job} is late" for job in runs.PERIODS]
    for job in runs.PERIODS:
        assert f'gateway_job_age_seconds{{job="{job}"}} 30' in client.get("/metrics").text


def test_a_job_that_is_no_more_is_late_for_nobody(client: FlaskClient) -> None:
    with database.transaction() as db:
        runs.note(db, "a_job_of_an_older_version", now() - timedelta(days=9))
    assert client.get("/readyz").json["causes"] == []
    assert "a_job_of_an_older_version" not in client.get("/metrics").text


def test_jobs_that_run_are_not_late(client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    nobody_keeps_house(client.application)
    for job in runs.PERIODS:
        jobs.JOBS[job]()
    assert client.get("/readyz").json["causes"] == []
    with database.transaction() as db:
        assert all(age < 60 for age in runs.ages(db, now(), now() - timedelta(minutes=5)).values())


@pytest.mark.parametrize("cause", [*Cause, "lane", *(f"job {job} is late" for job in runs.PERIODS)])
def test_every_cause_is_explained_to_operators(cause: str) -> None:
    runbook = (ROOT / "README.md").read_text("utf-8").partition("## Runbook")[2].partition("\n## ")[0]
    assert f"`{cause}" in runbook


@pytest.mark.parametrize(("language", "told"), [("en", "replies wait."), ("sw", "majibu yanasubiri (replies wait).")])
def test_the_console_tells_a_cause_in_its_readers_language_and_by_the_name_operators_know(
    client: FlaskClient, settings: Settings, language: str, told: str
) -> None:
    hire(language=language)
    nobody_replies(settings)
    assert told in sign_in(client).text
