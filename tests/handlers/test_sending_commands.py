"""What operators do about the sending: read what is in doubt, send it again once, keep the database, bring it back."""

import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from gateway import database
from gateway.campaigns import launches
from gateway.carriers import SendResult, Verdict
from gateway.citizens import sample_citizens
from gateway.embedded import postgres
from gateway.operations import backups
from gateway.outbox import bulk, lanes, lineage, outbox
from gateway.settings import Limits, Settings
from models import Attempt, Campaign, CampaignStatus, Message, State, Ticket, TicketEvent
from tests import grounds
from tests.gateway.campaigning import office
from tests.gateway.promises import ACCEPTED, claim, now, promise, state, try_once
from tests.grounds import PHONE
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone
from workers import campaigning

IN_DOUBT = SendResult(Verdict.UNKNOWN, "read: timeout")
AMPLE = Limits(1000, 100, daily_segments=100, daily_shillings=100, spool_min_free=0, disk_min_free=0)

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(client: FlaskClient, settings: Settings) -> Iterator[Run]:
    """Runs an operator's command; gives its exit code and what it printed."""
    with ExitStack() as until_the_end:

        def one(*words: str) -> tuple[int, str]:
            done = client.application.test_cli_runner().invoke(args=list(words))
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            until_the_end.enter_context(grounds.connected(settings))  # the command had connections of its own
            return done.exit_code, done.output

        yield one


@pytest.fixture
def in_doubt(phone: Phone, kept: Session) -> int:
    """The confirmation of a case, which may have been sent."""
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert try_once(IN_DOUBT) is State.UNKNOWN
    return kept.scalars(select(Message.id)).one()


def test_what_is_in_doubt_is_listed_without_the_whole_number(run: Run, in_doubt: int) -> None:
    code, listed = run("messages", "unknown")
    assert code == 0
    assert listed.startswith(f"{in_doubt}  unknown  ")
    assert "+2547…001" in listed
    assert PHONE not in listed


def test_a_person_may_send_again_once_and_says_why(run: Run, in_doubt: int, kept: Session) -> None:
    again = ("messages", "send-again", str(in_doubt), "--reason", "she never got it", "--by", "Chebet")
    assert run(*again)[0] == 0
    assert state(in_doubt) is State.QUEUED
    (note,) = kept.scalars(select(TicketEvent).where(TicketEvent.actor == "Chebet"))
    assert "she never got it" in (note.body or "")
    assert try_once(IN_DOUBT, "worker-2") is State.UNKNOWN
    code, refusal = run(*again)
    assert (code, "sent again before" in refusal) == (1, True)
    assert claim() == []


@pytest.mark.parametrize("is_settled", [State.QUEUED, State.ACCEPTED, State.DELIVERED, State.FAILED])
def test_what_is_not_in_doubt_is_not_sent_again(run: Run, in_doubt: int, is_settled: State) -> None:
    with database.transaction() as db:
        db.execute(update(Message).values(state=is_settled))
    code, _ = run("messages", "send-again", str(in_doubt), "--reason", "why not", "--by", "Chebet")
    assert (code, state(in_doubt)) == (1, is_settled)


@pytest.mark.parametrize("missing", [("--reason", " ", "--by", "Chebet"), ("--reason", "lost", "--by", "")])
def test_without_a_reason_and_a_name_nothing_is_sent_again(run: Run, in_doubt: int, missing: tuple[str, ...]) -> None:
    assert run("messages", "send-again", str(in_doubt), *missing)[0] == 1
    assert state(in_doubt) is State.UNKNOWN


def test_a_moment_needs_its_time_zone(run: Run) -> None:
    for moment in ("yesterday", "2026-11-23T14:30"):
        code, told = run("reconcile", "--since", moment)
        assert (code, "2026-11-23T14:30+03:00" in told) == (2, True)


@pytest.fixture
def with_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(postgres.program("pg_dump")).parent), prepend=":")


