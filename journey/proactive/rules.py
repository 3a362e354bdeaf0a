"""Whether a message of ours may go out now, later, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from journey.messages.capabilities import capability
from journey.owner.ownership import Owner
from journey.people.consent import Purpose, has_consent
from journey.proactive.plan import KINDS, written_since
from journey.proactive.wishes import Wishes
from journey.store.tables import (
    Conversation,
    Erasure,
    Inbox,
    Message,
    Proactive,
)

TALKING = timedelta(minutes=20)
"""After so much silence a conversation runs no more."""
PERSON = timedelta(minutes=15)
"""After so long we look again whether a person still has the conversation."""
CLOSED = timedelta(hours=1)
"""After so long we look again whether the customer has opened a window."""


@dataclass(frozen=True)
class Drop:
    """It is never sent."""

    why: str


@dataclass(frozen=True)
class Later:
    """It may be sent at another time."""

    at: datetime
    why: str


@dataclass(frozen=True)
class Allowed:
    """It may be sent now, in one of these conversations."""

    conversations: Sequence[Conversation]


Verdict = Drop | Later | Allowed


def judge(
    session: Session,
    row: Proactive,
    wishes: Wishes,
    now: datetime,
    *,
    templated: bool = False,
) -> Verdict:
    """Say whether a message may go out now.

    `templated`: there is an approved template that says it where a window is closed.
    The customer's conversations are held against other writers until the commit.
    """
    if now >= row.expires_at:
        return Drop(f"too late: {row.why}" if row.why else "too late")
    if not has_consent(session, row.customer_id, Purpose(row.purpose), now):
        return Drop("no consent")
    if _is_leaving(session, row.customer_id) or wishes.per_week == 0:
        return Drop("not wanted")
    conversations = _held(session, row.customer_id)
    return (
        _busy(session, conversations, now)
        or _often_enough(session, row, wishes, now)
        or _quiet(wishes, now)
        or _reachable(session, conversations, wishes, now, templated)
    )


def _held(session: Session, customer_id: str) -> list[Conversation]:
    query = select(Conversation).where(Conversation.customer_id == customer_id)
    query = query.order_by(Conversation.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _is_leaving(session: Session, customer_id: str) -> bool:
    query = select(exists().where(Erasure.customer_id == customer_id))
    return bool(session.scalar(query))


def _busy(
    session: Session, conversations: Sequence[Conversation], now: datetime
) -> Later | None:
    """Wait while a person has any of the conversations, or one is running."""
    if any(x.owner != Owner.BOT for x in conversations):
        return Later(now + PERSON, "a person has the conversation")
    ids = [x.id for x in conversations]
    owed = exists().where(Inbox.conversation_id.in_(ids), Inbox.state == "new")
    if session.scalar(select(owed)):
        return Later(now + TALKING, "the customer waits for an answer")
    last = max((x.active_at for x in conversations), default=now - TALKING)
    if last > now - TALKING:
        return Later(last + TALKING, "a conversation is running")
    return None


def _often_enough(
    session: Session, row: Proactive, wishes: Wishes, now: datetime
) -> Later | None:
    written = written_since(session, row.customer_id, now - wishes.span)
    if len(written) < wishes.per_week or not KINDS[row.kind].counted:
        return None
    return Later(written[-wishes.per_week] + wishes.span, "as often as wanted")


def _quiet(wishes: Wishes, now: datetime) -> Later | None:
    if not wishes.quiet.holds(now):
        return None
    return Later(wishes.quiet.next_allowed(now), "quiet hours")


def _reachable(
    session: Session,
    conversations: Sequence[Conversation],
    wishes: Wishes,
    now: datetime,
    templated: bool,
) -> Allowed | Later:
    wanted = [x for x in conversations if wishes.channel in (None, x.channel)]
    open_now = [x for x in wanted if _is_open(session, x, now, templated)]
    if open_now:
        return Allowed(open_now)
    return Later(now + CLOSED, "no channel is open")


def _is_open(
    session: Session, conversation: Conversation, now: datetime, templated: bool
) -> bool:
    """Tell whether the provider lets us write now; a template opens its window."""
    can = capability(conversation.channel)
    if can.window is None or (can.templates and templated):
        return True
    last = (
        select(Message.created_at)
        .where(
            Message.conversation_id == conversation.id,
            Message.direction == "in",
            Message.position.is_not(None),
        )
        .order_by(Message.position.desc())
    )
    heard = session.scalar(last.limit(1))
    return heard is not None and now - heard < can.window
