"""one open handoff a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "h0ff00000002"
down_revision = "shop0003cart"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Apply the change."""
    op.create_index(
        "uq_handoffs_one",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("uq_handoffs_one", "handoffs")