@pytest.mark.usefixtures("with_programs")
def test_a_restored_database_is_whole_and_sends_nothing_until_it_is_reconciled(
    phone: Phone, run: Run, settings: Settings, tmp_path: Path, kept: Session
) -> None:
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert lineage.agrees(settings, now())
    file = tmp_path / "backup"
    assert run("backup", str(file))[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    try_once(ACCEPTED)  # the confirmation goes out after the backup
    assert lineage.agrees(settings, now())
    promise("lost with the disk")

    code, refusal = run("restore", str(file))
    assert (code, "--yes" in refusal) == (1, True)
    code, told = run("restore", "--yes", str(file))
    assert (code, "reconcile --since" in told) == (0, True)
    assert kept.scalar(select(func.count()).select_from(Ticket)) == 1
    confirmation = kept.scalars(select(Message.id)).one()
    assert (state(confirmation), claim()) == (State.QUEUED, [])
    with database.transaction() as db:
        assert set(lanes.closed(db)) == {"replies", "bulk"}
    assert run("reconcile", "--since", told.split()[-1])[0] == 0
    assert state(confirmation) is State.UNKNOWN
    assert lineage.agrees(settings, now())


def send_campaigns() -> list[str]:
    """Tends campaigns as the clock does and sends what is due in bulk; gives who got it."""
    campaigning.tend(is_real=False)
    got = []
    with database.transaction() as db:
        while claims := bulk.claim(db, "worker", AMPLE):
            got += [claimed.phone for claimed in outbox.start_all(db, claims)]
    return got


@pytest.mark.usefixtures("with_programs", "client")
@pytest.mark.parametrize("had_in_backup", [None, 0, 2])
def test_a_campaign_that_went_out_after_the_backup_goes_to_nobody_a_second_time(
    run: Run, settings: Settings, tmp_path: Path, kept: Session, had_in_backup: int | None
) -> None:
    with database.transaction() as db:
        sample_citizens.make(db, 3, "777", now())
        desk = office(db).at(now())
        campaign = desk.submits(is_emergency=True, stale_at=now() + timedelta(days=2))
        campaign_id = campaign.id
        desk.approves(campaign)
        if had_in_backup is not None:
            launches.begin_by_clock(db, campaign.id, now())
            desk.expands(campaign)
            campaign.expanded_at = None
            db.execute(delete(Message).where(Message.phone > f"{sample_citizens.PREFIX}{had_in_backup:06}"))
    assert lineage.agrees(settings, now())
    file = tmp_path / "backup"
    run("backup", str(file))
    assert len(send_campaigns()) == 3
    assert lineage.agrees(settings, now())

    told = run("restore", "--yes", str(file))[1]
    assert send_campaigns() == []
    with database.transaction() as db:  # it may have been begun before the lanes were stopped, as by pg_restore's hand
        launches.begin_by_clock(db, campaign_id, now())
    told = run("reconcile", "--since", told.split()[-1])[1]
    assert send_campaigns() == []
    assert f"Campaign {campaign_id} is cancelled" in told
    restored = kept.get_one(Campaign, campaign_id)
    assert (restored.status, restored.reason) == (CampaignStatus.CANCELLED, "restored from a backup")
    states = kept.scalars(select(Message.state).where(Message.campaign_id == campaign_id)).all()
    assert states == [State.UNKNOWN] * (had_in_backup or 0)
    attempts = select(Attempt.campaign_id).join(Message).where(Message.campaign_id == campaign_id)
    assert kept.scalars(attempts).all() == [campaign_id] * len(states)


@pytest.mark.usefixtures("with_programs")
def test_a_file_that_is_no_backup_changes_nothing(run: Run, tmp_path: Path, in_doubt: int, settings: Settings) -> None:
    file = tmp_path / "backup"
    file.write_text("not a backup")
    code, told = run("restore", "--yes", str(file))
    assert (code, told.startswith("Error: pg_restore: ")) == (1, True)
    assert len(told.splitlines()) == 1
    assert state(in_doubt) is State.UNKNOWN
    assert lineage.agrees(settings, now())


@pytest.mark.usefixtures("with_programs")
def test_a_backup_that_breaks_in_the_middle_leaves_the_tables_as_they_were(
    run: Run, tmp_path: Path, in_doubt: int, settings: Settings
) -> None:
    file = tmp_path / "backup"
    assert lineage.agrees(settings, now())
    run("backup", str(file))
    file.write_bytes(file.read_bytes()[:-2000])
    assert run("restore", "--yes", str(file))[0] == 1
    assert state(in_doubt) is State.UNKNOWN
    assert lineage.agrees(settings, now())


def test_without_postgresqls_programs_one_line_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, told = run("backup", str(tmp_path / "backup"))
    assert (code, "pg_dump is not on PATH" in told) == (1, True)
    assert not (tmp_path / "backup").exists()


@pytest.mark.usefixtures("with_programs")
def test_a_restore_that_was_cut_off_takes_nothing_with_it(
    run: Run, tmp_path: Path, in_doubt: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lineage.agrees(settings, now())
    file = tmp_path / "backup"
    assert run("backup", str(file))[0] == 0
    run_program = backups._run

    def cut_off(used: Settings, program: str, *arguments: str, connects: bool = True) -> None:
        if "--single-transaction" in arguments:
            raise KeyboardInterrupt
        run_program(used, program, *arguments, connects=connects)

    monkeypatch.setattr(backups, "_run", cut_off)
    with pytest.raises(KeyboardInterrupt):
        backups.restore(settings, file, may_replace=True)
    assert state(in_doubt) is State.UNKNOWN
    assert lineage.agrees(settings, now())


@pytest.mark.usefixtures("with_programs")
def test_tables_that_a_killed_restore_left_aside_are_put_back_before_anything_is_replaced(
    run: Run, tmp_path: Path, in_doubt: int, settings: Settings
) -> None:
    file = tmp_path / "backup"
    assert run("backup", str(file))[0] == 0
    with database.transaction() as db:
        db.execute(text("ALTER SCHEMA public RENAME TO before_restore"))
        db.execute(text("CREATE SCHEMA public"))
    code, refusal = run("restore", str(file))
    assert (code, "--yes" in refusal) == (1, True)
    assert state(in_doubt) is State.UNKNOWN


@pytest.fixture
def restored_but_for_the_end(run: Run, tmp_path: Path, in_doubt: int) -> Iterator[Path]:
    """A restore that was cut off right before it dropped the old tables; gives the backup, made since, of the new."""
    file = tmp_path / "backup"
    assert run("backup", str(file))[0] == 0
    with database.transaction() as db:
        db.execute(text("CREATE SCHEMA before_restore"))
        db.execute(text("CREATE TABLE before_restore.ticket AS SELECT * FROM public.ticket LIMIT 0"))
    assert run("backup", str(file))[0] == 0
    yield file
    with database.transaction() as db:
        db.execute(text("DROP SCHEMA IF EXISTS before_restore CASCADE"))


@pytest.mark.usefixtures("with_programs")
def test_what_was_worked_with_since_a_restore_that_was_cut_off_at_its_end_is_not_given_up(
    run: Run, restored_but_for_the_end: Path, in_doubt: int
) -> None:
    code, refusal = run("restore", str(restored_but_for_the_end))
    assert (code, "--yes" in refusal) == (1, True)
    assert state(in_doubt) is State.UNKNOWN


@pytest.mark.usefixtures("with_programs")
def test_a_backup_made_after_such_a_restore_can_be_restored(
    run: Run, restored_but_for_the_end: Path, in_doubt: int
) -> None:
    code, told = run("restore", "--yes", str(restored_but_for_the_end))
    assert code == 0, told
    assert state(in_doubt) is State.UNKNOWN
    with database.transaction() as db:
        assert db.scalar(text("SELECT to_regnamespace('before_restore')")) is None


@pytest.mark.usefixtures("in_doubt")
def test_no_empty_tables_are_made_where_a_restore_was_cut_off_and_the_countys_stand_aside(run: Run) -> None:
    with database.transaction() as db:
        db.execute(text("ALTER SCHEMA public RENAME TO before_restore"))
        db.execute(text("CREATE SCHEMA public"))
    try:
        code, refusal = run("db", "upgrade")
        assert (code, "run `restore` again" in refusal) == (1, True)
    finally:
        with database.transaction() as db:
            db.execute(text("DROP SCHEMA public"))
            db.execute(text("ALTER SCHEMA before_restore RENAME TO public"))


def test_a_host_that_is_only_new_is_reconciled_without_doubting_anything(run: Run, phone: Phone) -> None:
    phone.reports(*TO_THE_CHECK, SUBMIT)
    assert run("reconcile")[0] == 2
    assert run("reconcile", "--nothing-restored", "--since", "2026-11-23T14:30+03:00")[0] == 2
    code, told = run("reconcile", "--nothing-restored")
    assert (code, "0 SMS may have been sent" in told) == (0, True)
    assert len(claim()) == 1
