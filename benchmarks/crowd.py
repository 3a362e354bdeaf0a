"""Customers and agents of a load on the handoff, each as their browser would be."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import httpx

ASKS = "a person please"
COMES = "A person is on the way"
BEGINS = ("is here now", "takes over from here")
ENDS = ("I'm back, the AI again", "has closed this as settled")
JSON = {"accept": "application/json"}
PAUSE = 0.1
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""Digits in a row could be taken for those of a card, and masked on their way."""


@dataclass
class Score:
    """What everybody saw and did; conversations by their id."""

    asked: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    answered: list[float] = field(default_factory=list)
    """Seconds from what a customer said to the bot's answer to it on their page."""
    read: dict[str, set[str]] = field(default_factory=dict)
    takeovers: int = 0
    too_late: int = 0
    unseen: int = 0


@dataclass
class Customer:
    """Somebody who writes on and on, whoever answers."""

    http: httpx.AsyncClient
    number: int
    id: str = ""
    said: list[str] = field(default_factory=list)
    begun: dict[str, float] = field(default_factory=dict)
    """When each message was sent."""
    shown: list[tuple[str, str]] = field(default_factory=list)
    """Who and what, in the order in which the stream told it."""

    async def live(
        self, score: Score, chance: Random, messages: int, every: float
    ) -> None:
        """Say so many things, one of them the wish for a person."""
        opened = await self.http.post("/chat/session", json={})
        self.id = opened.raise_for_status().json()["conversation"]
        stream = asyncio.create_task(self.listen(score))
        wish = chance.randrange(messages)
        for n in range(messages):
            await asyncio.sleep(chance.uniform(every / 2, every * 1.5))
            if n == wish:
                score.asked[self.id] = time.perf_counter()
            await self.say(ASKS if n == wish else f"customer {self.number}, {n}")
        await stream

    async def say(self, text: str) -> None:
        """Send a message; what was accepted counts as said."""
        body = {"id": uuid4().hex, "text": text}
        self.begun[text] = time.perf_counter()
        (await self.http.post("/chat/messages", json=body)).raise_for_status()
        self.said.append(text)

    async def listen(self, score: Score) -> None:
        """Note what the stream shows, until cancelled."""
        async for kind, data in events(self.http, "/chat/events"):
            if kind == "message" and data["direction"] == "out":
                self.shown.append((data["author"], data["text"]))
                begun = self.begun.get(data["text"].removeprefix("re: "))
                if begun is not None:
                    score.answered.append(time.perf_counter() - begun)


async def events(
    http: httpx.AsyncClient, address: str
) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Yield what a stream of events tells, until cancelled.

    Raises:
        ConnectionError: it ended, which none does while somebody listens.
    """
    async with http.stream("GET", address, timeout=None) as response:
        kind = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                kind = line[6:].strip()
            elif line.startswith("data:"):
                yield kind, json.loads(line[5:])
    raise ConnectionError(f"{address} ended with {kind}")


def listed(page: str, name: str) -> list[str]:
    """Return the conversations of one list of the desk."""
    _, _, rest = page.partition(f'<ul id="{name}">')
    return re.findall(r'data-conversation="([^"]+)"', rest.partition("</ul>")[0])


@dataclass
class Agent:
    """One agent at the desk, who takes what waits, and now and then what does not."""

    http: httpx.AsyncClient
    name: str
    csrf: str = ""
    wrote: dict[str, list[str]] = field(default_factory=dict)
    helps: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    live: list[str] = field(default_factory=list)

    async def sign_in(self, password: str) -> None:
        """Sign in as the form does."""
        page = (await self.http.get("/desk/sign-in")).text
        form = {"name": self.name, "password": password, "token": value(page, "token")}
        await self.http.post("/desk/sign-in", data=form)
        self.csrf = value((await self.http.get("/desk/")).text, "csrf")

    async def watch(self, score: Score, chance: Random) -> None:
        """Bring the lists up to date when the stream says so; take what waits."""
        async for kind, _ in events(self.http, "/desk/events"):
            if kind not in ("ready", "board"):
                continue
            page = (await self.http.get("/desk/board")).text
            now = time.perf_counter()
            for one in listed(page, "waiting"):
                score.shown.setdefault(one, now)
                self.serve(one, score, chance)
            self.live = listed(page, "live")

    async def step_in(self, score: Score, chance: Random) -> None:
        """Take conversations over from the bot at any moment, until cancelled."""
        while True:
            await asyncio.sleep(chance.uniform(2, 6))
            if self.live:
                self.serve(chance.choice(self.live), score, chance)

    def serve(self, id: str, score: Score, chance: Random) -> None:
        """Begin to help somebody, beside everything else."""
        if id not in self.helps:
            task = asyncio.create_task(self.help(id, score, chance))
            self.helps[id] = task
            task.add_done_callback(lambda _: self.helps.pop(id))

    async def help(self, id: str, score: Score, chance: Random) -> None:
        """Take a conversation, write a little, and let it go as read."""
        await asyncio.sleep(chance.uniform(0, 1))
        if not await self.act(id, "take"):
            score.too_late += 1
            return
        score.takeovers += 1
        for _ in range(chance.randrange(1, 3)):
            await asyncio.sleep(chance.uniform(0.2, 2))
            text = f"{self.name} {uuid4().hex.translate(LETTERS)}"
            if await self.act(id, "write", text=text, once=uuid4().hex):
                self.wrote.setdefault(id, []).append(text)
        end = chance.choice(("back", "resolve"))
        while not await self.act(
            id, end, outcome="solved", seen=str(await self.look(id, score))
        ):
            score.unseen += 1

    async def look(self, id: str, score: Score) -> int:
        """Read a conversation as the page shows it; return the last position."""
        address = f"/desk/conversations/{id}/parts?after=0"
        parts = (await self.http.get(address)).raise_for_status().json()
        said = re.findall(r'<p class="text" dir="auto">([^<]*)</p>', parts["messages"])
        score.read.setdefault(id, set()).update(said)
        return int(parts["position"])

    async def act(self, id: str, name: str, **fields: str) -> bool:
        """Press a button; False when the desk refuses."""
        address = f"/desk/conversations/{id}/{name}"
        form = {"csrf": self.csrf, **fields}
        response = await self.http.post(address, data=form, headers=JSON)
        if response.status_code == httpx.codes.CONFLICT:
            return False
        response.raise_for_status()
        return True


def value(page: str, name: str) -> str:
    """Return a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


async def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds, at most so long."""
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            return False
        await asyncio.sleep(PAUSE)
    return True
