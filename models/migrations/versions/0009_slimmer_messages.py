"""Slimmer messages: those that belong to no ticket, such as a campaign's, are not in the index by ticket"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_message_ticket_id", "message")
    op.create_index("ix_message_ticket_id", "message", ["ticket_id"], postgresql_where=sa.text("ticket_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_message_ticket_id", "message")
    op.create_index("ix_message_ticket_id", "message", ["ticket_id"])
