"""How fast things go at the customer's: heard once, used from then on."""

from journey import pending
from journey.coach import back
from journey.foresight import uses
from journey.foresight.uses import Rate
from journey.language.words import split
from journey.people import facts
from journey.turn import Move, Turn

BESIDES = ("cue", "product")
SHORT = 9
"""A message of no more words is about what is used, whatever need it sounds like."""
TAKEN = frozenset({"share_situation", "give_preference", "out_of_scope", "state_goal"})


def answer(turn: Turn) -> list[Move] | None:
    """Keep how much is used; say so when a message says nothing else."""
    language = turn.knowledge.language(turn.heard.language)
    rate = uses.hear(turn.heard.text, turn.knowledge.uses, language)
    if rate is None or turn.heard.intent not in TAKEN:
        return None
    _keep(turn, rate)
    long = len(split(turn.heard.text)) > SHORT and turn.heard.of("need")
    asked = pending.row(turn).expects == "answer"
    if long or asked or turn.heard.of(*BESIDES):
        return None
    category = turn.knowledge.catalogue.categories.get(rate.use.category)
    values = {
        "amount": f"{rate.per_day:.3g} {rate.word}",
        "what": category.name if category else rate.use.category,
    }
    return [Move("utter_use_noted", values), *back.way_back(turn)]


def _keep(turn: Turn, rate: Rate) -> None:
    facts.learn(
        turn,
        rate.use.about,
        rate.value,
        journey=None,
        said=turn.heard.text,
    )
