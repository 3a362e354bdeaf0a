"""A web process that kills itself: `python -m tests.e2e.dying_web PORT STEP COUNT`.

It dies by SIGKILL at the COUNT-th time that it comes to STEP.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import uvicorn

from journey.desk import ending, writing
from journey.messages import inbox, outbox
from journey.owner import ownership
from web.app import create_app
from web.desk import act
from web.door import Door
from web.sender import Sender
from web.turns import Turn
from web.worker import Worker

STEPS: dict[str, tuple[Any, str, str]] = {
    "before the message is committed": (inbox, "accept", "after"),
    "before the message is confirmed": (Worker, "nudge", "before"),
    "before the claim is committed": (inbox, "claim", "after"),
    "when the message is claimed": (Worker, "_take", "before"),
    "while the engine thinks": (Door, "turn", "during"),
    "before the answer is stored and sent": (Sender, "send_after", "before"),
    "before the answer is stored": (Turn, "answer", "before"),
    "before the answer is committed": (Turn, "answer", "after"),
    "before the sending is committed": (outbox, "send", "after"),
    "after the answer is sent": (Sender, "send_after", "after"),
}

DESK_STEPS: dict[str, tuple[Any, str, str]] = {
    "before a takeover is committed": (ownership, "move", "after"),
    "before an agent's answer is committed": (writing, "answer", "after"),
    "before a handing back is committed": (ending, "give_back", "after"),
    "before an agent is told that it is done": (act, "_do", "after"),
    "while the engine thinks and an agent takes over": (Door, "turn", "during"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(original: Callable[..., Any], moment: str, last: int) -> Callable[..., Any]:
    """Return a function that does the same until it is called for the last time."""
    calls = count(1)

    def once(*args: Any, **kwargs: Any) -> Any:
        # A claim of nothing, or a sending of nothing, is no step.
        is_last = next(calls) >= last
        if is_last and moment == "before":
            die()
        result = original(*args, **kwargs)
        if asyncio.iscoroutine(result):
            return _later(result, moment, is_last)
        if is_last and moment == "after" and result:
            die()
        return result

    return once


async def _later(running: Any, moment: str, is_last: bool) -> Any:
    if is_last and moment == "during":
        asyncio.get_running_loop().call_later(0.02, die)
    result = await running
    if is_last and moment == "after":
        die()
    return result


def main() -> None:
    """Serve until it dies."""
    port, step, last = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if step:
        owner, name, moment = (STEPS | DESK_STEPS)[step]
        setattr(owner, name, dying(getattr(owner, name), moment, last))
    uvicorn.run(create_app(), port=port, log_level="error", ws="none")


if __name__ == "__main__":
    main()
