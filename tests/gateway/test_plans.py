"""No hot path reads a big table from end to end, when the tables are as big as after years; nor does any after a
statement has been used often, when PostgreSQL stops looking at its values.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text

from bench import paths, plans
from gateway.settings import Settings


@pytest.fixture(scope="module")
def years_later(county: Engine) -> Iterator[Connection]:
    """Nandi after years, as the planner sees it; nothing of it is committed."""
    with county.connect() as made:
        undone = made.begin()
        plans.grow(made)
        yield made
        undone.rollback()


@pytest.mark.parametrize("name", paths.HOT)
def test_no_hot_path_reads_all_of_a_big_table(years_later: Connection, settings: Settings, name: str) -> None:
    found = plans.of(years_later, paths.HOT[name], settings, datetime.now(UTC))
    assert found
    assert [(plan.statement, plan.for_any) for plan in found if plan.scans] == []


@pytest.mark.parametrize(
    ("index", "name"),
    [
        ("ix_ticket_phone_id", "my cases"),
        ("ix_message_open", "the sweep"),
        ("ix_ussd_session_phone", "a hop"),
        ("ix_message_phone", "restraint"),
        ("ix_ticket_closed", "the metrics"),
        ("ix_message_final", "the metrics"),
    ],
)
def test_a_missing_index_is_noticed(years_later: Connection, settings: Settings, index: str, name: str) -> None:
    with years_later.begin_nested() as undone:
        years_later.execute(text(f"DROP INDEX {index}"))
        found = plans.of(years_later, paths.HOT[name], settings, datetime.now(UTC))
        undone.rollback()
    assert any(plan.scans for plan in found)


def test_a_value_that_hides_a_partial_index_is_noticed(years_later: Connection, settings: Settings) -> None:
    def path(db: object, _settings: Settings, now: datetime) -> object:
        state = "received"
        by_value = text("SELECT id FROM message WHERE state = :state ORDER BY state_at LIMIT 1")
        return years_later.execute(by_value, {"state": state})

    (found,) = plans.of(years_later, path, settings, datetime.now(UTC))
    assert found.scans == {"message"}


def test_a_key_of_which_nothing_is_looked_up_is_noticed(years_later: Connection, settings: Settings) -> None:
    def path(db: object, _settings: Settings, now: datetime) -> object:
        by_value = text("SELECT id FROM message WHERE state = :state ORDER BY id LIMIT 1")
        return years_later.execute(by_value, {"state": "received"})

    (found,) = plans.of(years_later, path, settings, datetime.now(UTC))
    assert "using pk_message" in found.for_any
    assert found.scans == {"message"}
