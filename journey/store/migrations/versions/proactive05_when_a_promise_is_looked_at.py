"""when a promise is looked at."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "proactive05"
down_revision = "proactive04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.add_column(sa.Column('look_at', base.Instant(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_promises_look_at'), ['look_at'], unique=False)



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promises_look_at'))
        batch_op.drop_column('look_at')

