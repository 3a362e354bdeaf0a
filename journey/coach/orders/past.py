"""Days that are over: nothing can be with anybody by then, and we say so."""

from journey.coach import back
from journey.curate.wishes import is_over
from journey.turn import Move, Turn

WISHES = frozenset({"give_preference", "ask_recommendation", "order_product"})
BESIDES = ("product", "category", "brand", "need", "cue", "money", "reference")
"""What a message with such a day may be about besides."""


def answer(turn: Turn) -> list[Move] | None:
    """Answer a message that wishes for a day that is over, and nothing else."""
    moves = remark(turn)
    if not moves or turn.heard.of(*BESIDES):
        return None
    return [*moves, *back.way_back(turn)]


def remark(turn: Turn) -> list[Move]:
    """Say that a day is over, when one is wished for."""
    if turn.heard.intent not in WISHES:
        return []
    wanted = [x for x in turn.heard.of("date") if x.value["op"] == "<="]
    over = any(is_over(entity, turn.now.date()) for entity in wanted)
    return [Move("utter_day_over")] if over else []
