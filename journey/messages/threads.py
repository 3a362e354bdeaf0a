"""The side of a conversation that a provider knows: its key, and where to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import buttons
from journey.messages.capabilities import Capability
from journey.messages.rendering import number_in
from journey.people.customers import known_as, meet_customer
from journey.store.tables import ButtonToken, Conversation, Thread


@dataclass(frozen=True)
class Origin:
    """Who writes where, as the provider says it.

    `key` stands for the conversation, `person` for who writes in it, and `address`
    is what the channel needs to answer there.
    """

    key: str
    person: str
    address: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None


def find_thread(session: Session, channel: str, key: str) -> Thread | None:
    """Return the thread under a provider's key."""
    query = select(Thread).where(Thread.channel == channel, Thread.key == key)
    return session.scalar(query)


def opened(
    session: Session, channel: str, origin: Origin, *, now: datetime
) -> tuple[Conversation, Thread]:
    """Return a conversation, held against other writers, and its thread.

    Both, and the customer, are made on first sight. The address is kept as it was
    last heard: an e-mail is answered under its newest subject.
    """
    if found := _held(session, channel, origin.key):
        conversation, thread = found
        address = {**thread.address, **origin.address}
        if address != thread.address:
            thread.address = address
        return conversation, thread
    known = known_as(channel, origin.person, origin.key)
    customer = meet_customer(
        session, channel, known, verified=False, name=origin.name, now=now
    )
    conversation = Conversation(
        customer_id=customer.id,
        channel=channel,
        position=0,
        created_at=now,
        active_at=now,
    )
    session.add(conversation)
    session.flush()
    thread = Thread(
        conversation_id=conversation.id,
        channel=channel,
        key=origin.key,
        address=dict(origin.address),
        choices=[],
    )
    session.add(thread)
    session.flush()
    return conversation, thread


def _held(
    session: Session, channel: str, key: str
) -> tuple[Conversation, Thread] | None:
    query = (
        select(Conversation, Thread)
        .join(Thread, Thread.conversation_id == Conversation.id)
        .where(Thread.channel == channel, Thread.key == key)
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def offer_choices(thread: Thread, tokens: Sequence[str]) -> None:
    """Let the tokens be named by their numbers until the customer writes."""
    if tokens:
        thread.choices = list(tokens)


def chosen(
    session: Session, thread: Thread, text: str, *, now: datetime
) -> ButtonToken | None:
    """Return what a bare number in an answer names, if choices were just listed."""
    number = number_in(text)
    if number is None or not 0 < number <= len(thread.choices):
        return None
    try:
        token = thread.choices[number - 1]
        return buttons.redeem(session, thread.conversation_id, token, now=now)
    except buttons.UnknownButton:
        return None


def is_open(can: Capability, heard_at: datetime | None, now: datetime) -> bool:
    """Tell whether free text may be written to who wrote last at `heard_at`."""
    if can.window is None:
        return True
    return heard_at is not None and now < heard_at + can.window
