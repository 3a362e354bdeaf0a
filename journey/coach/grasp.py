"""What a journey is about: settled, reflected, and offered for choice."""

from itertools import islice

from journey.coach import say
from journey.needs import answers
from journey.needs.schema import Need
from journey.store.tables import Journey
from journey.turn import Move, Turn

QUOTE = 90
"""Longer words of a customer are not said back whole."""


def settle(turn: Turn, journey: Journey, need: str) -> None:
    """Take a need as what the journey is about, and use what is known for it."""
    journey.need = need
    answers.recall(turn, journey, turn.knowledge.needs[need])
    turn.session.flush()


def reflection(turn: Turn, journey: Journey, moved: list[str]) -> list[Move]:
    """Give back what was heard: the two strongest cues, else the need, else nothing."""
    needs = [journey.need] if journey.need else moved
    texts = [text for need in needs if need for text in _heard(turn, need)]
    if texts:
        return [say.reflect(" ".join(islice(dict.fromkeys(texts), 2)))]
    if journey.need and journey.need in moved:
        name = turn.knowledge.needs[journey.need].name
        return [Move("utter_reflect_need", {"need": name})]
    return []


def _heard(turn: Turn, need_id: str) -> list[str]:
    need = turn.knowledge.needs[need_id]
    names = [str(entity.value) for entity in turn.heard.of("cue") if not entity.negated]
    cues = [need.cue(n.partition(".")[2]) for n in names if n.startswith(f"{need_id}.")]
    return [cue.reflection for cue in cues if cue]


def suggestions(turn: Turn, most: int = 3) -> tuple[say.Button, ...]:
    """Return needs to choose from: the commonest at this time of the year."""
    month = turn.now.month

    def weight(need: Need) -> float:
        return need.prior * need.season.get(month, 1)

    top = sorted(turn.knowledge.served.values(), key=weight, reverse=True)[:most]
    wants = say.says(turn)["i_want"]
    return tuple(
        say.button(wants.format(need=_mine(n.name)), "share_situation", need=n.need)
        for n in top
    )


def _mine(name: str) -> str:
    return name.replace("your", "my")


def quote(text: str) -> str:
    """Return the customer's words in one line, shortened at a word."""
    line = " ".join(text.split())
    if len(line) <= QUOTE:
        return line
    return line[:QUOTE].rsplit(" ", 1)[0] + " …"
