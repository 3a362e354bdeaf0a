"""What a customer means to order together."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "shop0003cart"
down_revision = "proactive05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "cart_items",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("added_at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_cart_items_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_cart_items_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_items")),
        sa.UniqueConstraint(
            "customer_id",
            "product_id",
            name=op.f("uq_cart_items_customer_id_product_id"),
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("cart_items")
