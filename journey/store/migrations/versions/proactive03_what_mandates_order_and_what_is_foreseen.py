"""what mandates order, and when things are needed again."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = "proactive03"
down_revision = "l3arn1ngp4rt"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('foreseen',
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('product_id', sa.String(length=200), nullable=False),
    sa.Column('look_at', base.Instant(timezone=True), nullable=True),
    sa.Column('day', base.Instant(timezone=True), nullable=True),
    sa.Column('chance', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_foreseen_customer_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_foreseen_product_id')),
    sa.PrimaryKeyConstraint('customer_id', 'product_id', name=op.f('pk_foreseen'))
    )
    with op.batch_alter_table('foreseen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_foreseen_look_at'), ['look_at'], unique=False)

    op.create_table('executions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('mandate_id', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.String(length=200), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('address', sa.JSON(), nullable=True),
    sa.Column('state', sa.String(length=200), nullable=False),
    sa.Column('why', sa.String(length=200), nullable=True),
    sa.Column('order_at', base.Instant(timezone=True), nullable=False),
    sa.Column('act_at', base.Instant(timezone=True), nullable=True),
    sa.Column('announced_at', base.Instant(timezone=True), nullable=True),
    sa.Column('conversation_id', sa.String(length=200), nullable=True),
    sa.Column('order_id', sa.String(length=200), nullable=True),
    sa.Column('created_at', base.Instant(timezone=True), nullable=False),
    sa.Column('closed_at', base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_executions_customer_id')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandates.id'], name=op.f('fk_executions_mandate_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_executions_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_executions')),
    sa.UniqueConstraint('mandate_id', 'number', name=op.f('uq_executions_mandate_id_number'))
    )
    with op.batch_alter_table('executions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_executions_act_at'), ['act_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_executions_customer_id'), ['customer_id'], unique=False)

    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quantity', sa.Integer(), nullable=False, server_default='1'))



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.drop_column('quantity')

    with op.batch_alter_table('executions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_executions_customer_id'))
        batch_op.drop_index(batch_op.f('ix_executions_act_at'))

    op.drop_table('executions')
    with op.batch_alter_table('foreseen', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_foreseen_look_at'))

    op.drop_table('foreseen')
