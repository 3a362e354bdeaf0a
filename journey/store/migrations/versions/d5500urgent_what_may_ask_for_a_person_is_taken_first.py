"""What may ask for a person is taken first."""

import sqlalchemy as sa
from alembic import op

revision = "d5500urgent"
down_revision = "b7200arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    urgent: sa.Column[bool] = sa.Column(
        "urgent", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("inbox", urgent)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("inbox") as batch_op:
        batch_op.drop_column("urgent")
