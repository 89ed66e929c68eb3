"""Doubts by index: the SMS in doubt, and a campaign's attempts, are found without reading all others"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_DOUBT = "state IN ('unknown', 'unresolved', 'held')"


def upgrade() -> None:
    op.create_index("ix_message_doubt", "message", ["lane", "id"], postgresql_where=sa.text(_DOUBT))
    op.create_index("ix_attempt_bulk", "attempt", ["id"], postgresql_where=sa.text("campaign_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_attempt_bulk", "attempt")
    op.drop_index("ix_message_doubt", "message")
