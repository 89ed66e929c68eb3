"""Doubts by index: the replies and the attempts in doubt, and campaigns' attempts, are found without reading all others"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_message_doubt": ("message", ["id"], "lane = 'replies' AND state IN ('unknown', 'unresolved', 'held')"),
    "ix_attempt_doubt": (
        "attempt",
        ["started_at"],
        "carrier_id IS NULL AND (outcome IS NULL OR outcome = 'unknown')",
    ),
    "ix_attempt_bulk": ("attempt", ["id"], "campaign_id IS NOT NULL"),
}


def upgrade() -> None:
    for name, (table, columns, condition) in _INDEXES.items():
        op.create_index(name, table, columns, postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)
