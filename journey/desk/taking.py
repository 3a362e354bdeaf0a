"""Who has a conversation: taken, given to a colleague, passed to a team."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs, speaking
from journey.desk.handoffs import NoHandoff, NotYours, State, Who
from journey.language.words import Language
from journey.owner import ownership
from journey.owner.ownership import Owner, locked
from journey.store.tables import Conversation, Handoff

TAKEOVER = "takeover"
Languages = Mapping[str, Language]


def take(
    session: Session,
    conversation_id: str,
    *,
    by: Who,
    languages: Languages,
    now: datetime,
) -> Handoff:
    """Give a conversation to an agent; the bot is silent from here on.

    From the bot it is a takeover, which needs no request. Taking again what one
    has changes nothing.

    Raises:
        NotYours: a colleague was faster.
    """
    conversation = locked(session, conversation_id)
    handoff = handoffs.open_one(session, conversation_id)
    if conversation.owner == Owner.HUMAN and handoff:
        if handoff.agent != by.name:
            raise NotYours(f"{handoff.agent} has this conversation already")
        return handoff
    why = "taken" if handoff else TAKEOVER
    handoff = handoff or handoffs.begin(session, conversation_id, TAKEOVER, now)
    _give(session, conversation, handoff, to=by.name, by=by.name, why=why, now=now)
    key = "joined" if why == "taken" else "joined_unasked"
    _tell(session, conversation, languages, key, now, agent=by.shown_as)
    return handoff


def assign(
    session: Session,
    conversation_id: str,
    *,
    to: Who,
    by: Who,
    languages: Languages,
    now: datetime,
) -> Handoff:
    """Let a colleague have a conversation; one that waits is kept for them.

    Raises:
        NoHandoff: the bot answers; take it over first.
    """
    conversation, handoff = opened(session, conversation_id)
    if conversation.owner == Owner.REQUESTED:
        handoff.agent = to.name
        _note(session, conversation, "handoff_assigned", by, now, agent=to.name)
    elif handoff.agent != to.name:
        _give(
            session,
            conversation,
            handoff,
            to=to.name,
            by=by.name,
            why="assigned",
            now=now,
        )
        _tell(session, conversation, languages, "colleague", now, agent=to.shown_as)
    return handoff


def pass_on(
    session: Session,
    conversation_id: str,
    *,
    team: str,
    by: Who,
    languages: Languages,
    now: datetime,
) -> Handoff:
    """Let a team have a conversation: it waits until one of them takes it.

    Raises:
        NoHandoff: the bot answers; take it over first.
    """
    conversation, handoff = opened(session, conversation_id)
    handoff.team, handoff.agent = team, None
    if conversation.owner == Owner.HUMAN:
        ownership.move(
            session,
            conversation_id,
            Owner.REQUESTED,
            by=by.name,
            why=f"passed to {team}",
            at=now,
        )
        handoff.state, handoff.snoozed_until = State.REQUESTED, None
        _tell(session, conversation, languages, "passed_on", now, team=team)
    _note(session, conversation, "handoff_assigned", by, now, team=team)
    return handoff


def opened(session: Session, conversation_id: str) -> tuple[Conversation, Handoff]:
    """Return a conversation, held, with the handoff that is open in it.

    Raises:
        NoHandoff: nobody asked for a person and nobody took it.
    """
    conversation = locked(session, conversation_id)
    handoff = handoffs.open_one(session, conversation_id)
    if handoff is None:
        raise NoHandoff("nobody asked for a person here: take it over first")
    return conversation, handoff


def held(
    session: Session, conversation_id: str, by: Who
) -> tuple[Conversation, Handoff]:
    """Return a conversation that an agent has, held against other writers.

    Raises:
        NotYours: somebody else has it.
    """
    conversation = locked(session, conversation_id)
    handoff = handoffs.open_one(session, conversation_id)
    if conversation.owner != Owner.HUMAN or handoff is None:
        raise NotYours(f"the conversation is with {conversation.owner}: take it first")
    if handoff.agent != by.name:
        raise NotYours(f"{handoff.agent} has this conversation")
    return conversation, handoff


def _give(
    session: Session,
    conversation: Conversation,
    handoff: Handoff,
    *,
    to: str,
    by: str,
    why: str,
    now: datetime,
) -> None:
    ownership.move(
        session, conversation.id, Owner.HUMAN, by=by, why=why, at=now, agent=to
    )
    handoff.state, handoff.agent, handoff.snoozed_until = State.TAKEN, to, None
    handoff.taken_at = handoff.taken_at or now


def _tell(
    session: Session,
    conversation: Conversation,
    languages: Languages,
    key: str,
    now: datetime,
    **values: str,
) -> None:
    language = speaking.language_of(languages, conversation)
    speaking.tell(session, conversation, language, key, now=now, values=values)


def _note(
    session: Session,
    conversation: Conversation,
    kind: str,
    by: Who,
    now: datetime,
    **payload: str,
) -> None:
    log.append(
        session,
        kind,
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        decided_by=by.name,
        payload=payload,
    )
