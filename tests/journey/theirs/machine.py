"""A model of a day with two desks: customers, the bot, agents here and agents there.

The desk there is a list of what it was told and of what it calls back, which come
late, twice, in another order, or never.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import ending, handoffs, writing
from journey.messages import outbox
from journey.messages.conversations import COACH
from journey.messages.inbox import LEASE, State
from journey.owner.ownership import Owner
from journey.store.tables import (
    Conversation,
    DeskLetter,
    DeskThread,
    Handoff,
    Inbox,
    Message,
    Outbox,
)
from journey.theirs import letters
from journey.theirs.answers import Answers, Wrote
from journey.theirs.changing import Change, Changed
from journey.theirs.falling import fall_back
from journey.theirs.following import Follower
from journey.theirs.letters import Kind
from tests.journey.theirs.talking import NAME, Talking

DESK, KEY, KIM = "chatwoot", "12", ("7", "Kim")


@dataclass
class There:
    """The desk of the company: what it was told, and what its agents did."""

    incoming: list[str] = field(default_factory=list)
    calls: list[Wrote | Changed] = field(default_factory=list)
    status: str = "pending"
    wrote: int = 0


class TwoDesks(Talking):
    """The same with an agent of another desk, and a line between."""

    def __init__(self) -> None:
        super().__init__()
        self.there = There()
        self.follower = Follower(DESK, self.knowledge)

    # --- the line to the other desk ---

    @rule()
    def follow(self) -> None:
        for name in self.read(lambda s: list(self.follower.news(s))):
            self.write(lambda s, name=name: self.follower.follow(s, name, self.now))

    @rule(lost=st.booleans())
    def carry(self, lost: bool) -> None:
        """Take one letter there; `lost`: it arrives, and nobody here knows."""
        loads = self.write(lambda s: letters.claim(s, "w", now=self.now, limit=1))
        for load in loads:
            self._arrive(load)
            if lost:
                self.write(lambda s: letters.release(s, "w"))
            else:
                self.write(lambda s, load=load: self._note(s, load))

    def _arrive(self, load: letters.Load) -> None:
        if load.kind == Kind.MESSAGE:
            text = load.content["text"]
            if not (load.attempts and text in self.there.incoming):
                self.there.incoming.append(text)
        if load.kind == Kind.ASK:
            self._become("open")
        if load.kind == Kind.LEAVE and self.there.status == "open":
            self._become("pending")

    def _note(self, session: Session, load: letters.Load) -> None:
        letters.finish(session, load, "w", str(load.number), self.now)
        thread = session.get_one(DeskThread, NAME)
        if load.kind == Kind.OPEN:
            thread.key, thread.contact = KEY, "1"
            thread.status = thread.status or "pending"
        if load.kind == Kind.ASK:
            thread.status = "open"
        if load.kind == Kind.LEAVE:
            thread.status, thread.changed_at = "pending", self.now

    @rule()
    def lose_the_line(self) -> None:
        languages = self.knowledge.languages
        self.write(
            lambda s: fall_back(s, NAME, why="503", languages=languages, now=self.now)
        )

    # --- agents there, and their calls ---

    @rule()
    def reply(self) -> None:
        self.there.wrote += 1
        number = f"{self.there.wrote}"
        said = Wrote(KEY, number, f"Kim {number}", *KIM, files=0, at=self.now)
        self.there.calls.append(said)

    @rule(status=st.sampled_from(["open", "pending", "resolved", "snoozed"]))
    def turn(self, status: str) -> None:
        self._become(status)

    def _become(self, status: str) -> None:
        self.there.status = status
        told = Changed(KEY, status, *KIM, until=None, outcome="", at=self.now)
        self.there.calls.append(told)

    @rule(place=st.integers(0, 3), keep=st.booleans())
    def call(self, place: int, keep: bool) -> None:
        """Let a call arrive, any of the next; `keep`: it will come once more."""
        if not self.there.calls:
            return
        index = min(place, len(self.there.calls) - 1)
        call = self.there.calls[index]
        if not keep:
            self.there.calls.pop(index)
        self.write(lambda session: self._hear(session, call))

    def _hear(self, session: Session, call: Wrote | Changed) -> None:
        def send(_name: str) -> None:
            self._send(session)

        if isinstance(call, Wrote):
            Answers(session, self.follower, send, self.now).wrote(call)
        else:
            Change(session, self.follower, send, self.now).take(call)

    @rule(call=st.sampled_from(["wrote", "resolved", "open"]))
    def forge(self, call: str) -> None:
        """Let a call arrive about a conversation that nobody opened: it moves none."""
        before = self.read(_stand)
        self.write(lambda s: self._hear(s, _forged(call, self.now)))
        assert self.read(_stand) == before

    # --- what holds at every instant ---

    @invariant()
    def one_owner_and_one_open_handoff(self) -> None:
        with Session(self.engine) as session:
            for conversation in session.scalars(select(Conversation)):
                query = select(Handoff).where(Handoff.closed_at.is_(None))
                opened = session.scalars(query).all()
                wanted = conversation.owner in (Owner.REQUESTED, Owner.HUMAN)
                assert len(opened) == int(wanted)
                if conversation.owner == Owner.HUMAN:
                    assert opened[0].agent

    @invariant()
    def nothing_is_said_twice(self) -> None:
        answers = [text for who, text in self.spoken if who == writing.AGENT]
        there = [text for text in answers if text.startswith("Kim")]
        assert len(there) == len(set(there))
        coach = [text for who, text in self.spoken if who == COACH]
        assert len(coach) == len(set(coach))
        assert len(self.there.incoming) == len(set(self.there.incoming))

    def teardown(self) -> None:
        """Let everything arrive and everybody let go: then nobody waits unheard."""
        self.thoughts.clear()
        for _ in range(200):
            if not self._is_open():
                break
            self.now += LEASE
            self._let_all_arrive()
        assert not self._is_open()

    def _let_all_arrive(self) -> None:
        self.follow()
        self.carry(lost=False)
        while self.there.calls:
            self.call(0, keep=False)
        self.think()
        self.finish()
        self.send()
        self._close_both()

    def _close_both(self) -> None:
        """Let whoever has it close it: here by giving it to the bot, there as well."""
        with Session(self.engine) as session:
            handoff = handoffs.open_one(session, NAME)
            thread = session.get(DeskThread, NAME)
        is_theirs = thread and thread.state == "theirs" and thread.key
        if handoff and is_theirs and self.there.status == "open":
            self.now += timedelta(seconds=10)
            self._become("resolved")
        elif handoff and not is_theirs:
            self.take_here()
            self.write(lambda s: self._end_here(s, ending.give_back))

    def _is_open(self) -> bool:
        with Session(self.engine) as session:
            queries = (
                select(Outbox).where(Outbox.state == outbox.State.READY),
                select(Inbox).where(Inbox.state.in_([State.NEW, State.HELD])),
                select(Conversation).where(Conversation.owner != Owner.BOT),
                select(DeskLetter).where(DeskLetter.state == letters.State.READY),
            )
            return any(session.scalars(query).first() for query in queries)


def _forged(call: str, at: datetime) -> Wrote | Changed:
    if call == "wrote":
        return Wrote("666", "1", "send me your card", *KIM, files=0, at=at)
    return Changed("666", call, *KIM, until=None, outcome="", at=at)


def _stand(session: Session) -> tuple[Any, ...]:
    """Return what a forged call must not change."""
    tables = (Conversation.owner_version, Handoff.state, Message.id, DeskThread.status)
    return tuple(tuple(session.scalars(select(column))) for column in tables)
