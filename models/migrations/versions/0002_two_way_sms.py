"""Two-way SMS"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lineage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage")),
    )
    op.create_table(
        "sms_spending",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_sms_spending")),
    )
    op.create_table(
        "open_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("asks", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["phone"], ["citizen.phone"], name=op.f("fk_open_question_phone")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_open_question_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_question")),
    )
    op.create_index(
        "uq_open_question_phone", "open_question", ["phone"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.add_column("category", sa.Column("words", sa.ARRAY(sa.String()), server_default="{}", nullable=False))
    op.add_column("citizen", sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("follow", sa.Column("ward_code", sa.String(length=8), nullable=True))
    op.alter_column("follow", "project_code", existing_type=sa.VARCHAR(length=24), nullable=True)
    op.create_index(op.f("ix_follow_ward_code"), "follow", ["ward_code"], unique=False)
    op.create_index(
        "uq_follow_open_ward",
        "follow",
        ["phone", "ward_code"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_foreign_key(op.f("fk_follow_ward_code"), "follow", "ward", ["ward_code"], ["code"])
    op.create_check_constraint("one_subject", "follow", "(project_code IS NULL) <> (ward_code IS NULL)")
    op.drop_constraint("event_kind", "ticket_event", type_="check")
    op.create_check_constraint(
        "event_kind", "ticket_event", "kind IN ('opened', 'wrote', 'answered', 'noted', 'moved')"
    )
    op.add_column("lane", sa.Column("judged_from", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_message_received", "message", ["id"], unique=False, postgresql_where=sa.text("state = 'received'")
    )
    op.add_column("ticket", sa.Column("linked_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_ticket_linked_id"), "ticket", "ticket", ["linked_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_ticket_linked_id"), "ticket", type_="foreignkey")
    op.drop_column("ticket", "linked_id")
    op.drop_index("ix_message_received", table_name="message", postgresql_where=sa.text("state = 'received'"))
    op.drop_column("lane", "judged_from")
    op.execute("DELETE FROM ticket_event WHERE kind = 'wrote'")
    op.drop_constraint("event_kind", "ticket_event", type_="check")
    op.create_check_constraint("event_kind", "ticket_event", "kind IN ('opened', 'answered', 'noted', 'moved')")
    op.execute("DELETE FROM follow WHERE project_code IS NULL")
    op.drop_constraint("one_subject", "follow", type_="check")
    op.drop_constraint(op.f("fk_follow_ward_code"), "follow", type_="foreignkey")
    op.drop_index("uq_follow_open_ward", table_name="follow", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_follow_ward_code"), table_name="follow")
    op.alter_column("follow", "project_code", existing_type=sa.VARCHAR(length=24), nullable=False)
    op.drop_column("follow", "ward_code")
    op.drop_column("citizen", "opted_out_at")
    op.drop_column("category", "words")
    op.drop_index("uq_open_question_phone", table_name="open_question", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("open_question")
    op.drop_table("sms_spending")
    op.drop_table("lineage")
