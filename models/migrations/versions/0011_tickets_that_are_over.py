"""Tickets that are over, by index: a scrape of the metrics counts those since the last running total, not all there were"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ticket_closed", "ticket", ["closed_at"], postgresql_where=sa.text("closed_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_ticket_closed", "ticket")
