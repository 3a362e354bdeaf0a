"""What providers told, and nobody took in yet."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "b7200arrivals"
down_revision = "respond01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "arrivals",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", base.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_arrivals"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("arrivals")
