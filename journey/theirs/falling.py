"""Our own desk takes a conversation that the company's desk cannot serve."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs, speaking
from journey.desk.handoffs import State as Handed
from journey.desk.handoffs import Urgency
from journey.language.words import Language
from journey.owner import ownership
from journey.owner.ownership import Owner, locked
from journey.store.tables import Conversation, DeskThread, Note
from journey.theirs import letters
from journey.theirs.letters import Kind
from journey.theirs.threads import State, find_thread, is_theirs

FELL_BACK, UNREACHABLE = "desk_fell_back", "desk_unreachable"
AT_OUR_DESK = (
    "This is being answered at the coach's own desk: {desk} could not be reached. "
    "What you write here is sent to the customer only if nobody there has it yet."
)


def fall_back(
    session: Session,
    conversation_id: str,
    *,
    why: str,
    languages: Mapping[str, Language],
    now: datetime,
) -> bool:
    """Let our own desk have a conversation, with the reason; False when it has it.

    The company's desk hears of it when it can be reached again.
    """
    conversation = locked(session, conversation_id)
    thread = find_thread(session, conversation_id)
    if thread is None or thread.state != State.THEIRS:
        return False
    thread.state = State.OURS
    letters.drop(session, conversation_id)
    _say_so_there(session, conversation, thread, now)
    handoff = handoffs.open_one(session, conversation_id)
    if handoff is None or not is_theirs(thread.desk, handoff):
        return True
    if conversation.owner == Owner.HUMAN:
        _ask_ours(session, conversation, thread, languages, now)
    handoff.state, handoff.agent, handoff.snoozed_until = Handed.REQUESTED, None, None
    if handoff.urgency <= Urgency.NORMAL:
        # What is urgent stays named in the queue; the note says the rest.
        handoff.reason = UNREACHABLE
    _give_reason(session, conversation, thread.desk, why, now)
    return True


def _say_so_there(
    session: Session, conversation: Conversation, thread: DeskThread, now: datetime
) -> None:
    letters.queue(
        session,
        thread.conversation_id,
        Kind.LEAVE,
        once=f"leave:{thread.handoff_id}:{thread.told}:fell",
        now=now,
        identifier=conversation.customer_id,
        text=AT_OUR_DESK.format(desk=thread.desk.title()),
    )


def _ask_ours(
    session: Session,
    conversation: Conversation,
    thread: DeskThread,
    languages: Mapping[str, Language],
    now: datetime,
) -> None:
    """Ask for another person, and tell the customer why."""
    ownership.move(
        session,
        conversation.id,
        Owner.REQUESTED,
        by=thread.desk,
        why=UNREACHABLE,
        at=now,
    )
    language = speaking.language_of(languages, conversation)
    values = {"agent": thread.agent or language.handoff["our_team"]}
    speaking.tell(session, conversation, language, "line_lost", now=now, values=values)


def _give_reason(
    session: Session, conversation: Conversation, desk: str, why: str, now: datetime
) -> None:
    """Leave the reason where our own agents read it."""
    text = f"{desk.title()} did not take this ({why}). Please answer it here."
    note = Note(conversation_id=conversation.id, author=desk, text=text, at=now)
    session.add(note)
    log.append(
        session,
        FELL_BACK,
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        decided_by=desk,
        payload={"desk": desk, "why": why},
    )
