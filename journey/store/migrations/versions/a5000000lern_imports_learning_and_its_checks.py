"""imports, learning and its checks."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a5000000lern'
down_revision = 'a4000000shop'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
