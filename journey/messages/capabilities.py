"""What each channel can do; rendering and proactive messages go by this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Capability:
    """What one channel can do, as its provider publishes it.

    Lengths are counted in UTF-16 code units, or in UTF-8 bytes where `in_bytes`:
    never less than what the provider counts.
    """

    channel: str
    text: int
    """The longest text of one message."""
    body: int
    """The longest text of a message that carries buttons."""
    buttons: int = 0
    """How many buttons one message can carry; 0: choices are written and numbered."""
    title: int = 0
    """The longest title of a button."""
    cards: int = 0
    """How many cards one message can show; 0: they are written and numbered."""
    in_bytes: bool = False
    media: frozenset[str] = frozenset()
    """What customers can send beside text; each gets an honest answer."""
    pushes: bool = True
    """Whether messages are delivered to a provider; a page fetches its own."""
    window: timedelta | None = None
    """How long after a customer's last message free text may be written."""
    templates: bool = False
    """Whether an approved template may be sent when the window is closed."""
    forgeable: bool = False
    """Whether anybody can write under somebody else's address."""
    per_second: float = 20.0
    """How many messages the provider takes a second, in all conversations."""

    def length(self, text: str) -> int:
        """Return how long the provider may find a text."""
        if self.in_bytes:
            return len(text.encode())
        return len(text.encode("utf-16-le")) // 2


EVERYTHING = frozenset(
    {"image", "voice", "video", "file", "sticker", "location", "contact"}
)
CAPABILITIES: Mapping[str, Capability] = {
    c.channel: c
    for c in (
        Capability(
            "web", text=4000, body=4000, buttons=25, title=200, cards=4, pushes=False
        ),
        Capability(
            "webhook",
            text=20_000,
            body=20_000,
            buttons=25,
            title=200,
            cards=10,
            media=EVERYTHING,
            per_second=50,
        ),
        Capability(
            "telegram",
            text=4096,
            body=4096,
            buttons=20,
            title=60,
            media=EVERYTHING,
            per_second=25,
        ),
        Capability(
            "slack",
            text=3000,
            body=3000,
            buttons=25,
            title=75,
            cards=10,
            media=frozenset({"image", "voice", "video", "file"}),
            per_second=20,
        ),
        Capability(
            "whatsapp",
            text=4096,
            body=1024,
            buttons=10,
            title=20,
            media=EVERYTHING,
            window=DAY,
            templates=True,
            per_second=60,
        ),
        Capability(
            "messenger",
            text=2000,
            body=2000,
            buttons=13,
            title=20,
            media=frozenset({"image", "voice", "video", "file", "location"}),
            window=DAY,
            per_second=40,
        ),
        Capability(
            "instagram",
            text=1000,
            body=1000,
            buttons=13,
            title=20,
            in_bytes=True,
            media=frozenset({"image", "voice", "video"}),
            window=DAY,
            per_second=40,
        ),
        Capability(
            "sms", text=1600, body=1600, media=frozenset({"image"}), per_second=1
        ),
        Capability(
            "email",
            text=100_000,
            body=100_000,
            media=frozenset({"image", "voice", "video", "file"}),
            forgeable=True,
            per_second=5,
        ),
    )
}


def capability(channel: str) -> Capability:
    """Return what a channel can do; one that nobody described can do what a page can.

    A conversation of the command line or a test is read by whoever began it.
    """
    return CAPABILITIES.get(channel, CAPABILITIES["web"])
