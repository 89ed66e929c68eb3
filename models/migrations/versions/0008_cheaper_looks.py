"""Cheaper looks: the county's revision, another one whenever what its pack says changes, and indexes for old tickets"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROWS = ("subcounty", "ward", "category", "holiday")
_REVISION = """
CREATE FUNCTION revise_county() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision = gen_random_uuid();
    RETURN NEW;
END $$;
CREATE TRIGGER county_revised BEFORE UPDATE ON county
    FOR EACH ROW EXECUTE FUNCTION revise_county();
CREATE FUNCTION revise_county_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE county SET code = code;
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    unique = sa.text("gen_random_uuid()")
    op.add_column("county", sa.Column("revision", sa.Uuid(), server_default=unique, nullable=False))
    op.execute(_REVISION)
    for table in _ROWS:
        op.execute(
            f"CREATE TRIGGER {table}_revised AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION revise_county_of_rows()"
        )
    op.create_index("ix_ticket_ward_id", "ticket", ["ward_code", "id"])
    op.create_index("ix_ticket_category_id", "ticket", ["category_code", "id"])


def downgrade() -> None:
    op.drop_index("ix_ticket_category_id", "ticket")
    op.drop_index("ix_ticket_ward_id", "ticket")
    for table in _ROWS:
        op.execute(f"DROP TRIGGER {table}_revised ON {table}")
    op.execute("DROP TRIGGER county_revised ON county; DROP FUNCTION revise_county, revise_county_of_rows")
    op.drop_column("county", "revision")
