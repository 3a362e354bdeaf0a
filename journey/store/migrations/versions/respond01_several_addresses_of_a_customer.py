"""Several addresses of a customer."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "respond01"
down_revision = "h0ff00000003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "addresses",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("added_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_addresses_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
    )
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.create_index("ix_addresses_customer_id", ["customer_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("addresses")
