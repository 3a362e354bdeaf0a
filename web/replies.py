"""The bot's words, made ready for the page: payloads stay here, tokens travel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from journey.messages import buttons
from journey.messages.outbox import Reply
from web.door import Said
from web.texts import Texts

PAYLOAD = "choose"
"""The key under which an attachment carries what a press on it means."""


class Writer:
    """Writes replies to one conversation."""

    def __init__(
        self, session: Session, conversation_id: str, texts: Texts, now: datetime
    ) -> None:
        self._session, self._texts, self._now = session, texts, now
        self._conversation_id = conversation_id

    def replies(self, said: Sequence[Said]) -> list[Reply]:
        """Return what is to be sent; a message without anything in it is left out."""
        made = [self._reply(one) for one in said]
        return [reply for reply in made if reply.text or reply.content]

    def button(self, title: str, payload: str) -> dict[str, str]:
        """Return a button as the page gets it."""
        token = buttons.issue(
            self._session,
            self._conversation_id,
            title=title,
            payload=payload,
            now=self._now,
        )
        return {"title": title, "token": token}

    def _reply(self, said: Said) -> Reply:
        content = self._sealed(said.custom or {})
        if said.buttons:
            content["buttons"] = [self.button(b.title, b.payload) for b in said.buttons]
        return Reply(said.text or "", content)

    def _sealed(self, custom: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._seal(value) for key, value in custom.items()}

    def _seal(self, value: Any) -> Any:
        """Return an attachment in which each payload became a token."""
        if isinstance(value, list):
            return [self._seal(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        sealed = self._sealed({k: v for k, v in value.items() if k != PAYLOAD})
        if PAYLOAD in value:
            title = self._texts.say("chosen", name=str(value.get("name", "")))
            sealed[PAYLOAD] = self.button(title, str(value[PAYLOAD]))["token"]
        return sealed
