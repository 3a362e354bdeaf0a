"""A conversation over the web's own door, without a browser."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

Shown = dict[str, Any]


@dataclass
class Talk:
    """One customer at the website's chat: what the widget does, in Python."""

    client: httpx.Client
    position: int = 0
    buttons: list[Shown] = field(default_factory=list)

    def post(self, text: str) -> None:
        """Send what was typed; a number presses the button of that number."""
        body: Shown = {"id": uuid4().hex}
        if text.isdecimal() and 0 < int(text) <= len(self.buttons):
            body["token"] = self.buttons[int(text) - 1]["token"]
        else:
            body["text"] = text
        answer = self.client.post("/chat/messages", json=body)
        answer.raise_for_status()
        self.position = max(self.position, answer.json()["position"])
        self.buttons = []

    def events(self) -> Iterator[tuple[str, Shown]]:
        """Yield what the stream brings: `(event, data)`, from where we are on."""
        given = {"after": self.position}
        with self.client.stream("GET", "/chat/events", params=given) as stream:
            yield from _parse(stream.iter_lines())

    def hear(self, seconds: float) -> Iterator[Shown]:
        """Yield the coach's messages until it has nothing more to say.

        Raises:
            httpx.ReadTimeout: nothing came for so many seconds.
        """
        working = answered = False
        self.client.timeout = httpx.Timeout(seconds)
        for kind, data in self.events():
            if kind == "message" and data["author"] != "customer":
                self.position = data["position"]
                self.buttons += buttons_of(data["content"])
                answered = True
                yield data
            elif kind == "typing":
                if working and not data["on"] and answered:
                    return
                working = data["on"]
            if answered and not working:
                return


@contextmanager
def open_talk(url: str, user: str | None, site_secret: str) -> Iterator[Talk]:
    """Open the chat, as a stranger or as a user whom the site vouches for."""
    with httpx.Client(base_url=url) as client:
        body = {}
        if user:
            digest = hmac.new(site_secret.encode(), user.encode(), hashlib.sha256)
            body = {"user_id": user, "signature": digest.hexdigest()}
        answer = client.post("/chat/session", json=body)
        answer.raise_for_status()
        yield Talk(client, position=answer.json()["position"])


def buttons_of(content: Shown) -> list[Shown]:
    """Return everything in a message that can be pressed, in order."""
    options = content.get("shortlist", {}).get("options", [])
    cards = [
        {"title": option["name"], "token": option["choose"]}
        for option in options
        if option.get("choose")
    ]
    return cards + list(content.get("buttons", []))


def _parse(lines: Iterator[str]) -> Iterator[tuple[str, Shown]]:
    """Read server-sent events (WHATWG HTML, 9.2), the parts that ours have."""
    kind = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)
