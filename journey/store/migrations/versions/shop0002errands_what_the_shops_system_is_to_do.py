"""What the shop's own system is to do, and which of its messages were taken."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "shop0002errands"
down_revision = "b7100linking"
branch_labels = None
depends_on = None

SHORT = sa.String(200)
INSTANT = base.Instant(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("shop_number", SHORT))
    op.create_table(
        "errands",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", SHORT, nullable=False),
        sa.Column("once", SHORT, nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("state", SHORT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", SHORT),
        sa.Column("claimed_until", INSTANT),
        sa.Column("retry_at", INSTANT),
        sa.Column("failure", sa.String()),
        sa.Column("told_at", INSTANT),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_errands_order_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_errands")),
        sa.UniqueConstraint("order_id", "once", name=op.f("uq_errands_order_id_once")),
    )
    op.create_index("ix_errands_work", "errands", ["state", "order_id", "number"])
    op.create_table(
        "shop_notices",
        sa.Column("platform", SHORT, nullable=False),
        sa.Column("id", SHORT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_shop_notices")),
    )
    op.create_index(op.f("ix_shop_notices_at"), "shop_notices", ["at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("shop_notices")
    op.drop_table("errands")
    with op.batch_alter_table("orders") as table:
        table.drop_column("shop_number")
