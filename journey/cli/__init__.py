"""The command `coach`."""

from journey.cli.main import main

__all__ = ["main"]
