"""agents sign in at the desk."""

import sqlalchemy as sa
from alembic import op

from journey.store import base

revision = 'b51gn1n00001'
down_revision = 'a6000000turn'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('agents',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('shown_as', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('password', sa.String(length=200), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', base.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agents')),
    sa.UniqueConstraint('email', name=op.f('uq_agents_email')),
    sa.UniqueConstraint('name', name=op.f('uq_agents_name')),
    sa.UniqueConstraint('subject', name=op.f('uq_agents_subject'))
    )
    op.create_table('sign_in_tries',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=200), nullable=False),
    sa.Column('at', base.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_tries'))
    )
    with op.batch_alter_table('sign_in_tries', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_tries_address', ['address', 'at'], unique=False)
        batch_op.create_index('ix_sign_in_tries_name', ['name', 'at'], unique=False)

    op.create_table('agent_sessions',
    sa.Column('id', sa.String(length=200), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('opened_at', base.Instant(timezone=True), nullable=False),
    sa.Column('expires_at', base.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', base.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_agent_sessions_agent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_sessions'))
    )
    with op.batch_alter_table('agent_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agent_sessions_agent_id'), ['agent_id'], unique=False)

    op.create_table('customer_reads',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('customer_id', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('at', base.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_customer_reads_agent_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_customer_reads_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_reads'))
    )
    with op.batch_alter_table('customer_reads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_reads_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_customer_reads_last', ['agent_id', 'customer_id', 'at'], unique=False)



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('customer_reads', schema=None) as batch_op:
        batch_op.drop_index('ix_customer_reads_last')
        batch_op.drop_index(batch_op.f('ix_customer_reads_customer_id'))

    op.drop_table('customer_reads')
    with op.batch_alter_table('agent_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agent_sessions_agent_id'))

    op.drop_table('agent_sessions')
    with op.batch_alter_table('sign_in_tries', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_tries_name')
        batch_op.drop_index('ix_sign_in_tries_address')

    op.drop_table('sign_in_tries')
    op.drop_table('agents')
