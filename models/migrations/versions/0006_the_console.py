"""The console: who signs in, what they do to tickets, and the log of it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('new', 'open', 'waiting_department', 'waiting_citizen', 'reopened')")
_RANK = "CASE WHEN is_urgent THEN 0 WHEN priority = 'high' THEN 1 WHEN priority = 'normal' THEN 2 ELSE 3 END"
_EVENTS_BEFORE = ("opened", "wrote", "answered", "noted", "moved")
_EVENTS = (
    *_EVENTS_BEFORE,
    "assigned",
    "called",
    "merged",
    "split",
    "linked",
    "escalated",
    "confirmed",
    "contested",
    "reported",
)

# The log is only ever added to, whoever asks: a row that changes or goes would break the chain unseen until it is read.
_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor", "id"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_source", "sign_in_failure", ["source", "at"], unique=False)
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("category_code", sa.String(length=24), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("fk_canned_reply_category_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_name", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("drawn_secret", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name=op.f("fk_staff_session_staff_name")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_name"), "staff_session", ["staff_name"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum("answer", "resolve", name="clock", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_escalation_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint(
            "ticket_id", "clock", "round", "step", name=op.f("uq_escalation_ticket_id_clock_round_step")
        ),
    )
    op.create_table(
        "ticket_viewer",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_name", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_name"], ["staff.name"], name=op.f("fk_ticket_viewer_staff_name")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_viewer_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "staff_name", name=op.f("pk_ticket_viewer")),
    )
    op.add_column(
        "county", sa.Column("escalation_hours", sa.ARRAY(sa.SmallInteger()), server_default="{0,9,27}", nullable=False)
    )
    op.add_column("county", sa.Column("closes_after_days", sa.Integer(), server_default="14", nullable=False))
    op.add_column("staff", sa.Column("is_chief", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("staff", sa.Column("phone", sa.String(length=16), nullable=True))
    op.add_column("staff", sa.Column("language", sa.String(length=3), server_default="en", nullable=False))
    op.add_column(
        "staff", sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("staff", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("totp_used", sa.Integer(), nullable=True))
    op.add_column("staff", sa.Column("must_enrol", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("staff", sa.Column("locks", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_unique_constraint(op.f("uq_staff_phone"), "staff", ["phone"])
    op.add_column("ticket", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("on_behalf_of", sa.String(), nullable=True))
    op.add_column("ticket", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "ticket",
        sa.Column(
            "priority",
            sa.Enum("high", "normal", "low", name="priority", native_enum=False, create_constraint=True, length=24),
            server_default="normal",
            nullable=False,
        ),
    )
    op.add_column("ticket", sa.Column("rank", sa.SmallInteger(), sa.Computed(_RANK, persisted=True), nullable=False))
    op.add_column("ticket", sa.Column("assignee", sa.String(length=64), nullable=True))
    op.add_column("ticket", sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("resolved_by", sa.String(), nullable=True))
    op.add_column("ticket", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("reopened", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "ticket",
        sa.Column(
            "verdict",
            sa.Enum("fixed", "not_fixed", name="verdict", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
    )
    op.add_column(
        "ticket",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', reference || ' ' || words)", persisted=True),
            nullable=False,
        ),
    )
    op.alter_column("ticket", "phone", existing_type=sa.VARCHAR(length=16), nullable=True)
    op.create_index("ix_ticket_assignee", "ticket", ["assignee", "next_due_at"], unique=False, postgresql_where=_OPEN)
    op.create_index(
        "ix_ticket_department", "ticket", ["department_code", "next_due_at"], unique=False, postgresql_where=_OPEN
    )
    op.create_index(op.f("ix_ticket_merged_into_id"), "ticket", ["merged_into_id"], unique=False)
    op.create_index("ix_ticket_opened", "ticket", ["opened_at"], unique=False)
    op.create_index(
        "ix_ticket_queue",
        "ticket",
        ["rank", sa.text("coalesce(next_due_at, 'infinity'::timestamptz)"), "id"],
        unique=False,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_ticket_due", "ticket", ["next_due_at"], unique=False, postgresql_where=_OPEN)
    op.create_index(
        "ix_ticket_alike", "ticket", ["category_code", "ward_code", "id"], unique=False, postgresql_where=_OPEN
    )
    op.create_index(
        "ix_ticket_resolved", "ticket", ["resolved_at"], unique=False, postgresql_where=sa.text("status = 'resolved'")
    )
    op.create_index("ix_ticket_search", "ticket", ["search"], unique=False, postgresql_using="gin")
    op.create_index("ix_ticket_ward", "ticket", ["ward_code", "next_due_at"], unique=False, postgresql_where=_OPEN)
    op.create_foreign_key(op.f("fk_ticket_assignee"), "ticket", "staff", ["assignee"], ["name"])
    op.create_foreign_key(op.f("fk_ticket_merged_into_id"), "ticket", "ticket", ["merged_into_id"], ["id"])
    op.add_column("ticket_event", sa.Column("message_id", sa.Integer(), nullable=True))
    op.add_column("ticket_event", sa.Column("submission", sa.Uuid(), nullable=True))
    op.add_column(
        "ticket_event",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', coalesce(body, ''))", persisted=True),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_ticket_event_done",
        "ticket_event",
        ["at", "actor"],
        unique=False,
        postgresql_where=sa.text("actor IS NOT NULL"),
    )
    op.create_index("ix_ticket_event_search", "ticket_event", ["search"], unique=False, postgresql_using="gin")
    op.create_unique_constraint(op.f("uq_ticket_event_submission"), "ticket_event", ["submission"])
    op.create_foreign_key(op.f("fk_ticket_event_message_id"), "ticket_event", "message", ["message_id"], ["id"])
    op.drop_constraint("event_kind", "ticket_event", type_="check")
    op.create_check_constraint("event_kind", "ticket_event", f"kind IN {_EVENTS}")
    op.execute("UPDATE ticket SET next_due_at = answer_due_at WHERE status NOT IN ('resolved', 'closed', 'rejected')")
    op.execute("UPDATE staff SET totp_confirmed_at = created_at WHERE totp_secret IS NOT NULL")
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    op.drop_constraint("event_kind", "ticket_event", type_="check")
    op.create_check_constraint("event_kind", "ticket_event", f"kind IN {_EVENTS_BEFORE}")
    op.drop_constraint(op.f("fk_ticket_event_message_id"), "ticket_event", type_="foreignkey")
    op.drop_constraint(op.f("uq_ticket_event_submission"), "ticket_event", type_="unique")
    op.drop_index("ix_ticket_event_done", table_name="ticket_event")
    op.drop_index("ix_ticket_event_search", table_name="ticket_event")
    op.drop_column("ticket_event", "search")
    op.drop_column("ticket_event", "submission")
    op.drop_column("ticket_event", "message_id")
    op.drop_constraint(op.f("fk_ticket_merged_into_id"), "ticket", type_="foreignkey")
    op.drop_constraint(op.f("fk_ticket_assignee"), "ticket", type_="foreignkey")
    op.drop_index("ix_ticket_ward", table_name="ticket")
    op.drop_index("ix_ticket_search", table_name="ticket")
    op.drop_index("ix_ticket_resolved", table_name="ticket")
    op.drop_index("ix_ticket_alike", table_name="ticket")
    op.drop_index("ix_ticket_due", table_name="ticket")
    op.drop_index("ix_ticket_queue", table_name="ticket")
    op.drop_index("ix_ticket_opened", table_name="ticket")
    op.drop_index(op.f("ix_ticket_merged_into_id"), table_name="ticket")
    op.drop_index("ix_ticket_department", table_name="ticket")
    op.drop_index("ix_ticket_assignee", table_name="ticket")
    op.alter_column("ticket", "phone", existing_type=sa.VARCHAR(length=16), nullable=False)
    op.drop_column("ticket", "search")
    op.drop_column("ticket", "verdict")
    op.drop_column("ticket", "reopened")
    op.drop_column("ticket", "closed_at")
    op.drop_column("ticket", "resolved_by")
    op.drop_column("ticket", "resolved_at")
    op.drop_column("ticket", "answered_at")
    op.drop_column("ticket", "paused_at")
    op.drop_column("ticket", "next_due_at")
    op.drop_column("ticket", "assignee")
    op.drop_column("ticket", "rank")
    op.drop_column("ticket", "priority")
    op.drop_column("ticket", "version")
    op.drop_column("ticket", "on_behalf_of")
    op.drop_column("ticket", "merged_into_id")
    op.drop_constraint(op.f("uq_staff_phone"), "staff", type_="unique")
    op.drop_column("staff", "locks")
    op.drop_column("staff", "must_enrol")
    op.drop_column("staff", "totp_used")
    op.drop_column("staff", "totp_confirmed_at")
    op.drop_column("staff", "must_change_password")
    op.drop_column("staff", "language")
    op.drop_column("staff", "phone")
    op.drop_column("staff", "is_chief")
    op.drop_column("county", "closes_after_days")
    op.drop_column("county", "escalation_hours")
    op.drop_table("ticket_viewer")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_staff_session_staff_name"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_table("canned_reply")
    op.drop_index("ix_sign_in_failure_source", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION refuse_change")
