"""Keep the words that are said, so that close ones are offered and beginnings are found quickly.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

from models import vocabulary

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in vocabulary.SQLITE if op.get_bind().dialect.name == "sqlite" else vocabulary.POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE feedback_search_word")
        return
    op.execute("DROP TRIGGER feedback_search_keep_words ON feedback")
    op.execute("DROP FUNCTION feedback_search_keep_words()")
    op.execute("DROP TABLE feedback_search_word")
