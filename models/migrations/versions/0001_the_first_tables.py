"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_date",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("label", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_budget_date")),
    )
    op.create_table(
        "county",
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("workdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("question_category", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_county")),
    )
    op.create_table(
        "delivery_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_report")),
        sa.UniqueConstraint("carrier_id", "status", "reason", name=op.f("uq_delivery_report_carrier_id_status_reason")),
    )
    op.create_index(
        "ix_delivery_report_waiting",
        "delivery_report",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.create_table(
        "department",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
    )
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holiday")),
    )
    op.create_table(
        "lane",
        sa.Column(
            "name",
            sa.Enum("replies", "bulk", name="lane_name", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )
    op.create_table(
        "place",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ward_codes", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_place")),
    )
    op.create_table(
        "subcounty",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_subcounty")),
    )
    op.create_table(
        "tally",
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "label", name=op.f("pk_tally")),
    )
    op.create_table(
        "ussd_session",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("service_code", sa.String(length=32), nullable=False),
        sa.Column("network_code", sa.String(length=8), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("screen", sa.String(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "ended",
                "success",
                "incomplete",
                "failed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ussd_session")),
    )
    op.create_index(op.f("ix_ussd_session_finished_at"), "ussd_session", ["finished_at"], unique=False)
    op.create_index(
        "ix_ussd_session_live",
        "ussd_session",
        ["last_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_ussd_session_phone", "ussd_session", ["phone", "last_at"], unique=False)
    op.create_table(
        "watermark",
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("up_to", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_watermark")),
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.String(length=7), nullable=False),
        sa.Column("department_code", sa.String(length=24), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column(
            "spending",
            sa.Enum("recurrent", "development", name="spending", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("approved", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("spent", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("source_document", sa.String(), nullable=False),
        sa.Column("source_page", sa.String(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name=op.f("fk_budget_line_department_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "fiscal_year",
            "department_code",
            "programme",
            "spending",
            name=op.f("uq_budget_line_fiscal_year_department_code_programme_spending"),
        ),
    )
    op.create_index(op.f("ix_budget_line_fiscal_year"), "budget_line", ["fiscal_year"], unique=False)
    op.create_table(
        "category",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint",
                "compliment",
                "question",
                "request",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("label", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("department_code", sa.String(length=24), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("resolve_hours", sa.Integer(), nullable=False),
        sa.Column("clocks_are_sample", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("call", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name=op.f("fk_category_department_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
    )
    op.create_table(
        "project",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(length=24), nullable=False),
        sa.Column("is_county_wide", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "procurement",
                "ongoing",
                "stalled",
                "completed",
                "cancelled",
                name="project_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("percent_done", sa.Integer(), nullable=False),
        sa.Column("contract_sum", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("paid", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("contractor", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source_document", sa.String(), nullable=False),
        sa.Column("source_page", sa.String(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("percent_done BETWEEN 0 AND 100", name=op.f("ck_project_percent")),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name=op.f("fk_project_department_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_project")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "supervisor",
                "official",
                "approver",
                "officer",
                "admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("department_code", sa.String(length=24), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name=op.f("fk_staff_department_code")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff")),
    )
    op.create_table(
        "ussd_hop",
        sa.Column("session_id", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("is_end", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["ussd_session.id"], name=op.f("fk_ussd_hop_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "digest", name=op.f("pk_ussd_hop")),
    )
    op.create_index(op.f("ix_ussd_hop_at"), "ussd_hop", ["at"], unique=False)
    op.create_table(
        "ward",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subcounty_code", sa.String(length=8), nullable=False),
        sa.Column("spellings", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["subcounty_code"], ["subcounty.code"], name=op.f("fk_ward_subcounty_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ward")),
    )
    op.create_index(op.f("ix_ward_subcounty_code"), "ward", ["subcounty_code"], unique=False)
    op.create_table(
        "citizen",
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=True),
        sa.Column("ward_code", sa.String(length=8), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ward_code"], ["ward.code"], name=op.f("fk_citizen_ward_code")),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_citizen")),
    )
    op.create_table(
        "project_ward",
        sa.Column("project_code", sa.String(length=24), nullable=False),
        sa.Column("ward_code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_code"], ["project.code"], name=op.f("fk_project_ward_project_code"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ward_code"], ["ward.code"], name=op.f("fk_project_ward_ward_code")),
        sa.PrimaryKeyConstraint("project_code", "ward_code", name=op.f("pk_project_ward")),
    )
    op.create_index(op.f("ix_project_ward_ward_code"), "project_ward", ["ward_code"], unique=False)
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("project_code", sa.String(length=24), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["phone"], ["citizen.phone"], name=op.f("fk_follow_phone")),
        sa.ForeignKeyConstraint(["project_code"], ["project.code"], name=op.f("fk_follow_project_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_project_code"), "follow", ["project_code"], unique=False)
    op.create_index(
        "uq_follow_open", "follow", ["phone", "project_code"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint",
                "compliment",
                "question",
                "request",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("ussd", "sms", "call", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "open",
                "waiting_department",
                "waiting_citizen",
                "resolved",
                "closed",
                "rejected",
                "reopened",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("category_code", sa.String(length=24), nullable=False),
        sa.Column("department_code", sa.String(length=24), nullable=False),
        sa.Column("ward_code", sa.String(length=8), nullable=True),
        sa.Column("project_code", sa.String(length=24), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("hides_phone", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("fk_ticket_category_code")),
        sa.ForeignKeyConstraint(["department_code"], ["department.code"], name=op.f("fk_ticket_department_code")),
        sa.ForeignKeyConstraint(["phone"], ["citizen.phone"], name=op.f("fk_ticket_phone")),
        sa.ForeignKeyConstraint(["project_code"], ["project.code"], name=op.f("fk_ticket_project_code")),
        sa.ForeignKeyConstraint(["ward_code"], ["ward.code"], name=op.f("fk_ticket_ward_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("reference", name=op.f("uq_ticket_reference")),
        sa.UniqueConstraint("submission", name=op.f("uq_ticket_submission")),
    )
    op.create_index("ix_ticket_phone_id", "ticket", ["phone", sa.literal_column("id DESC")], unique=False)
    op.create_index("ix_ticket_status", "ticket", ["status"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("in", "out", name="direction", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "claimed",
                "sending",
                "accepted",
                "delivered",
                "failed",
                "rejected",
                "no_report",
                "expired",
                "held",
                "skipped",
                "cancelled",
                "unknown",
                "unresolved",
                "received",
                "handled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dedupe_key", sa.String(length=80), nullable=True),
        sa.Column(
            "lane",
            sa.Enum("replies", "bulk", name="lane", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_no", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier_id", sa.String(length=128), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_message_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["lane", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_message_final",
        "message",
        ["state_at"],
        unique=False,
        postgresql_where=sa.text(
            "state NOT IN ('queued', 'claimed', 'sending', 'accepted', 'held', 'unknown', 'received')"
        ),
    )
    op.create_index(
        "ix_message_open",
        "message",
        ["state", "state_at"],
        unique=False,
        postgresql_where=sa.text(
            "state IN ('queued', 'claimed', 'sending', 'accepted', 'held', 'unknown', 'received')"
        ),
    )
    op.create_index("ix_message_phone", "message", ["phone", "id"], unique=False)
    op.create_index(op.f("ix_message_ticket_id"), "message", ["ticket_id"], unique=False)
    op.create_index(
        "uq_message_received", "message", ["carrier_id"], unique=True, postgresql_where=sa.text("direction = 'in'")
    )
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "answered",
                "noted",
                "moved",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    op.create_index(op.f("ix_ticket_event_ticket_id"), "ticket_event", ["ticket_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("carrier_id", sa.String(length=128), nullable=True),
        sa.Column("cost", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attempt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("carrier_id", name=op.f("uq_attempt_carrier_id")),
        sa.UniqueConstraint("message_id", "n", name=op.f("uq_attempt_message_id_n")),
    )


def downgrade() -> None:
    op.drop_table("attempt")
    op.drop_index(op.f("ix_ticket_event_ticket_id"), table_name="ticket_event")
    op.drop_table("ticket_event")
    op.drop_index("uq_message_received", table_name="message", postgresql_where=sa.text("direction = 'in'"))
    op.drop_index(op.f("ix_message_ticket_id"), table_name="message")
    op.drop_index("ix_message_phone", table_name="message")
    op.drop_index(
        "ix_message_open",
        table_name="message",
        postgresql_where=sa.text(
            "state IN ('queued', 'claimed', 'sending', 'accepted', 'held', 'unknown', 'received')"
        ),
    )
    op.drop_index(
        "ix_message_final",
        table_name="message",
        postgresql_where=sa.text(
            "state NOT IN ('queued', 'claimed', 'sending', 'accepted', 'held', 'unknown', 'received')"
        ),
    )
    op.drop_index("ix_message_due", table_name="message", postgresql_where=sa.text("state = 'queued'"))
    op.drop_table("message")
    op.drop_index("ix_ticket_status", table_name="ticket")
    op.drop_index("ix_ticket_phone_id", table_name="ticket")
    op.drop_table("ticket")
    op.drop_index("uq_follow_open", table_name="follow", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_follow_project_code"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_project_ward_ward_code"), table_name="project_ward")
    op.drop_table("project_ward")
    op.drop_table("citizen")
    op.drop_index(op.f("ix_ward_subcounty_code"), table_name="ward")
    op.drop_table("ward")
    op.drop_index(op.f("ix_ussd_hop_at"), table_name="ussd_hop")
    op.drop_table("ussd_hop")
    op.drop_table("staff")
    op.drop_table("project")
    op.drop_table("category")
    op.drop_index(op.f("ix_budget_line_fiscal_year"), table_name="budget_line")
    op.drop_table("budget_line")
    op.drop_table("watermark")
    op.drop_index("ix_ussd_session_phone", table_name="ussd_session")
    op.drop_index("ix_ussd_session_live", table_name="ussd_session", postgresql_where=sa.text("finished_at IS NULL"))
    op.drop_index(op.f("ix_ussd_session_finished_at"), table_name="ussd_session")
    op.drop_table("ussd_session")
    op.drop_table("tally")
    op.drop_table("subcounty")
    op.drop_table("place")
    op.drop_table("lane")
    op.drop_table("holiday")
    op.drop_table("department")
    op.drop_index(
        "ix_delivery_report_waiting", table_name="delivery_report", postgresql_where=sa.text("applied_at IS NULL")
    )
    op.drop_table("delivery_report")
    op.drop_table("county")
    op.drop_table("budget_date")
