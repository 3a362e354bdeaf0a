"""How each kind of letter is told to Chatwoot."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from journey.theirs.letters import Kind, Load
from web.channels.faults import Refused
from web.desks.chatwoot import INCOMING, OUTGOING, Absent, Chatwoot


@dataclass(frozen=True)
class Arrived:
    """What Chatwoot made of a letter: its numbers for what is new."""

    message: str | None = None
    at: datetime | None = None
    contact: str | None = None
    key: str | None = None
    status: str | None = None


async def _open(desk: Chatwoot, load: Load) -> Arrived:
    """Make the customer and the conversation known, unless they are."""
    given = load.content
    contact = load.contact or await _contact(desk, load)
    if load.key:
        try:
            await desk.describe(load.key, given["attributes"])
            return Arrived(contact=contact, key=load.key)
        except Absent:
            # Somebody deleted it there.
            contact = await _contact(desk, load)
    key = None
    if load.attempts and not load.key:
        key = await desk.find_conversation(contact, load.conversation_id)
    key = key or await desk.add_conversation(
        contact, load.conversation_id, given["attributes"]
    )
    return Arrived(contact=contact, key=key, status="pending")


async def _contact(desk: Chatwoot, load: Load) -> str:
    identifier = load.content["identifier"]
    found = await desk.find_contact(identifier)
    return found or await desk.add_contact(identifier, load.content["name"])


async def _message(desk: Chatwoot, load: Load) -> Arrived:
    return await _write(desk, load, kind=INCOMING, private=False)


async def _said(desk: Chatwoot, load: Load) -> Arrived:
    return await _write(desk, load, kind=OUTGOING, private=False)


async def _note(desk: Chatwoot, load: Load) -> Arrived:
    return await _write(desk, load, kind=OUTGOING, private=True)


async def _write(desk: Chatwoot, load: Load, *, kind: int, private: bool) -> Arrived:
    """Write something, unless it arrived at an earlier try of which nobody told us."""
    if load.key is None:
        raise Refused("the conversation is not known there")
    text = load.content["text"]
    found = None
    if load.attempts:
        found = await desk.find_written(
            load.key, text, kind=kind, private=private, after=load.after
        )
    written = found or await desk.write(load.key, text, kind=kind, private=private)
    return Arrived(message=written.number, at=written.at)


async def _ask(desk: Chatwoot, load: Load) -> Arrived:
    if load.key is None:
        raise Refused("the conversation is not known there")
    await desk.turn(load.key, "open")
    return Arrived(status="open")


async def _leave(desk: Chatwoot, load: Load) -> Arrived:
    """Say that we have it, wherever an earlier letter may have arrived."""
    contact = load.contact or await desk.find_contact(load.content["identifier"])
    key = load.key
    if contact and not key:
        key = await desk.find_conversation(contact, load.conversation_id)
    if not key:
        return Arrived()
    written = await _write(desk, replace(load, key=key), kind=OUTGOING, private=True)
    await desk.turn(key, "pending")
    return replace(written, contact=contact, key=key, status="pending")


async def _forget(desk: Chatwoot, load: Load) -> Arrived:
    with suppress(Absent):
        await desk.forget_contact(load.content["contact"])
    return Arrived()


WAYS: Mapping[Kind, Callable[[Chatwoot, Load], Awaitable[Arrived]]] = {
    Kind.OPEN: _open,
    Kind.MESSAGE: _message,
    Kind.SAID: _said,
    Kind.NOTE: _note,
    Kind.ASK: _ask,
    Kind.LEAVE: _leave,
    Kind.FORGET: _forget,
}
