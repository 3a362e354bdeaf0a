"""Handoff: bring a person."""

from actions.turn import StageAction


class Handoff(StageAction):
    """Runs on the intents that data/rules/handoff.yml gives to this stage."""

    stage = "handoff"
