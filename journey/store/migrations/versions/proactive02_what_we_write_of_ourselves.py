"""what we write of ourselves, and when promises were moved."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "proactive02"
down_revision = "f100feeds001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('learned_contacts',
    sa.Column('customer_id', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=200), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('customer_id', 'channel', 'hour', name=op.f('pk_learned_contacts'))
    )
    op.create_table('learned_hours',
    sa.Column('channel', sa.String(length=200), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'hour', name=op.f('pk_learned_hours'))
    )
    op.create_table('contact_wishes',
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('per_week', sa.Integer(), nullable=True),
    sa.Column('quiet_from', sa.Integer(), nullable=True),
    sa.Column('quiet_until', sa.Integer(), nullable=True),
    sa.Column('channel', sa.String(length=200), nullable=True),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('at', base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_contact_wishes_customer_id')),
    sa.PrimaryKeyConstraint('customer_id', name=op.f('pk_contact_wishes'))
    )
    op.create_table('proactive_messages',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('once', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=200), nullable=False),
    sa.Column('why', sa.String(), nullable=True),
    sa.Column('due_at', base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', base.Instant(timezone=True), nullable=False),
    sa.Column('timed', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=200), nullable=True),
    sa.Column('channel', sa.String(length=200), nullable=True),
    sa.Column('hour', sa.Integer(), nullable=True),
    sa.Column('sent_at', base.Instant(timezone=True), nullable=True),
    sa.Column('answered_at', base.Instant(timezone=True), nullable=True),
    sa.Column('created_at', base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_proactive_messages_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proactive_messages')),
    sa.UniqueConstraint('customer_id', 'once', name=op.f('uq_proactive_messages_customer_id_once'))
    )
    with op.batch_alter_table('proactive_messages', schema=None) as batch_op:
        batch_op.create_index('ix_proactive_messages_due', ['state', 'due_at'], unique=False)

    op.create_table('watches',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('product_id', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('price', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('state', sa.String(length=200), nullable=False),
    sa.Column('created_at', base.Instant(timezone=True), nullable=False),
    sa.Column('closed_at', base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_watches_customer_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_watches_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches')),
    sa.UniqueConstraint('customer_id', 'product_id', 'kind', name=op.f('uq_watches_customer_id_product_id_kind'))
    )
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watches_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_watches_state'), ['state'], unique=False)

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('send_until', base.Instant(timezone=True), nullable=True))

    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_due_at', base.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('told_at', base.Instant(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_promises_state'), ['state'], unique=False)



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promises_state'))
        batch_op.drop_column('told_at')
        batch_op.drop_column('first_due_at')

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('send_until')

    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_watches_state'))
        batch_op.drop_index(batch_op.f('ix_watches_product_id'))

    op.drop_table('watches')
    with op.batch_alter_table('proactive_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_proactive_messages_due')

    op.drop_table('proactive_messages')
    op.drop_table('contact_wishes')
    op.drop_table('learned_hours')
    op.drop_table('learned_contacts')
