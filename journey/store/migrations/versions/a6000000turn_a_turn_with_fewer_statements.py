"""a turn with fewer statements."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a6000000turn'
down_revision = 'a5000000lern'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
