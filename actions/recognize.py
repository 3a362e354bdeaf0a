"""Recognize: hear what troubles somebody and coach them one step on."""

from actions.turn import StageAction


class Recognize(StageAction):
    """Runs on the intents that data/rules/recognize.yml gives to this stage."""

    stage = "recognize"
