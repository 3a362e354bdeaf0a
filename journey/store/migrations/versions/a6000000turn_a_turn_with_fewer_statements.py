"""a turn with fewer statements."""

from alembic import op

revision = "a6000000turn"
down_revision = "c9b3eab3b529"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    for table, old, new, columns in (
        ("journeys", "customer_id", "open", ["customer_id", "state", "stage_at"]),
        ("options", "journey_id", "taken", ["journey_id", "choice"]),
        ("shortlists", "journey_id", "last", ["journey_id", "at"]),
    ):
        op.create_index(f"ix_{table}_{new}", table, columns)
        op.drop_index(f"ix_{table}_{old}", table)
    op.create_index("ix_events_message_id", "events", ["message_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_events_message_id", "events")
    for table, old, new in (
        ("journeys", "customer_id", "open"),
        ("options", "journey_id", "taken"),
        ("shortlists", "journey_id", "last"),
    ):
        op.create_index(f"ix_{table}_{old}", table, [old])
        op.drop_index(f"ix_{table}_{new}", table)
