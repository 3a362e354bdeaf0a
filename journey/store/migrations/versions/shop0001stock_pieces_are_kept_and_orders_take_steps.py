"""Pieces are kept for customers, orders take steps, refunds are recorded."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "shop0001stock"
down_revision = 'b7000threads'
branch_labels = None
depends_on = None

SHORT = sa.String(200)
ID = sa.String(32)
MONEY = sa.Numeric(12, 2)
INSTANT = base.Instant(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("products") as table:
        table.add_column(
            sa.Column("reserved", sa.Integer(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("external_id", SHORT))
        table.create_check_constraint(op.f("ck_products_reserved"), "reserved >= 0")
        table.create_unique_constraint(op.f("uq_products_external_id"), ["external_id"])
    with op.batch_alter_table("products") as table:
        table.alter_column("reserved", server_default=None)
    _orders()
    with op.batch_alter_table("order_items") as table:
        table.add_column(sa.Column("external_id", SHORT))
    _returns()
    op.create_table(
        "reservations",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_reservations_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_reservations_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint(
            "customer_id",
            "product_id",
            name=op.f("uq_reservations_customer_id_product_id"),
        ),
    )
    op.create_index(
        op.f("ix_reservations_product_id"), "reservations", ["product_id"]
    )
    op.create_index(op.f("ix_reservations_until"), "reservations", ["until"])


def _orders() -> None:
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("conversation_id", SHORT))
        table.add_column(sa.Column("channel", SHORT))
        table.add_column(
            sa.Column("way", SHORT, nullable=False, server_default="standard")
        )
        table.add_column(sa.Column("delivered_at", INSTANT))
        table.add_column(sa.Column("paid_at", INSTANT))
        table.add_column(sa.Column("pay_url", sa.String()))
        table.add_column(sa.Column("external_id", SHORT))
        table.create_index(op.f("ix_orders_external_id"), ["external_id"])
    with op.batch_alter_table("orders") as table:
        table.alter_column("way", server_default=None)
    # Where an order came from was told by the event of its placing.
    op.execute(
        """
        UPDATE orders SET
          conversation_id = (
            SELECT e.conversation_id FROM events e
            WHERE e.kind = 'order_placed' AND orders.once = e.message_id || '\\:order'),
          channel = (
            SELECT c.channel FROM events e JOIN conversations c
            ON c.id = e.conversation_id
            WHERE e.kind = 'order_placed' AND orders.once = e.message_id || '\\:order')
        """
    )
    op.create_table(
        "order_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("status", SHORT, nullable=False),
        sa.Column("by", SHORT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_steps_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_steps")),
    )
    op.create_index("ix_order_steps_order", "order_steps", ["order_id", "at"])


def _returns() -> None:
    with op.batch_alter_table("returns") as table:
        table.add_column(
            sa.Column("quantity", sa.Integer(), nullable=False, server_default="1")
        )
        table.add_column(sa.Column("received_at", INSTANT))
    op.execute(
        """
        UPDATE returns SET quantity = (
          SELECT i.quantity FROM order_items i WHERE i.id = returns.item_id)
        """
    )
    with op.batch_alter_table("returns") as table:
        table.alter_column("quantity", server_default=None)
    op.create_table(
        "refunds",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("once", SHORT, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("reason", SHORT, nullable=False),
        sa.Column("state", SHORT, nullable=False),
        sa.Column("external_id", SHORT),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("paid_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("order_id", "once", name=op.f("uq_refunds_order_id_once")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("refunds")
    op.drop_table("order_steps")
    op.drop_table("reservations")
    with op.batch_alter_table("returns") as table:
        table.drop_column("received_at")
        table.drop_column("quantity")
    with op.batch_alter_table("order_items") as table:
        table.drop_column("external_id")
    with op.batch_alter_table("orders") as table:
        table.drop_index(op.f("ix_orders_external_id"))
        for column in (
            "external_id",
            "pay_url",
            "paid_at",
            "delivered_at",
            "way",
            "channel",
            "conversation_id",
        ):
            table.drop_column(column)
    with op.batch_alter_table("products") as table:
        table.drop_constraint(op.f("ck_products_reserved"), type_="check")
        table.drop_constraint(op.f("uq_products_external_id"), type_="unique")
        table.drop_column("external_id")
        table.drop_column("reserved")
