"""What customers are told about who answers them, in their language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from journey.language.words import Language
from journey.messages.buttons import issue
from journey.messages.conversations import SYSTEM
from journey.messages.outbox import Reply, put
from journey.store.tables import Conversation

Buttons = Sequence[tuple[str, str]]
"""Pairs of the key of a title and the payload that a press stands for."""
Answers = tuple[str | None, int]
"""The message that a text answers, and its number among the answers to it."""
NOTHING: Answers = (None, 0)


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
    answers: Answers = NOTHING,
) -> None:
    """Say a text of ours under the owner of this moment; the caller holds the row."""
    text = language.handoff[key].format(**(values or {}))
    buttons = [
        _button(session, conversation, language.handoff[title], payload, now)
        for title, payload in choices
    ]
    say(session, conversation, text, key, now, buttons, answers)


def say(
    session: Session,
    conversation: Conversation,
    text: str,
    notice: str,
    now: datetime,
    buttons: Sequence[Mapping[str, str]] = (),
    answers: Answers = NOTHING,
) -> None:
    """Put a text of ours on its way, under the name of its kind."""
    content: dict[str, object] = {"notice": notice}
    if buttons:
        content["buttons"] = list(buttons)
    put(
        session,
        conversation.id,
        Reply(text, content, SYSTEM),
        number=answers[1],
        answers_id=answers[0],
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
    token = issue(session, conversation.id, title=title, payload=payload, now=now)
    return {"title": title, "token": token}
