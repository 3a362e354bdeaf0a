"""Respond: order, and look after what was ordered."""

from actions.turn import StageAction


class Respond(StageAction):
    """Runs on the intents that data/rules/respond.yml gives to this stage."""

    stage = "respond"
