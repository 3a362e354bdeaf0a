"""Commands about what was learned."""

import click
from sqlalchemy import func, select

from journey.cli.settings import Settings
from journey.learning.serving import learning_state, model_id
from journey.learning.state import lessons_in, rebuild
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import (
    LearnedNext,
    LearnedProduct,
    LearnedSign,
    LearnedTaste,
)

COUNTED = {
    "products that were shown or taken, by need": LearnedProduct,
    "products that followed others": LearnedNext,
    "products that customers took or refused": LearnedTaste,
    "signs of confirmed needs": LearnedSign,
}


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(learn)


@click.command()
@click.option("--rebuild", "again", is_flag=True, help="Learn it all from the log.")
@click.pass_obj
def learn(settings: Settings, again: bool) -> None:
    """Show what was learned, or learn all of it again from the log."""
    if again:
        _rebuild(settings)
    with reading(open_engine(settings.database_url)) as session:
        click.echo(f"model: {model_id(session)}")
        click.echo(f"learned up to event: {learning_state(session)}")
        for words, table in COUNTED.items():
            count = session.scalar(select(func.count()).select_from(table))
            click.echo(f"{words}: {count}")


def _rebuild(settings: Settings) -> None:
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        whole = lessons_in(session)
        with click.progressbar(length=whole, label="Learning from the log") as bar:
            rebuild(session, bar.update)
