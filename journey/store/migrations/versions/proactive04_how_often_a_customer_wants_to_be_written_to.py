"""how often a customer wants to be written to, over which time."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "proactive04"
down_revision = "shop0002errands"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table('contact_wishes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('span_days', sa.Integer(), nullable=True))



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('contact_wishes', schema=None) as batch_op:
        batch_op.drop_column('span_days')

