"""placeholder until the web's address is settled."""

import click


def register(group: click.Group) -> None:
    """Add this command to the group."""
