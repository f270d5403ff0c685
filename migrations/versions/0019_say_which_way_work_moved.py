"""Say of a move of work which way it went, beside the names, which change. Keep what went over with a duplicate, so that it comes back.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOVED = sa.text("field = 'work' AND before IS NOT NULL AND voided_at IS NULL")
OF_WORK = sa.text("field = 'team' AND item_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("change", sa.Column("is_in", sa.Boolean()))
    op.execute("""
        UPDATE change SET is_in = EXISTS (
            SELECT 1 FROM release WHERE release.workspace_id = change.workspace_id AND release.id = change.release_id
            AND change.after IN (release.name, release.source_key)
        ) OR EXISTS (
            SELECT 1 FROM release_name WHERE release_name.workspace_id = change.workspace_id
            AND release_name.release_id = change.release_id AND release_name.name = change.after
        )
        WHERE field = 'work' AND release_id IS NOT NULL
    """)
    op.drop_index("ix_change_moved", table_name="change")
    columns = ["workspace_id", "happened_at", "release_id", "item_id", "is_in"]
    op.create_index("ix_change_moved", "change", columns, sqlite_where=MOVED, postgresql_where=MOVED)
    of_team = ["workspace_id", "before", "happened_at", "item_id"]
    op.create_index("ix_change_work_team", "change", of_team, sqlite_where=OF_WORK, postgresql_where=OF_WORK)
    op.create_table(
        "joined",
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_joined_workspace_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "change_id"], ["change.workspace_id", "change.id"], name=op.f("fk_joined_workspace_id_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joined")),
        sa.UniqueConstraint("workspace_id", "change_id", "kind", "row_id", name=op.f("uq_joined_workspace_id_change_id_kind_row_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_joined_workspace_id_id")),
    )


def downgrade() -> None:
    op.drop_table("joined")
    op.drop_index("ix_change_work_team", table_name="change")
    op.drop_index("ix_change_moved", table_name="change")
    columns = ["workspace_id", "happened_at", "release_id", "item_id", "after"]
    op.create_index("ix_change_moved", "change", columns, sqlite_where=MOVED, postgresql_where=MOVED)
    op.drop_column("change", "is_in")
