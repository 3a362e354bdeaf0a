"""catalogues that were imported: attributes, categories, variants, shops' own ids."""

import sqlalchemy as sa
from alembic import op

from journey.store.base import Instant

revision = "f100feeds001"
down_revision = "shop0001stock"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "catalogues",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("currency", sa.String(200), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_catalogues"),
    )
    for name, kind in (
        ("variant_of", sa.String(200)),
        ("sku", sa.String(200)),
        ("link", sa.String()),
    ):
        op.add_column("products", sa.Column(name, kind, nullable=True))
    op.create_index("ix_products_sku", "products", ["sku"])
    _retype_image(sa.String())


def downgrade() -> None:
    """Take the change back."""
    _retype_image(sa.String(200))
    op.drop_index("ix_products_sku", "products")
    for name in ("link", "sku", "variant_of"):
        op.drop_column("products", name)
    op.drop_table("catalogues")


def _retype_image(kind: sa.String) -> None:
    """Give the column another type; SQLite can do that only by way of a second one."""
    op.add_column("products", sa.Column("picture", kind, nullable=True))
    op.execute("UPDATE products SET picture = substr(image, 1, %d)" % (kind.length or 2000))
    op.drop_column("products", "image")
    op.execute("ALTER TABLE products RENAME COLUMN picture TO image")
