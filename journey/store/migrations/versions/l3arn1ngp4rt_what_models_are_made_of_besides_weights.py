"""what models are made of besides weights."""

import sqlalchemy as sa
from alembic import op

from journey.store.base import Instant

revision = "l3arn1ngp4rt"
down_revision = "proactive02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "model_parts",
        sa.Column("model_id", sa.String(200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["learning_models.id"], name="fk_model_parts_model_id"
        ),
        sa.PrimaryKeyConstraint("model_id", name="pk_model_parts"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("model_parts")
