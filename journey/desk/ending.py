"""How a person lets go: back to the bot, resolved, and taken up again."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs, presence, speaking
from journey.desk.handoffs import NoHandoff, State, Unseen, Who
from journey.desk.outcome import KEPT_BY_AGENT, Outcome, read_outcome
from journey.desk.taking import held, take
from journey.language.words import Language
from journey.messages import inbox
from journey.owner import ownership
from journey.owner.help import Help
from journey.owner.ownership import Owner, locked
from journey.promises import promises
from journey.store.tables import Conversation, Handoff, Message

RATE = "desk:rate"
"""A press on a rating stands for `desk:rate:<handoff>:<1 to 5>`."""
RATINGS = (5, 4, 3, 2, 1)


def give_back(
    session: Session,
    conversation_id: str,
    *,
    by: Who,
    outcome: str,
    seen: int,
    help: Help,
    now: datetime,
    due: date | None = None,
) -> Outcome:
    """Hand a conversation back to the bot with one line on how it ended.

    The bot reads the line: a thing with a day becomes a promise, and the customer
    is told in our words, never in the agent's. `seen` is the last position on the
    agent's screen; `due` a day that outweighs what the line says.

    Raises:
        NotYours: the agent does not have it.
        Unseen: the customer wrote meanwhile.
    """
    conversation, handoff = held(session, conversation_id, by)
    _must_have_seen(session, conversation, by, seen, now)
    language = speaking.language_of(help.languages, conversation)
    meant = read_outcome(outcome, help.languages["en"], help.people, now, due)
    _end(session, conversation, handoff, State.RETURNED, by, outcome, now)
    _promise(session, conversation, handoff, meant, by, now)
    speaking.tell(
        session,
        conversation,
        language,
        meant.says,
        now=now,
        values={
            "agent": by.shown_as,
            "day": language.day(meant.due) if meant.due else "",
        },
    )
    return meant


def resolve(
    session: Session,
    conversation_id: str,
    *,
    by: Who,
    seen: int,
    help: Help,
    now: datetime,
    outcome: str = "",
) -> None:
    """End a handoff as solved and ask the customer how it was, once.

    Raises:
        NotYours: the agent does not have it.
        Unseen: the customer wrote meanwhile.
    """
    conversation, handoff = held(session, conversation_id, by)
    _must_have_seen(session, conversation, by, seen, now)
    _end(session, conversation, handoff, State.RESOLVED, by, outcome, now)
    language = speaking.language_of(help.languages, conversation)
    is_rated = handoff.rating is not None
    choices = [(f"rate_{n}", f"{RATE}:{handoff.id}:{n}") for n in RATINGS]
    speaking.tell(
        session,
        conversation,
        language,
        "resolved_again" if is_rated else "resolved",
        now=now,
        values={"agent": by.shown_as},
        choices=() if is_rated else choices,
    )


def reopen(
    session: Session,
    conversation_id: str,
    *,
    by: Who,
    languages: Mapping[str, Language],
    now: datetime,
) -> Handoff:
    """Take up again what was closed; the agent has it from here on.

    Raises:
        NoHandoff: there never was one.
        NotYours: a colleague has it.
    """
    locked(session, conversation_id)
    last = handoffs.last_one(session, conversation_id)
    if last is None:
        raise NoHandoff("no handoff was ever closed here")
    if last.closed_at is not None:
        last.closed_at, last.state = None, State.REQUESTED
        session.flush()
    return take(session, conversation_id, by=by, languages=languages, now=now)


def rate(session: Session, conversation_id: str, payload: str, now: datetime) -> int:
    """Keep how the customer found a handoff, the first word of theirs.

    Return the number that is kept, 0 when there is no such handoff.
    """
    _, _, rest = payload.partition(f"{RATE}:")
    handoff_id, _, number = rest.partition(":")
    handoff = session.get(Handoff, handoff_id)
    if handoff is None or handoff.conversation_id != conversation_id:
        return 0
    if handoff.rating is not None:
        return handoff.rating
    handoff.rating = int(number)
    conversation = session.get_one(Conversation, conversation_id)
    log.append(
        session,
        "handoff_rated",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation_id,
        payload={"handoff": handoff.id, "rating": handoff.rating},
    )
    return handoff.rating


def _must_have_seen(
    session: Session, conversation: Conversation, by: Who, seen: int, now: datetime
) -> None:
    query = select(func.max(Message.position)).where(
        Message.conversation_id == conversation.id, Message.direction == "in"
    )
    if seen < (session.scalar(query) or 0):
        raise Unseen("the customer wrote in the meantime: read that first")
    presence.saw(session, conversation.id, by.name, seen, now)


def _end(
    session: Session,
    conversation: Conversation,
    handoff: Handoff,
    state: State,
    by: Who,
    outcome: str,
    now: datetime,
) -> None:
    """Let the bot have it again, in the two steps that the table of moves asks for."""
    why = outcome or str(state)
    for owner in (Owner.RETURNING, Owner.BOT):
        ownership.move(session, conversation.id, owner, by=by.name, why=why, at=now)
    handoff.state, handoff.closed_at, handoff.outcome = state, now, outcome or None
    handoff.snoozed_until = None
    inbox.settle(session, conversation.id)


def _promise(
    session: Session,
    conversation: Conversation,
    handoff: Handoff,
    meant: Outcome,
    by: Who,
    now: datetime,
) -> None:
    log.append(
        session,
        "handoff_ended",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        decided_by=by.name,
        payload={"handoff": handoff.id, "outcome": meant.kind},
    )
    if meant.is_promise and meant.due:
        promises.make_promise(
            session,
            meant.kind,
            customer_id=conversation.customer_id,
            due_at=meant.due,
            now=now,
            keeper=by.name if meant.kind in KEPT_BY_AGENT else "shop",
            about={"handoff": handoff.id, "text": handoff.outcome},
        )
