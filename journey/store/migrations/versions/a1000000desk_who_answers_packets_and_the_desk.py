"""who answers, packets and the desk."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a1000000desk'
down_revision = 'c9b3eab3b529'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
