"""the state of each periodic job."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "proactive01"
down_revision = "b51gn1n00001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "job_states",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("due_at", base.Instant(), nullable=False),
        sa.Column("ran_at", base.Instant(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job_states"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("job_states")
