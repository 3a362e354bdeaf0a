"""Commands that measure and check: data, understanding."""

import subprocess

import click

from journey.cli.prepare import bot_environment, model_path
from journey.cli.settings import Settings
from journey.desk.canned import load_replies
from journey.knowledge import load_knowledge


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(check)
    group.add_command(evaluate)


@click.group()
def check() -> None:
    """Check the owner's files."""


@check.command("data")
@click.pass_obj
def check_data(settings: Settings) -> None:
    """Check everything under data/: what is wrong, with file, line and field."""
    knowledge = load_knowledge(settings.data)
    products = len(knowledge.catalogue.products)
    replies = len(load_replies(settings.data / "replies.yml"))
    click.echo(
        f"{len(knowledge.needs)} needs, {products} products and {replies} replies of"
        " the desk are in order."
    )
    run_bot(settings, "bot.check_data")


@click.group()
def evaluate() -> None:
    """Measure on files of your own."""


@evaluate.command(
    "nlu",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def evaluate_nlu(settings: Settings, arguments: tuple[str, ...]) -> None:
    """Measure how well labelled files are understood; --help says how."""
    named = any(x in arguments for x in ("--train", "--model", "--help", "-h"))
    model = () if named else ("--model", str(model_path(settings)))
    run_bot(settings, "bot.evaluate", *arguments, *model)


def run_bot(settings: Settings, module: str, *arguments: str) -> None:
    """Run a module of the engine with its own interpreter.

    Raises:
        click.exceptions.Exit: the module said that something is wrong.
    """
    command = [str(settings.bot_python), "-m", module, *arguments]
    environment = bot_environment(settings)
    done = subprocess.run(command, cwd=settings.root, env=environment, check=False)
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)
