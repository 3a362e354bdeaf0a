"""Random takeovers under load: double answers, lost messages, time to the screen.

    .venv/bin/python -m benchmarks.handoffs [--customers 200 --agents 5]
        [--messages 8 --every 4]

A web process and an engine that thinks 0.2 s, each in a process of their own, on
SQLite. Customers write every so many seconds, whoever answers; each asks for a
person once. Agents take what waits, take over from the bot at random moments, write,
and hand back or resolve. What is counted is what the customers' streams and the
agents' screens showed.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.crowd import (
    ASKS,
    BEGINS,
    COMES,
    ENDS,
    Agent,
    Customer,
    Score,
    until,
)
from benchmarks.messages import table
from benchmarks.served import PASSWORD, cpu, running
from journey.messages.inbox import State
from journey.store.engine import open_engine
from journey.store.tables import Inbox

PATIENCE = 300


async def play(
    url: str,
    database: str,
    customers: int,
    names: Sequence[str],
    messages: int,
    every: float,
) -> tuple[list[Customer], list[Agent], Score, float]:
    """Let everybody talk until nobody waits; return what they saw, and how long."""
    score, begun = Score(), time.perf_counter()
    people = [Customer(browser(url), n) for n in range(customers)]
    desk = [Agent(browser(url), name) for name in names]
    for agent in desk:
        await agent.sign_in(PASSWORD)
    loops = [
        asyncio.create_task(loop)
        for n, agent in enumerate(desk)
        for loop in (
            agent.watch(score, Random(n)),
            agent.step_in(score, Random(-n - 1)),
        )
    ]
    lives = [
        asyncio.create_task(one.live(score, Random(1000 + one.number), messages, every))
        for one in people
    ]
    await until(
        lambda: (
            any(x.done() for x in (*loops, *lives))
            or all(len(one.said) == messages for one in people)
        ),
        600,
    )
    lasted = time.perf_counter() - begun
    for stepping_in in loops[1::2]:
        stepping_in.cancel()
    await until(
        lambda: not any(x.helps for x in desk) and left(database) == 0, PATIENCE
    )
    await asyncio.sleep(2)
    for task in (*loops, *lives):
        task.cancel()
    ends = await asyncio.gather(*loops, *lives, return_exceptions=True)
    raise_faults(ends)
    return people, desk, score, lasted


def browser(url: str) -> httpx.AsyncClient:
    """Return a browser of its own, which lets no connection grow as old as the server.

    One that the server closes just then would break what a real browser sends again.
    """
    limits = httpx.Limits(keepalive_expiry=1)
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=60, limits=limits)


def raise_faults(ends: Sequence[object]) -> None:
    """Raise what broke: a figure with a dead customer in it would be none."""
    for end in ends:
        if isinstance(end, Exception):
            raise end


def left(database: str) -> int:
    """Return how many messages nobody has answered or read yet."""
    engine = open_engine(database)
    with Session(engine) as session:
        done = [State.DONE, State.FAILED]
        rows = session.scalars(
            select(Inbox.message_id).where(Inbox.state.not_in(done))
        ).all()
    engine.dispose()
    return len(rows)


def doubles(one: Customer) -> int:
    """Count answers that came twice, and what the bot said while a person had it."""
    answers = Counter(text for _, text in one.shown if text.startswith("re: "))
    twice = sum(count - 1 for count in answers.values())
    is_persons, between = False, 0
    for author, text in one.shown:
        is_persons = is_persons or any(words in text for words in BEGINS)
        is_persons = is_persons and not any(words in text for words in ENDS)
        between += is_persons and author == "coach"
    return twice + between


def lost(one: Customer, agents: Sequence[Agent], score: Score) -> int:
    """Count what a customer said that nobody answered or read, and the reverse."""
    texts = {text for _, text in one.shown}
    heard = {text.removeprefix("re: ") for text in texts} | score.read.get(
        one.id, set()
    )
    if any(COMES in text for text in texts):
        heard.add(ASKS)
    unheard = [text for text in one.said if text not in heard]
    sent = [text for agent in agents for text in agent.wrote.get(one.id, ())]
    return len(unheard) + len([text for text in sent if text not in texts])


def waits(people: Sequence[Customer], score: Score) -> list[float]:
    """Return the seconds from each request to the first screen that showed it."""
    came = {x.id for x in people if any(COMES in text for _, text in x.shown)}
    return sorted(
        score.shown[id] - begun
        for id, begun in score.asked.items()
        if id in came and id in score.shown
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of sorted ones is."""
    return values[min(len(values) - 1, int(len(values) * share))]


def report(
    people: Sequence[Customer],
    agents: Sequence[Agent],
    score: Score,
    lasted: float,
    used: float,
) -> str:
    """Return the figures as a table in Markdown."""
    said = sum(len(one.said) for one in people)
    screen, answers = waits(people, score), sorted(score.answered)
    rows = [
        ["conversations, customers' messages", f"{len(people)}, {said}"],
        ["messages a second", f"{said / lasted:.0f}"],
        ["the web process for each message", f"{used / said * 1000:.0f} ms of a core"],
        ["requests for a person that an agent's screen showed", str(len(screen))],
        ["taken by an agent", str(score.takeovers)],
        ["clicks that came after a colleague's", str(score.too_late)],
        ["ends refused: the customer had just written", str(score.unseen)],
        ["double answers", str(sum(doubles(one) for one in people))],
        ["lost messages", str(sum(lost(one, agents, score) for one in people))],
    ]
    for name, share in (("median", 0.5), ("99 %", 0.99)):
        took, bots = quantile(screen, share), quantile(answers, share)
        rows += [
            [f"the bot's answer on the customer's page, {name}", f"{bots:.2f} s"],
            [f"request on an agent's screen, {name}", f"{took:.2f} s"],
            [f"ratio, {name}", f"{took / bots:.2f}"],
        ]
    return table(["what", "figure"], rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--agents", type=int, default=5)
    parser.add_argument("--messages", type=int, default=8, help="of each customer")
    parser.add_argument("--every", type=float, default=4, help="seconds between them")
    given = parser.parse_args()
    names = [f"agent{n}" for n in range(given.agents)]
    with running(names) as (url, database, pid):
        begun = cpu(pid)
        played = play(
            url, database, given.customers, names, given.messages, given.every
        )
        print(report(*asyncio.run(played), used=cpu(pid) - begun))


if __name__ == "__main__":
    main()
