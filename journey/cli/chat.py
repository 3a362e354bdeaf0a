"""The same conversation in the terminal, against the running system."""

from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from journey.cli.settings import Settings, make_secrets
from journey.cli.talk import Talk, open_talk

PATIENCE = 30.0
console = Console()


def register(group: click.Group) -> None:
    """Add this command to the group."""
    group.add_command(chat)


@click.command()
@click.option("--as", "user", help="Be this user, as if the site had signed you in.")
@click.pass_obj
def chat(settings: Settings, user: str | None) -> None:
    """Talk to the running coach; a number presses a button, Ctrl-D ends."""
    secret = make_secrets(settings.var)["COACH_SITE_SECRET"]
    try:
        with open_talk(settings.url, user, secret) as talk:
            run_chat(talk)
    except httpx.ConnectError as error:
        raise click.ClickException(
            f"nothing answers at {settings.url}; start it with: make run"
        ) from error
    except httpx.HTTPStatusError as error:
        raise click.ClickException(f"the coach refused: {error}") from error


def run_chat(talk: Talk) -> None:
    """Read, send and print until the input ends."""
    while True:
        try:
            text = console.input("[bold green]you[/] ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if text:
            talk.post(text)
            print_answers(talk)


def print_answers(talk: Talk) -> None:
    """Print what the coach says, or that it is still silent."""
    try:
        with console.status("…"):
            messages = list(talk.hear(PATIENCE))
    except httpx.ReadTimeout:
        console.print("[dim]No answer yet; it will come with the next one.[/]")
        return
    for message in messages:
        print_message(message)
    for number, button in enumerate(talk.buttons, 1):
        console.print(Text(f"   {number}  {button['title']}", style="cyan"))


def print_message(message: dict[str, Any]) -> None:
    """Print one message with its cards, tables and order."""
    content = message["content"]
    if message["text"]:
        console.print(Text("coach ", style="bold blue") + Text(message["text"]))
    for option in content.get("shortlist", {}).get("options", []):
        head = f"{option['name']}, {option['price']:.2f} {option['currency']}"
        console.print(Text(f"   {head}", style="bold"))
        console.print(Text(f"     + {option['reason']}"))
        console.print(Text(f"     - {option['drawback']}", style="dim"))
    if "comparison" in content:
        console.print(comparison_table(content["comparison"]))


def comparison_table(comparison: dict[str, Any]) -> Table:
    """Return a comparison as a table: a column an option."""
    table = Table("", *comparison["options"])
    for row in comparison["rows"]:
        table.add_row(*map(str, row))
    return table
