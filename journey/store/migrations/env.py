"""Alembic's entry: one connection, one transaction."""

from alembic import context

from journey.store.engine import open_engine
from journey.store.tables import Base

engine = open_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        user_module_prefix="base.",
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
