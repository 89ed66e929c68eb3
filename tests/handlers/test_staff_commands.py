"""What an operator does about accounts and the audit log."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from gateway import database
from gateway.settings import Settings
from gateway.staff import audit, passwords
from models import AuditEntry, Role, Staff
from tests import grounds
from tests.handlers.staff import PASSWORD, SECRET

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(client: FlaskClient, settings: Settings) -> Iterator[Run]:
    """Runs an operator's command with lines on its stdin; gives its exit code and what it printed."""
    with ExitStack() as until_the_end:

        def one(*words: str, typed: str = "") -> tuple[int, str]:
            done = client.application.test_cli_runner().invoke(args=list(words), input=typed)
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            until_the_end.enter_context(grounds.connected(settings))  # the command had connections of its own
            return done.exit_code, done.output

        yield one


def test_an_account_is_added_without_a_prompt(run: Run, kept: Session) -> None:
    code, said = run("staff", "add", "asha", "--role", "agent", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (code, said) == (0, "asha may sign in as agent.\n")
    assert passwords.fits(kept.get_one(Staff, "asha").password_hash, PASSWORD)
    entry = kept.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("(operator)", "staff_added", "staff:asha")


def test_a_given_secret_counts_as_enrolled(run: Run, kept: Session) -> None:
    words = ("staff", "add", "root", "--role", "admin", "--password-stdin", "--totp-secret-stdin")
    assert run(*words, typed=f"{PASSWORD}\n{SECRET}\n")[0] == 0
    assert kept.get_one(Staff, "root").totp_confirmed_at is not None


def test_a_chief_officer_has_a_department_and_a_phone(run: Run, kept: Session) -> None:
    words = ("staff", "add", "chief", "--role", "officer", "--department", "health", "--password-stdin")
    assert run(*words, "--phone", "0712345678", "--chief", typed=f"{PASSWORD}\n")[0] == 0
    chief = kept.get_one(Staff, "chief")
    assert (chief.role, chief.phone, chief.is_chief) == (Role.OFFICER, "+254712345678", True)


@pytest.mark.parametrize(
    ("typed", "more", "words"),
    [
        ("short\n", (), "15 to 256 characters"),
        ("\n", (), "15 to 256 characters"),
        (f"{PASSWORD}\n", ("--department", "treasury"), "no such department"),
        (f"{PASSWORD}\nnonsense\n", ("--totp-secret-stdin",), "base32"),
    ],
)
def test_a_fault_is_one_line_and_nothing_is_added(
    run: Run, kept: Session, typed: str, more: tuple[str, ...], words: str
) -> None:
    code, said = run("staff", "add", "asha", "--role", "agent", "--password-stdin", *more, typed=typed)
    assert (code, words in said, said.count("\n")) == (1, True, 1)
    assert kept.get(Staff, "asha") is None


def test_a_whole_log_is_said_to_hold(run: Run) -> None:
    with database.transaction() as db:
        for number in range(3):
            audit.record(db, "asha", "tried", f"ticket:{number}", grounds.NOW)
    assert run("audit", "verify") == (0, "3 entries hold.\n")


def test_the_first_altered_entry_is_named(run: Run, engine: Engine) -> None:
    with database.transaction() as db:
        for number in range(3):
            audit.record(db, "asha", "tried", f"ticket:{number}", grounds.NOW)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit_entry SET actor = 'brian' WHERE id = 2"))
    assert run("audit", "verify") == (1, "Entry 2 was altered; 1 before it hold.\n")
