"""What a customer said, whichever way: typed, pressed, named by number, or sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from journey.messages import buttons, cleaning, threads
from journey.store.tables import Thread
from web.channels.incoming import Incoming, Kind
from web.texts import Texts
from web.turns import notice


@dataclass(frozen=True)
class Said:
    """A customer's message as it will be stored."""

    text: str
    payload: str | None = None
    content: Mapping[str, Any] | None = None


def what_is_said(
    session: Session, thread: Thread, one: Incoming, texts: Texts, now: datetime
) -> Said:
    """Return what a message says; what says nothing is answered by a text of ours."""
    if one.kind == Kind.PRESS:
        return _pressed(session, thread, one, now)
    if one.kind == Kind.START:
        return Said(texts.say("hello"))
    if one.kind == Kind.MEDIA:
        return _shown(one, texts)
    if button := threads.chosen(session, thread, one.text, now=now):
        return Said(button.title, button.payload, {"typed": one.text.strip()[:20]})
    return written(one.text)


def written(text: str) -> Said:
    """Return a text as it may be kept."""
    try:
        return Said(cleaning.clean(text))
    except cleaning.Empty:
        return Said("", notice("unreadable"))
    except cleaning.TooLong:
        return Said(written(text[: cleaning.LONGEST]).text, notice("too_long"))


def _pressed(session: Session, thread: Thread, one: Incoming, now: datetime) -> Said:
    try:
        button = buttons.redeem(
            session, thread.conversation_id, one.token or "", now=now
        )
    except buttons.UnknownButton:
        return Said(one.text, notice("unknown_button"))
    return Said(button.title, button.payload)


def _shown(one: Incoming, texts: Texts) -> Said:
    """Keep what was sent beside words for a person; answer a caption's words."""
    content = {"media": [dict(medium) for medium in one.media]}
    kind = str(one.media[0].get("kind", "unknown"))
    if f"sent_{kind}" not in texts.words:
        kind = "unknown"
    if one.text.strip():
        caption = written(one.text)
        return Said(caption.text, caption.payload, content)
    return Said(texts.say(f"sent_{kind}"), notice(f"got_{kind}"), content)
