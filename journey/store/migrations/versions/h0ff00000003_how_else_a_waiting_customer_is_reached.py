"""how else a waiting customer is reached."""

import sqlalchemy as sa
from alembic import op

revision = "h0ff00000003"
down_revision = "learned0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(200), nullable=True))
        batch_op.add_column(sa.Column("reach", sa.String(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.drop_column("reach")
        batch_op.drop_column("way")
