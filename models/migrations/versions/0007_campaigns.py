"""Campaigns"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_template")),
        sa.UniqueConstraint("name", name=op.f("uq_text_template_name")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("faults", postgresql.JSONB(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.name"], name=op.f("fk_upload_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.Column("written_by", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["text_template.id"], name=op.f("fk_wording_template_id")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.name"], name=op.f("fk_wording_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("template_id", "n", name=op.f("uq_wording_template_id_n")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "scheduled",
                "sending",
                "paused",
                "done",
                "rejected",
                "cancelled",
                "expired",
                name="campaign_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("approver", sa.String(length=64), nullable=True),
        sa.Column("is_emergency", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("project_code", sa.String(length=24), nullable=True),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.Column("tested", sa.String(length=64), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_from", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["approver"], ["staff.name"], name=op.f("fk_campaign_approver")),
        sa.ForeignKeyConstraint(["author"], ["staff.name"], name=op.f("fk_campaign_author")),
        sa.ForeignKeyConstraint(["project_code"], ["project.code"], name=op.f("fk_campaign_project_code")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_campaign_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "uploaded_phone",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_uploaded_phone_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "phone", name=op.f("pk_uploaded_phone")),
    )
    op.create_table(
        "exclusion",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_exclusion_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "reason", name=op.f("pk_exclusion")),
    )
    op.add_column("county", sa.Column("quiet_from", sa.Time(), server_default="18:00:00", nullable=False))
    op.add_column("county", sa.Column("quiet_until", sa.Time(), server_default="08:00:00", nullable=False))
    op.add_column("county", sa.Column("sms_price", sa.Numeric(6, 2), server_default="0.80", nullable=False))
    op.add_column("message", sa.Column("campaign_id", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("ward_code", sa.String(length=8), nullable=True))
    op.add_column("message", sa.Column("network_code", sa.String(length=8), nullable=True))
    op.create_index(
        "ix_message_campaign",
        "message",
        ["campaign_id", "state", "ward_code", "network_code"],
        unique=False,
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    op.drop_index("ix_message_due", table_name="message")
    op.create_index(
        "ix_message_due",
        "message",
        ["lane", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued' AND campaign_id IS NULL"),
    )
    op.create_index(
        "ix_message_batch",
        "message",
        ["campaign_id", sa.text("md5(body)"), "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued' AND campaign_id IS NOT NULL"),
    )
    op.add_column("pace", sa.Column("replies_free_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempt", sa.Column("campaign_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_attempt_campaign",
        "attempt",
        ["campaign_id", "started_at"],
        unique=False,
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    op.create_index(
        "ix_attempt_single", "attempt", ["id"], unique=False, postgresql_where=sa.text("campaign_id IS NULL")
    )
    op.create_foreign_key(op.f("fk_message_campaign_id"), "message", "campaign", ["campaign_id"], ["id"])
    op.add_column("ticket", sa.Column("campaign_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_ticket_campaign_id"), "ticket", ["campaign_id"], unique=False)
    op.create_foreign_key(op.f("fk_ticket_campaign_id"), "ticket", "campaign", ["campaign_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_ticket_campaign_id"), "ticket", type_="foreignkey")
    op.drop_column("ticket", "campaign_id")
    op.drop_constraint(op.f("fk_message_campaign_id"), "message", type_="foreignkey")
    op.drop_index("ix_attempt_single", table_name="attempt")
    op.drop_index("ix_attempt_campaign", table_name="attempt")
    op.drop_column("attempt", "campaign_id")
    op.drop_column("pace", "replies_free_at")
    op.drop_index("ix_message_batch", table_name="message")
    op.drop_index("ix_message_due", table_name="message")
    op.create_index(
        "ix_message_due",
        "message",
        ["lane", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index("ix_message_campaign", table_name="message")
    op.drop_column("message", "network_code")
    op.drop_column("message", "ward_code")
    op.drop_column("message", "campaign_id")
    op.drop_column("county", "sms_price")
    op.drop_column("county", "quiet_until")
    op.drop_column("county", "quiet_from")
    op.drop_table("exclusion")
    op.drop_table("uploaded_phone")
    op.drop_table("campaign")
    op.drop_table("wording")
    op.drop_table("upload")
    op.drop_table("text_template")
