"""The carrier's word on a session"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ussd_session", sa.Column("carrier_ended", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "ix_ussd_session_words", "ussd_session", ["last_at"], unique=False, postgresql_where=sa.text("text IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_ussd_session_words", table_name="ussd_session", postgresql_where=sa.text("text IS NOT NULL"))
    op.drop_column("ussd_session", "carrier_ended")
