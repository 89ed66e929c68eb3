"""Whatever fails behind the USSD webhook, a citizen is told so in both languages, or notices nothing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from gateway import catalogues, database
from gateway.dialogues import sessions
from gateway.settings import Settings
from models import Message, Ticket
from tests import grounds
from tests.handlers.phones import SUBMIT, TO_THE_CHECK, Phone

NOWHERE = "postgresql://postgres@/gateway?host=/nonexistent"


def is_apology(screen: str) -> bool:
    return screen.startswith("END Sorry, we can't answer now.") and "1548" in screen


def counted(kept: Session) -> tuple[int, int]:
    found = [kept.scalar(select(func.count()).select_from(model)) or 0 for model in (Ticket, Message)]
    return found[0], found[1]


def test_with_the_database_away_a_citizen_is_told_so(phone: Phone, settings: Settings) -> None:
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        assert is_apology(phone.ask(""))


@pytest.mark.skipif("sw" not in catalogues.compile_complete(), reason="Kiswahili is not complete yet")
def test_the_apology_is_said_in_both_languages(phone: Phone, settings: Settings) -> None:
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        first, second = phone.ask("").removeprefix("END ").split("\n")
    assert first.startswith("Sorry")
    assert second.startswith("Samahani")


def test_a_database_that_comes_back_goes_on_where_it_stood(phone: Phone, settings: Settings, kept: Session) -> None:
    phone.reports(*TO_THE_CHECK)
    final = f"{phone.text}*{SUBMIT}"
    with grounds.connected(replace(settings, database_url=NOWHERE)):
        assert is_apology(phone.ask(final))
    with grounds.connected(settings):
        assert phone.ask(final).startswith("END Thank you")
    assert counted(kept) == (1, 1)


def test_with_a_table_locked_a_citizen_is_told_so(phone: Phone, engine: Engine) -> None:
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE ussd_session IN ACCESS EXCLUSIVE MODE"))
        assert is_apology(phone.ask(""))
    assert phone.ask("").startswith("CON ")


@pytest.mark.parametrize("tried_after", [0.0, 3600.0], ids=["tried first", "used a moment ago"])
def test_a_connection_that_has_died_costs_a_citizen_nothing(
    phone: Phone, settings: Settings, kept: Session, monkeypatch: pytest.MonkeyPatch, tried_after: float
) -> None:
    monkeypatch.setattr(database, "RESTED", tried_after)
    with grounds.connected(settings, pool_size=1) as engine:
        phone.reports(*TO_THE_CHECK)
        with engine.connect() as connection:
            pid = connection.scalar(select(func.pg_backend_pid()))
        kept.execute(select(func.pg_terminate_backend(pid)))
        assert phone.type(SUBMIT).startswith("END Thank you")
    assert counted(kept) == (1, 1)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Stops one of PostgreSQL's processes while the block runs: whoever asks it hears nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.timeout(60)
def test_with_the_database_hanging_a_citizen_is_told_so_and_the_late_answer_is_kept(
    phone: Phone, settings: Settings, kept: Session
) -> None:
    with grounds.connected(settings, pool_size=1) as engine:
        phone.reports(*TO_THE_CHECK)
        final = f"{phone.text}*{SUBMIT}"
        with engine.connect() as connection:
            pid = connection.scalar(select(func.pg_backend_pid()))
        assert isinstance(pid, int)
        with stopped(pid):
            assert is_apology(phone.ask(final))
        assert phone.ask(final).startswith("END Thank you")
    assert counted(kept) == (1, 1)


def test_without_redis_nothing_is_missing(phone: Phone, settings: Settings, kept: Session) -> None:
    with grounds.connected(replace(settings, redis_url="redis://127.0.0.1:1/0")):
        assert phone.reports(*TO_THE_CHECK, SUBMIT).startswith("END Thank you")
    assert counted(kept) == (1, 1)


def test_a_fault_in_a_rule_is_an_apology_and_leaves_nothing(
    phone: Phone, kept: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("a rule is broken")

    phone.reports(*TO_THE_CHECK)
    with monkeypatch.context() as broken:
        broken.setattr(sessions, "keep", explode)
        assert is_apology(phone.type(SUBMIT))
    assert counted(kept) == (0, 0)
    assert phone.ask(phone.text).startswith("END Thank you")
    assert counted(kept) == (1, 1)


def test_without_a_county_pack_a_citizen_is_told_so(phone: Phone, settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM county"))
    try:
        assert is_apology(phone.ask(""))
    finally:
        grounds.load_county(engine)
