"""The first schema.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import models.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def keep_audit(*, is_kept: bool) -> None:
    """The audit is append-only, and it is the database that says so."""
    if op.get_bind().dialect.name == "postgresql":
        if is_kept:
            op.execute(
                "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
            )
            op.execute("CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept()")
        else:
            op.execute("DROP TRIGGER audit_kept ON audit")
            op.execute("DROP FUNCTION audit_is_kept()")
        return
    for verb in ("UPDATE", "DELETE"):
        if is_kept:
            op.execute(
                f"CREATE TRIGGER audit_kept_{verb.lower()} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        else:
            op.execute(f"DROP TRIGGER audit_kept_{verb.lower()}")


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_slack_id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_slack_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("bot_slack_id", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("home_channel", sa.String(length=32), nullable=True),
        sa.Column("product_operations_group", sa.String(length=32), nullable=True),
        sa.Column("installed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("synced_at", models.base.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("team_slack_id", "enterprise_slack_id", name=op.f("uq_workspace_team_slack_id_enterprise_slack_id")),
    )
    op.create_table(
        "audit",
        sa.Column("at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_audit_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_audit_workspace_id_id")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at", ["workspace_id", "at"], unique=False)
        batch_op.create_index("ix_audit_subject", ["workspace_id", "subject", "subject_id"], unique=False)

    op.create_table(
        "channel",
        sa.Column("slack_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("has_bot", sa.Boolean(), nullable=False),
        sa.Column("removed_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("members_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_channel_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_channel_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_channel_workspace_id_slack_id")),
    )
    op.create_table(
        "channel_member",
        sa.Column("channel_slack_id", sa.String(length=32), nullable=False),
        sa.Column("person_slack_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_channel_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_member")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel_slack_id",
            "person_slack_id",
            name=op.f("uq_channel_member_workspace_id_channel_slack_id_person_slack_id"),
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_channel_member_workspace_id_id")),
    )
    with op.batch_alter_table("channel_member", schema=None) as batch_op:
        batch_op.create_index("ix_channel_member_person", ["workspace_id", "person_slack_id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_counter_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_counter_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "letter", name=op.f("uq_counter_workspace_id_letter")),
    )
    op.create_table(
        "customer",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_customer_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("workspace_id", "folded", name=op.f("uq_customer_workspace_id_folded")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_customer_workspace_id_id")),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("claimed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_inbox_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_inbox_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_inbox_workspace_id_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_at", ["workspace_id", "claimed_at"], unique=False)

    op.create_table(
        "lane",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("next_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("held_until", models.base.Instant(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(length=36), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_lane_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_lane_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_lane_workspace_id_name")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lane_ready",
            ["workspace_id", "next_at"],
            unique=False,
            postgresql_where=sa.text("next_at IS NOT NULL"),
            sqlite_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "message",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("posted_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_message_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_message_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_message_workspace_id_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_place", ["workspace_id", "channel", "ts"], unique=False)

    op.create_table(
        "method_pause",
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("until", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_method_pause_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_pause")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_method_pause_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "method", name=op.f("uq_method_pause_workspace_id_method")),
    )
    op.create_table(
        "person",
        sa.Column("slack_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_until", models.base.Instant(timezone=True), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_outside", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_product_operations", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_person_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_person_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_person_workspace_id_slack_id")),
    )
    op.create_table(
        "plan_import",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("imported_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=32), nullable=True),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skipped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_plan_import_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_import")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_plan_import_workspace_id_id")),
    )
    with op.batch_alter_table("plan_import", schema=None) as batch_op:
        batch_op.create_index("ix_plan_import_at", ["workspace_id", "imported_at"], unique=False)

    op.create_table(
        "team",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("lead", sa.String(length=32), nullable=True),
        sa.Column("deputy", sa.String(length=32), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("holidays", sa.String(length=8), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["plan_import.workspace_id", "plan_import.id"], name=op.f("fk_team_workspace_id_import_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_team_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "folded", name=op.f("uq_team_workspace_id_folded")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_team_workspace_id_id")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index("ix_team_channel", ["workspace_id", "channel"], unique=False)

    op.create_table(
        "digest",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("weekday", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("subscribed_by", sa.String(length=32), nullable=False),
        sa.Column("subscribed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("next_due_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_digest_workspace_id_team_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_digest_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("workspace_id", "channel", name=op.f("uq_digest_workspace_id_channel")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_digest_workspace_id_id")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index("ix_digest_due", ["workspace_id", "state", "next_due_at"], unique=False)

    op.create_table(
        "release",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("health", sa.String(length=8), nullable=True),
        sa.Column("health_reason", sa.String(), nullable=False),
        sa.Column("health_by", sa.String(length=32), nullable=True),
        sa.Column("health_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("changed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["plan_import.workspace_id", "plan_import.id"], name=op.f("fk_release_workspace_id_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_release_workspace_id_team_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_release_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_release_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_release_workspace_id_number")),
        sa.UniqueConstraint("workspace_id", "source", "source_key", name=op.f("uq_release_workspace_id_source_source_key")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index("ix_release_open", ["workspace_id", "is_open", "target_on"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_team_member_workspace_id_team_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_team_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_team_member_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "team_id", "person", name=op.f("uq_team_member_workspace_id_team_id_person")),
    )
    op.create_table(
        "digest_issue",
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("since", models.base.Instant(timezone=True), nullable=False),
        sa.Column("until", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "digest_id"], ["digest.workspace_id", "digest.id"], name=op.f("fk_digest_issue_workspace_id_digest_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_digest_issue_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_issue")),
        sa.UniqueConstraint("workspace_id", "channel", "week", name=op.f("uq_digest_issue_workspace_id_channel_week")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_digest_issue_workspace_id_id")),
    )
    op.create_table(
        "escalation",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("raised_by", sa.String(length=32), nullable=False),
        sa.Column("raised_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("card_channel", sa.String(length=32), nullable=True),
        sa.Column("acknowledge_by", models.base.Instant(timezone=True), nullable=False),
        sa.Column("resolve_by", models.base.Instant(timezone=True), nullable=False),
        sa.Column("acknowledged_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("resolved_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("customer_words", sa.String(), nullable=False),
        sa.Column("next_notice", sa.String(length=32), nullable=True),
        sa.Column("next_notice_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "customer_id"], ["customer.workspace_id", "customer.id"], name=op.f("fk_escalation_workspace_id_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_escalation_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_escalation_workspace_id_team_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_escalation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_escalation_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_escalation_workspace_id_number")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_notice", ["workspace_id", "next_notice_at"], unique=False)
        batch_op.create_index("ix_escalation_state", ["workspace_id", "state", "raised_at"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reporter", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("logged_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("removed_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "customer_id"], ["customer.workspace_id", "customer.id"], name=op.f("fk_feedback_workspace_id_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_feedback_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_feedback_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("workspace_id", "channel", "message_ts", name=op.f("uq_feedback_workspace_id_channel_message_ts")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_feedback_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_feedback_workspace_id_number")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_logged", ["workspace_id", "logged_at"], unique=False)
        batch_op.create_index("ix_feedback_release", ["workspace_id", "release_id"], unique=False)

    op.create_table(
        "follow",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("followed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_follow_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_follow_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_follow_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", "person", name=op.f("uq_follow_workspace_id_release_id_person")),
    )
    op.create_table(
        "item",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("updated", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["plan_import.workspace_id", "plan_import.id"], name=op.f("fk_item_workspace_id_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_item_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_item_workspace_id_team_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_item_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_item_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "source", "source_key", name=op.f("uq_item_workspace_id_source_source_key")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index("ix_item_release", ["workspace_id", "release_id", "state", "team_id"], unique=False)
        batch_op.create_index("ix_item_team", ["workspace_id", "team_id", "release_id"], unique=False)

    op.create_table(
        "release_name",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_release_name_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_release_name_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_name")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_release_name_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", "folded", name=op.f("uq_release_name_workspace_id_release_id_folded")),
    )
    with op.batch_alter_table("release_name", schema=None) as batch_op:
        batch_op.create_index("ix_release_name_folded", ["workspace_id", "folded"], unique=False)

    op.create_table(
        "release_reader",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_release_reader_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_release_reader_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_reader")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_release_reader_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", "person", name=op.f("uq_release_reader_workspace_id_release_id_person")),
    )
    op.create_table(
        "change",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("precision", sa.String(length=8), nullable=True),
        sa.Column("is_committed", sa.Boolean(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_kind", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("happened_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("voided_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=32), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["plan_import.workspace_id", "plan_import.id"], name=op.f("fk_change_workspace_id_import_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id", "item_id"], ["item.workspace_id", "item.id"], name=op.f("fk_change_workspace_id_item_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_change_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_change_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_change_workspace_id_id")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_item", ["workspace_id", "item_id", "happened_at", "id"], unique=False)
        batch_op.create_index("ix_change_recorded", ["workspace_id", "recorded_at"], unique=False)
        batch_op.create_index("ix_change_release", ["workspace_id", "release_id", "happened_at", "id"], unique=False)

    op.create_table(
        "dependency",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asking_team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=True),
        sa.Column("committed_on", sa.Date(), nullable=True),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("asked_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("asked_channel", sa.String(length=32), nullable=True),
        sa.Column("card_channel", sa.String(length=32), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("answer_reason", sa.String(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("next_reminder_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asked_team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_dependency_workspace_id_asked_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asking_team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_dependency_workspace_id_asking_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["plan_import.workspace_id", "plan_import.id"], name=op.f("fk_dependency_workspace_id_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"], ["item.workspace_id", "item.id"], name=op.f("fk_dependency_workspace_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_dependency_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_dependency_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependency")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_dependency_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "item_id", "asked_team_id", name=op.f("uq_dependency_workspace_id_item_id_asked_team_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_dependency_workspace_id_number")),
    )
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.create_index("ix_dependency_asked", ["workspace_id", "asked_team_id", "state"], unique=False)
        batch_op.create_index("ix_dependency_release", ["workspace_id", "release_id", "state", "asked_team_id"], unique=False)
        batch_op.create_index("ix_dependency_reminder", ["workspace_id", "next_reminder_at"], unique=False)

    op.create_table(
        "escalation_update",
        sa.Column("escalation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("said_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "escalation_id"],
            ["escalation.workspace_id", "escalation.id"],
            name=op.f("fk_escalation_update_workspace_id_escalation_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_escalation_update_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_update")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_escalation_update_workspace_id_id")),
    )
    with op.batch_alter_table("escalation_update", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_update_of", ["workspace_id", "escalation_id", "said_at"], unique=False)

    op.create_table(
        "supporter",
        sa.Column("feedback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("added_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "feedback_id"], ["feedback.workspace_id", "feedback.id"], name=op.f("fk_supporter_workspace_id_feedback_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_supporter_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter")),
        sa.UniqueConstraint("workspace_id", "feedback_id", "person", name=op.f("uq_supporter_workspace_id_feedback_id_person")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_supporter_workspace_id_id")),
    )
    op.create_table(
        "outbox",
        sa.Column("lane_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("slot", sa.String(length=200), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("not_before", models.base.Instant(timezone=True), nullable=True),
        sa.Column("expires_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("tried_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("settled_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cure", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "change_id"], ["change.workspace_id", "change.id"], name=op.f("fk_outbox_workspace_id_change_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id", "lane_id"], ["lane.workspace_id", "lane.id"], name=op.f("fk_outbox_workspace_id_lane_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_outbox_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_outbox_workspace_id_key")),
        sa.UniqueConstraint("workspace_id", "slot", name=op.f("uq_outbox_workspace_id_slot")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_change", ["workspace_id", "change_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_open",
            ["workspace_id", "lane_id", "state", "rank", "id"],
            unique=False,
            postgresql_where=sa.text("settled_at IS NULL"),
            sqlite_where=sa.text("settled_at IS NULL"),
        )
        batch_op.create_index("ix_outbox_state", ["workspace_id", "state", "settled_at"], unique=False)

    keep_audit(is_kept=True)


def downgrade() -> None:
    keep_audit(is_kept=False)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state")
        batch_op.drop_index("ix_outbox_open", postgresql_where=sa.text("settled_at IS NULL"), sqlite_where=sa.text("settled_at IS NULL"))
        batch_op.drop_index("ix_outbox_change")

    op.drop_table("outbox")
    op.drop_table("supporter")
    with op.batch_alter_table("escalation_update", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_update_of")

    op.drop_table("escalation_update")
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.drop_index("ix_dependency_reminder")
        batch_op.drop_index("ix_dependency_release")
        batch_op.drop_index("ix_dependency_asked")

    op.drop_table("dependency")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_release")
        batch_op.drop_index("ix_change_recorded")
        batch_op.drop_index("ix_change_item")

    op.drop_table("change")
    op.drop_table("release_reader")
    with op.batch_alter_table("release_name", schema=None) as batch_op:
        batch_op.drop_index("ix_release_name_folded")

    op.drop_table("release_name")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_team")
        batch_op.drop_index("ix_item_release")

    op.drop_table("item")
    op.drop_table("follow")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index("ix_feedback_release")
        batch_op.drop_index("ix_feedback_logged")

    op.drop_table("feedback")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_state")
        batch_op.drop_index("ix_escalation_notice")

    op.drop_table("escalation")
    op.drop_table("digest_issue")
    op.drop_table("team_member")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_index("ix_release_open")

    op.drop_table("release")
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index("ix_digest_due")

    op.drop_table("digest")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index("ix_team_channel")

    op.drop_table("team")
    with op.batch_alter_table("plan_import", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_import_at")

    op.drop_table("plan_import")
    op.drop_table("person")
    op.drop_table("method_pause")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_place")

    op.drop_table("message")
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.drop_index("ix_lane_ready", postgresql_where=sa.text("next_at IS NOT NULL"), sqlite_where=sa.text("next_at IS NOT NULL"))

    op.drop_table("lane")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_at")

    op.drop_table("inbox")
    op.drop_table("customer")
    op.drop_table("counter")
    with op.batch_alter_table("channel_member", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_member_person")

    op.drop_table("channel_member")
    op.drop_table("channel")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index("ix_audit_at")

    op.drop_table("audit")
    op.drop_table("workspace")
