"""A stand-in engine as a process: `python -m tests.e2e.engine PORT`.

It says what it is asked to say, so that the page can be tried without a model.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import uvicorn
from sqlalchemy.orm import Session

from journey.owner import ownership
from journey.store.engine import database_url, open_engine
from tests.web.door import FakeDoor, Replies

CHAIRS = (
    (
        "Lind High-Back Desk Chair",
        189.0,
        "Tall back, seat goes up to 58 cm.",
        "Takes about 40 minutes to put together.",
    ),
    (
        "Moor Task Chair",
        129.5,
        "Light, and it stays under your budget.",
        "The armrests do not move.",
    ),
    (
        "Ansel Kneeling Stool",
        99.0,
        "Keeps the back upright on its own.",
        "Needs a week of getting used to.",
    ),
)


def option(rank: int) -> dict[str, Any]:
    name, price, reason, drawback = CHAIRS[rank - 1]
    return {
        "rank": rank,
        "product": f"chair-{rank}",
        "name": name,
        "brand": name.split()[0],
        "image": "desk-chair.svg",
        "price": price,
        "currency": "EUR",
        "unit": "piece",
        "reason": reason,
        "drawback": drawback,
        "delivery": "With you in 3 days",
        "choose": f'/choose_option{{"product": "chair-{rank}"}}',
    }


COMPARISON = {
    "options": [chair[0] for chair in CHAIRS[:2]],
    "rows": [["price", "€189.00", "€129.50"], ["seat height", "58 cm", "52 cm"]],
}
ORDER = {
    "number": 1042,
    "items": [{"name": "Lind High-Back Desk Chair", "quantity": 1, "price": 189.0}],
    "total": 189.0,
    "currency": "EUR",
    "deliver_by": "Thursday 26 November",
}


async def ask_for_person(letter: dict[str, Any]) -> Replies:
    """Do what the real one does when somebody wants a person, beside other turns."""
    await asyncio.to_thread(request, letter)
    return [{"text": "A person is on the way and sees all of this."}]


def request(letter: dict[str, Any]) -> None:
    """Hand a conversation over."""
    engine = open_engine(database_url())
    with Session(engine) as session, session.begin():
        ownership.request(
            session,
            letter["conversation_id"],
            by="coach",
            why="asked",
            at=datetime.now(UTC),
            message_id=letter["message_id"],
        )
    engine.dispose()


def answer(letter: dict[str, Any]) -> Replies | Awaitable[Replies]:
    """Answer by the first word that is known."""
    said = (letter.get("payload") or letter["text"]).lower()
    if "person" in said:
        return ask_for_person(letter)
    if "choose" in said:
        return [{"text": "Ordered.", "custom": {"order": ORDER}}]
    if "chair" in said or "show" in said:
        options = [option(rank) for rank in (1, 2, 3)]
        shortlist = {"id": "s1", "options": options}
        return [
            {"text": "These three fit somebody tall, without leather."},
            {"custom": {"shortlist": shortlist}},
        ]
    if "compare" in said:
        return [{"text": "Side by side:", "custom": {"comparison": COMPARISON}}]
    if "back" in said:
        buttons = [
            {"title": "Yes, show me", "payload": "/affirm show"},
            {"title": "Not yet", "payload": "/deny"},
        ]
        text = "A sore back wears you down. Shall I show you a few chairs?"
        return [{"text": text, "buttons": buttons}]
    return [{"text": f"re: {letter.get('text') or letter['payload']}"}]


def main() -> None:
    """Serve on a port until killed; COACH_TEST_DELAY seconds for each turn."""
    door = FakeDoor(answer)
    door.delay = float(os.environ.get("COACH_TEST_DELAY", "0.05"))
    config = uvicorn.Config(door.app, port=int(sys.argv[1]), log_level="warning")
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
