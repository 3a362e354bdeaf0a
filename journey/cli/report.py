"""Reports for the owner, out of the log."""

import click

from journey.cli.settings import Settings
from journey.learning.monthly import by_month
from journey.store.engine import open_engine, reading


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(report)


@click.group()
def report() -> None:
    """Look at what the log says."""


@report.command("questions")
@click.pass_obj
def report_questions(settings: Settings) -> None:
    """Show how many questions a need took until it was confirmed, by month."""
    with reading(open_engine(settings.database_url)) as session:
        months = list(by_month(session))
    if not months:
        raise click.ClickException("no need was confirmed yet")
    click.echo("month    needs  questions  per need")
    for month in months:
        click.echo(
            f"{month.name}  {month.needs:5}  {month.questions:9}  {month.mean:8.2f}"
        )
