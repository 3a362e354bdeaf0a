"""`python -m journey.cli` is the command `coach` of this very folder."""

from journey.cli import main

main(prog_name="coach")
