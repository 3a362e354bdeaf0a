"""agents take, snooze, note and read."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "h0ff00000001"
down_revision = "proactive01"
branch_labels = None
depends_on = None

INSTANTS = ("told_at", "taken_at", "answered_at", "snoozed_until")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("handoffs") as batch:
        urgency = sa.Column("urgency", sa.Integer(), nullable=False, server_default="1")
        batch.add_column(urgency)
        batch.add_column(sa.Column("agent", sa.String(200)))
        batch.add_column(sa.Column("team", sa.String(200)))
        for name in INSTANTS:
            batch.add_column(sa.Column(name, base.Instant(timezone=True)))
        batch.add_column(sa.Column("outcome", sa.String()))
        batch.add_column(sa.Column("rating", sa.Integer()))
        batch.create_index("ix_handoffs_open", ["closed_at", "requested_at"])
    op.create_table(
        "notes",
        sa.Column("id", sa.String(32), primary_key=True),
        _conversation("notes"),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
    )
    op.create_index("ix_notes_conversation_id", "notes", ["conversation_id"])
    op.create_table(
        "presences",
        _conversation("presences"),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("typing_until", base.Instant(timezone=True)),
        sa.Column("here_until", base.Instant(timezone=True)),
        sa.PrimaryKeyConstraint("conversation_id", "who", name="pk_presences"),
    )


def _conversation(table: str) -> sa.Column[str]:
    name = f"fk_{table}_conversation_id"
    key = sa.ForeignKey("conversations.id", name=name)
    return sa.Column("conversation_id", sa.String(32), key, nullable=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("presences")
    op.drop_table("notes")
    with op.batch_alter_table("handoffs") as batch:
        batch.drop_index("ix_handoffs_open")
        for name in ("urgency", "agent", "team", *INSTANTS, "outcome", "rating"):
            batch.drop_column(name)
