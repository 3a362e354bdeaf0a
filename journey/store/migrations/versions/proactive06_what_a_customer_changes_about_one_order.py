"""what a customer changes about one order of a mandate."""

import sqlalchemy as sa
from alembic import op

revision = "proactive06"
down_revision = "d5500urgent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table('executions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way', sa.String(length=200), nullable=False, server_default='standard'))
        batch_op.add_column(sa.Column('agreed', sa.Numeric(precision=12, scale=2), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('executions', schema=None) as batch_op:
        batch_op.drop_column('agreed')
        batch_op.drop_column('way')
