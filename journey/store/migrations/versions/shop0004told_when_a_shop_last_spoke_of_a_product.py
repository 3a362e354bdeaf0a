"""When a shop last spoke of a product."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "shop0004told"
down_revision = "h0ff00000002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("told_at", base.Instant(timezone=True), nullable=True)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_column("told_at")
