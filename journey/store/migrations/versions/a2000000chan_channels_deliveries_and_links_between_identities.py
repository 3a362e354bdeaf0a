"""channels, deliveries and links between identities."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a2000000chan'
down_revision = 'a1000000desk'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
