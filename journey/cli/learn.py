"""Commands about what was learned."""

from datetime import UTC, datetime

import click
from sqlalchemy import func, select

from journey.cli.settings import Settings
from journey.learning.refit import refit, roll_back
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
@click.option("--refit", "fit", is_flag=True, help="Fit a challenger to past choices.")
@click.option("--rollback", "back", is_flag=True, help="Let the model before serve.")
@click.pass_obj
def learn(settings: Settings, again: bool, fit: bool, back: bool) -> None:
    """Show what was learned; learn it again, refit the model, or take that back."""
    if again:
        _rebuild(settings)
    if fit:
        _refit(settings)
    if back:
        with open_sessions(open_engine(settings.database_url)).begin() as session:
            roll_back(session)
    with reading(open_engine(settings.database_url)) as session:
        click.echo(f"model: {model_id(session)}")
        click.echo(f"learned up to event: {learning_state(session)}")
        for words, table in COUNTED.items():
            count = session.scalar(select(func.count()).select_from(table))
            click.echo(f"{words}: {count}")


def _refit(settings: Settings) -> None:
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        found = refit(session, datetime.now(UTC))
    click.echo(f"choices looked at: {found.choices}")
    click.echo(f"foretold by what serves: {found.serving:.4f}")
    click.echo(f"foretold by the challenger: {found.challenger:.4f}")
    click.echo(f"promoted: {found.promoted or 'none, it must be better first'}")


def _rebuild(settings: Settings) -> None:
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        whole = lessons_in(session)
        with click.progressbar(length=whole, label="Learning from the log") as bar:
            rebuild(session, bar.update)
