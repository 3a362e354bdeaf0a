from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from journey.store.engine import open_engine
from journey.store.migrate import migrate_database
from journey.store.tables import Base


def test_migrated_database_is_what_the_tables_say(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coach.db"
    migrate_database(url)
    migrate_database(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
