"""Fallback: the engine found no rule, so the coach asks again in other words."""

from actions.turn import StageAction


class Fallback(StageAction):
    """Stands in for the engine's own fallback, which would take the message back."""

    stage = "default_fallback"
