"""promises, proactive messages and executions."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a3000000prom'
down_revision = 'a2000000chan'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
