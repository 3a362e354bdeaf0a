"""Repeat: greet again, ask how it went, keep and forget."""

from actions.turn import StageAction


class Repeat(StageAction):
    """Runs on the intents that data/rules/repeat.yml gives to this stage."""

    stage = "repeat"
