"""Request: find what fits and help to choose."""

from actions.turn import StageAction


class Request(StageAction):
    """Runs on the intents that data/rules/request.yml gives to this stage."""

    stage = "request"
