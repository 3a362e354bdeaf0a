"""The next step that is suggested to an agent."""

from collections.abc import Sequence

from journey.desk.told import SHOWN, Told
from journey.owner.help import Rules

UNKNOWN = "asked"


def next_step(rules: Rules, reason: str, known: Told, overdue: Sequence[str]) -> str:
    """Return what to do first, then what is open in the journey."""
    steps = [rules.reasons.get(reason, rules.reasons[UNKNOWN]).next]
    if overdue:
        steps.append(rules.steps["overdue"].format(what=", ".join(overdue)))
    chosen = [x.product for x in known.options if x.choice == "chosen"]
    open_ones = [x.product for x in known.options if x.choice == SHOWN]
    if chosen:
        steps.append(rules.steps["chosen"].format(what=chosen[0]))
    elif open_ones:
        steps.append(rules.steps["options"].format(what=", ".join(open_ones[:2])))
    return " ".join(steps[:3])
