"""What the coach last asked: a short answer is read against it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from journey.store.tables import Pending
from journey.turn import Move, Turn

NOTHING = ""
DEEPEST = 5
"""More questions than this are never kept waiting behind one another."""
STALE = timedelta(days=1)
"""A question that was not answered for so long is not taken up again."""
PROMPT = "prompt"
LASTING = "execution"
"""What is about an order of a mandate waits as long as it takes."""


def row(turn: Turn) -> Pending:
    """Return the conversation's row, made when it is missing."""
    found = turn.session.get(Pending, turn.heard.conversation_id)
    if found is None:
        found = Pending(
            conversation_id=turn.heard.conversation_id,
            expects=NOTHING,
            about={},
            misses=0,
            stack=[],
            at=turn.now,
        )
        turn.session.add(found)
        turn.session.flush()
    return found


def expect(turn: Turn, expects: str, prompt: Move, **about: Any) -> Move:
    """Wait for an answer of a kind to `prompt`, in the place of what was waited for.

    Returns the prompt, so that a handler can say it.
    """
    pending = row(turn)
    _put(turn, pending, expects, {**about, PROMPT: _kept(prompt)})
    return prompt


def interrupt(turn: Turn, expects: str, prompt: Move, **about: Any) -> Move:
    """Wait for an answer and come back to what was waited for before."""
    pending = row(turn)
    alive = turn.now - pending.at < STALE or LASTING in pending.about
    same = pending.expects == expects and pending.about.get(LASTING) == about.get(
        LASTING
    )
    asked = PROMPT in pending.about and pending.expects != NOTHING
    if alive and asked and not same:
        below = {"expects": pending.expects, "about": dict(pending.about)}
        pending.stack = [*pending.stack, below][-DEEPEST:]
    return expect(turn, expects, prompt, **about)


def listen(turn: Turn, expects: str, **about: Any) -> None:
    """Hear what is said to something that was told; nothing of it is asked again."""
    _put(turn, row(turn), expects, about)


def hush(turn: Turn) -> None:
    """Go on hearing answers to what is waited for, without asking again."""
    pending = row(turn)
    pending.about = {k: v for k, v in pending.about.items() if k != PROMPT}


def done(turn: Turn) -> Pending:
    """Wait no more for this; what it interrupted is waited for again."""
    pending = row(turn)
    if pending.stack:
        *rest, below = pending.stack
        pending.stack = rest
        _put(turn, pending, below["expects"], below["about"])
    else:
        _put(turn, pending, NOTHING, {})
    return pending


def forget(turn: Turn, key: str, value: Any) -> None:
    """Wait no more for anything that is about a thing which has moved on."""
    pending = row(turn)
    pending.stack = [x for x in pending.stack if x["about"].get(key) != value]
    if pending.about.get(key) == value:
        done(turn)


def clear(turn: Turn) -> None:
    """Wait for nothing at all."""
    pending = row(turn)
    pending.stack = []
    _put(turn, pending, NOTHING, {})


def miss(turn: Turn) -> int:
    """Count a message that was not understood; return how many in a row."""
    pending = row(turn)
    pending.misses += 1
    return pending.misses


def prompt(pending: Pending) -> Move | None:
    """Return the question that still waits for its answer, to ask it again."""
    kept = pending.about.get(PROMPT) if pending.expects else None
    if not kept:
        return None
    buttons = tuple((title, payload) for title, payload in kept["buttons"])
    return Move(kept["response"], dict(kept["values"]), buttons=buttons)


def _put(turn: Turn, pending: Pending, expects: str, about: Mapping[str, Any]) -> None:
    pending.expects, pending.about, pending.at = expects, dict(about), turn.now
    turn.session.flush()


def _kept(move: Move) -> dict[str, Any]:
    return {
        "response": move.response,
        "values": dict(move.values),
        "buttons": [list(button) for button in move.buttons],
    }
