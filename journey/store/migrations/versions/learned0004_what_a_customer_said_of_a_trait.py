"""What a customer said of a trait stands for what was learned of it

Revision ID: learned0004
Revises: theirs0001
"""

import sqlalchemy as sa
from alembic import op

revision = "learned0004"
down_revision = "theirs0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learned_mutes", sa.Column("likes", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("learned_mutes", "likes")
