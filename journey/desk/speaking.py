"""What customers are told about who answers them, in their language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from journey.language.words import Language
from journey.messages import buttons
from journey.messages.conversations import SYSTEM
from journey.messages.outbox import Reply, put
from journey.store.tables import Conversation

Buttons = Sequence[tuple[str, str]]
"""Pairs of the key of a title and the payload that a press stands for."""


def language_of(
    languages: Mapping[str, Language], conversation: Conversation
) -> Language:
    """Return the language of a conversation, English when we do not speak it."""
    return languages.get(conversation.language) or languages["en"]


def tell(
    session: Session,
    conversation: Conversation,
    language: Language,
    key: str,
    *,
    now: datetime,
    values: Mapping[str, str] | None = None,
    choices: Buttons = (),
) -> None:
    """Say a text of ours under the owner of this moment; the caller holds the row."""
    content: dict[str, object] = {"notice": key}
    if choices:
        content["buttons"] = [
            _button(session, conversation, language.handoff[title], payload, now)
            for title, payload in choices
        ]
    put(
        session,
        conversation.id,
        Reply(language.handoff[key].format(**(values or {})), content, SYSTEM),
        number=0,
        answers_id=None,
        owner_version=conversation.owner_version,
        now=now,
    )


def _button(
    session: Session,
    conversation: Conversation,
    title: str,
    payload: str,
    now: datetime,
) -> dict[str, str]:
    token = buttons.issue(
        session, conversation.id, title=title, payload=payload, now=now
    )
    return {"title": title, "token": token}
