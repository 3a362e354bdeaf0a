"""carts, refunds and other shops."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'a4000000shop'
down_revision = 'a3000000prom'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""
