"""a company's own desk and what is on its way there."""

import sqlalchemy as sa
from alembic import op

from journey.store.base import Instant

revision = "theirs0001"
down_revision = "shop0004told"
branch_labels = None
depends_on = None

SHORT = sa.String(200)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "desk_threads",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("desk", SHORT, nullable=False),
        sa.Column("contact", SHORT),
        sa.Column("key", SHORT),
        sa.Column("handoff_id", SHORT),
        sa.Column("state", SHORT, nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("status", SHORT),
        sa.Column("changed_at", Instant(timezone=True)),
        sa.Column("agent", SHORT),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_desk_threads_conversation_id",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_desk_threads"),
        sa.UniqueConstraint("desk", "key", name="uq_desk_threads_desk_key"),
    )
    op.create_table(
        "desk_letters",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", SHORT, nullable=False),
        sa.Column("once", SHORT, nullable=False),
        sa.Column("kind", SHORT, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", SHORT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", SHORT),
        sa.Column("claimed_until", Instant(timezone=True)),
        sa.Column("retry_at", Instant(timezone=True)),
        sa.Column("failure", sa.String()),
        sa.Column("key", SHORT),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("sent_at", Instant(timezone=True)),
        sa.PrimaryKeyConstraint("number", name="pk_desk_letters"),
        sa.UniqueConstraint(
            "conversation_id", "once", name="uq_desk_letters_conversation_id_once"
        ),
    )
    op.create_index(
        "ix_desk_letters_work", "desk_letters", ["state", "conversation_id", "number"]
    )
    op.create_table(
        "desk_calls",
        sa.Column("id", SHORT, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_calls"),
    )
    op.create_index("ix_desk_calls_at", "desk_calls", ["at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("desk_calls")
    op.drop_table("desk_letters")
    op.drop_table("desk_threads")
