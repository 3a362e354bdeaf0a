"""Commands about what was learned."""

from datetime import UTC, datetime

import click
from sqlalchemy import func, select

from journey.cli.settings import Settings
from journey.learning.contest import compete, settle
from journey.learning.kinds import KINDS
from journey.learning.promotion import roll_back
from journey.learning.ready import read_models
from journey.learning.serving import learning_state
from journey.learning.state import lessons_in, rebuild
from journey.learning.weights import KIND
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
@click.option("--refit", "fit", is_flag=True, help="Let challengers compete.")
@click.option(
    "--rollback",
    "back",
    type=click.Choice([KIND, *(kind.name for kind in KINDS)]),
    help="Let the model of this kind serve that did before.",
)
@click.pass_obj
def learn(settings: Settings, again: bool, fit: bool, back: str | None) -> None:
    """Show what was learned; learn it again, refit the models, or take one back."""
    if again:
        _rebuild(settings)
    if fit:
        _refit(settings)
    if back:
        with open_sessions(open_engine(settings.database_url)).begin() as session:
            roll_back(session, back)
    with reading(open_engine(settings.database_url)) as session:
        click.echo(f"models: {read_models(session).id}")
        click.echo(f"learned up to event: {learning_state(session)}")
        for words, table in COUNTED.items():
            count = session.scalar(select(func.count()).select_from(table))
            click.echo(f"{words}: {count}")


def _refit(settings: Settings) -> None:
    now, sessions = datetime.now(UTC), open_sessions(open_engine(settings.database_url))
    with sessions() as session:
        found = compete(session, now)
    for one in found:
        with sessions.begin() as session:
            name = settle(session, one, now)
        click.echo(
            f"{one.kind}: {one.answers} answers, what serves {one.serving:.4f},"
            f" challenger {one.challenger:.4f};"
            f" promoted: {name or 'none, it must be better first'}"
        )


def _rebuild(settings: Settings) -> None:
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        whole = lessons_in(session)
        with click.progressbar(length=whole, label="Learning from the log") as bar:
            rebuild(session, bar.update)
