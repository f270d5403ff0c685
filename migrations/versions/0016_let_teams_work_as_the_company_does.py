"""Let teams work as the company does where they set nothing themselves: weekdays, countries, days off. User groups may be product operations.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_COMPANY = "(SELECT workspace.{name} FROM workspace WHERE workspace.id = team.workspace_id)"


def upgrade() -> None:
    op.execute("UPDATE workspace SET holidays = '' WHERE holidays IS NULL")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("product_operations_group")
        batch_op.add_column(sa.Column("weekdays", sa.String(length=7), nullable=False, server_default="01234"))
        batch_op.add_column(sa.Column("days_off", sa.String(), nullable=False, server_default=""))
        batch_op.alter_column("holidays", existing_type=sa.String(length=8), type_=sa.String(length=200), nullable=False, server_default="")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weekdays", sa.String(length=7), nullable=True))
        batch_op.alter_column("holidays", existing_type=sa.String(length=8), type_=sa.String(length=200))
        batch_op.alter_column("starts_at", existing_type=sa.Time(), nullable=True)
        batch_op.alter_column("ends_at", existing_type=sa.Time(), nullable=True)
    with op.batch_alter_table("user_group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_product_operations", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("user_group", schema=None) as batch_op:
        batch_op.alter_column("is_product_operations", server_default=None)
    # What is as the company has it was copied from there.
    starts, ends = (_COMPANY.format(name=name) for name in ("starts_at", "ends_at"))
    op.execute(f"UPDATE team SET starts_at = NULL, ends_at = NULL WHERE starts_at = {starts} AND ends_at = {ends}")
    op.execute(f"UPDATE team SET holidays = NULLIF(COALESCE(holidays, ''), {_COMPANY.format(name='holidays')})")


def downgrade() -> None:
    for name in ("holidays", "starts_at", "ends_at"):
        op.execute(f"UPDATE team SET {name} = COALESCE({name}, {_COMPANY.format(name=name)})")
    op.execute("UPDATE team SET holidays = NULL WHERE holidays = '' OR length(holidays) > 8")
    op.execute("UPDATE workspace SET holidays = '' WHERE length(holidays) > 8")
    with op.batch_alter_table("user_group", schema=None) as batch_op:
        batch_op.drop_column("is_product_operations")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.alter_column("starts_at", existing_type=sa.Time(), nullable=False)
        batch_op.alter_column("ends_at", existing_type=sa.Time(), nullable=False)
        batch_op.alter_column("holidays", existing_type=sa.String(length=200), type_=sa.String(length=8))
        batch_op.drop_column("weekdays")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.alter_column(
            "holidays", existing_type=sa.String(length=200), type_=sa.String(length=8), nullable=True, server_default=None
        )
        batch_op.drop_column("days_off")
        batch_op.drop_column("weekdays")
        batch_op.add_column(sa.Column("product_operations_group", sa.String(length=32), nullable=True))
    op.execute("UPDATE workspace SET holidays = NULL WHERE holidays = ''")
