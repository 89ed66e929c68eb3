"""Slimmer indexes: none holds what every hop changes, and an SMS that belongs to no ticket is in none by ticket"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BEFORE = {
    "ix_message_ticket_id": ("message", ["ticket_id"], None),
    "ix_ussd_session_phone": ("ussd_session", ["phone", "last_at"], None),
    "ix_ussd_session_words": ("ussd_session", ["last_at"], "text IS NOT NULL"),
    "ix_ussd_session_live": ("ussd_session", ["last_at"], "finished_at IS NULL"),
}
_AFTER = {
    "ix_message_ticket_id": ("message", ["ticket_id"], "ticket_id IS NOT NULL"),
    "ix_ussd_session_phone": ("ussd_session", ["phone", "started_at"], None),
    "ix_ussd_session_words": ("ussd_session", ["started_at"], "NOT is_forgotten"),
    "ix_ussd_session_live": ("ussd_session", ["started_at"], "finished_at IS NULL"),
}


def _make(indexes: dict[str, tuple[str, list[str], str | None]]) -> None:
    for name, (table, columns, condition) in indexes.items():
        op.create_index(name, table, columns, postgresql_where=sa.text(condition) if condition else None)


def _drop(indexes: dict[str, tuple[str, list[str], str | None]]) -> None:
    for name, (table, _, _) in indexes.items():
        op.drop_index(name, table)


def upgrade() -> None:
    op.add_column("ussd_session", sa.Column("is_forgotten", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE ussd_session SET is_forgotten = true WHERE text IS NULL")
    op.execute("ALTER TABLE ussd_session SET (fillfactor = 70)")
    _drop(_BEFORE)
    _make(_AFTER)


def downgrade() -> None:
    _drop(_AFTER)
    _make(_BEFORE)
    op.execute("ALTER TABLE ussd_session RESET (fillfactor)")
    op.drop_column("ussd_session", "is_forgotten")
