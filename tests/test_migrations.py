"""The migrated database is what the models say, down to the lists that Alembic doesn't compare."""

import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Enum, text

from gateway import database
from gateway.errors import NotMigrated
from models import Base


def _enums() -> Iterator[tuple[str, str, Enum]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Enum):
                yield table.name, column.name, column.type


def test_there_is_one_newest_schema() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_models_and_migrations_agree(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    ("table", "column", "enum"), [pytest.param(*found, id=f"{found[0]}.{found[1]}") for found in _enums()]
)
def test_the_database_takes_every_value_of_an_enum_and_no_other(
    connection: Connection, table: str, column: str, enum: Enum
) -> None:
    definition = connection.scalar(
        text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name AND contype = 'c'"),
        {"name": f"ck_{table}_{enum.name}"},
    )
    assert definition is not None
    assert f"{column})" in definition.replace(f"{column})::text", f"{column})")
    assert set(re.findall(r"'([^']*)'", definition)) == set(enum.enums)


def test_a_second_migration_changes_nothing(engine: Engine, database_url: str) -> None:
    def version() -> object:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT version_num FROM alembic_version"))

    before = version()
    database.migrate(database_url)
    assert version() == before


def test_a_migration_does_not_keep_callers_waiting_behind_a_table_that_is_in_use(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LONGEST_LOCK", "100ms")
    with engine.begin() as elsewhere:
        elsewhere.execute(text("LOCK TABLE alembic_version"))
        with pytest.raises(NotMigrated, match="try again"):
            database.migrate(database_url)
