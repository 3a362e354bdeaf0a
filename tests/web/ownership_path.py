"""A model of a shop's day: customers write, workers and agents come, go and die.

Every rule is one transaction or less, so that any of them may be the last thing that
a process did.
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.desk import ending, handoffs, snoozing, taking, ways, writing
from journey.desk.handoffs import NoHandoff, NotYours, Unseen, Who
from journey.desk.presence import read_by_agents
from journey.desk.unattended import Unattended
from journey.desk.ways import CARRY_ON
from journey.messages import inbox, outbox
from journey.messages.conversations import COACH
from journey.messages.inbox import LEASE, State, Work
from journey.messages.outbox import Reply
from journey.owner import ownership
from journey.owner.help import load_help
from journey.owner.ownership import MOVED, Owner
from journey.store.tables import (
    Base,
    Conversation,
    Event,
    Handoff,
    Inbox,
    Message,
    Outbox,
)
from tests.journey.talk import NOW, talk
from web.door import Said
from web.texts import load_texts
from web.turns import Turn

NAMES = ("c1",)
CONVERSATIONS = st.sampled_from(NAMES)
WORKERS = st.sampled_from(["a", "b"])
MIA, BEN = Who("mia", "Mia"), Who("ben", "Ben")
AGENTS = st.sampled_from([MIA, BEN])
ACTS = "take reopen assign pass_on answer snooze give_back resolve".split()
HELP, TEXTS = load_help(), load_texts("en")
ASKS = "a person please"
FILLED = frozenset(
    "customers identities conversations messages inbox outbox button_tokens handoffs "
    "presences notes promises events".split()
)
REFUSED = (NotYours, NoHandoff, Unseen, ownership.WrongMove)


@dataclass(frozen=True)
class Thought:
    """What a worker holds between the engine's answer and the end of its work."""

    worker: str
    work: Work
    bots: bool


def empty(engine: Engine) -> None:
    """Take everything out of the tables that the model fills."""
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in FILLED:
                connection.execute(table.delete())


class OwnershipPath(RuleBasedStateMachine):
    """Two conversations, two workers, two agents, one proactive job."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.count = 0
        self.thoughts: list[Thought] = []
        self.proposals: list[tuple[str, int]] = []
        self.screens: dict[tuple[str, str], int] = {}
        empty(self.engine)

    @initialize()
    def open(self) -> None:
        with Session(self.engine) as session, session.begin():
            for name in NAMES:
                talk(session, name)

    # --- customers ---

    @rule(name=CONVERSATIONS, text=st.sampled_from(["hello", ASKS, "ana@example.org"]))
    def say(self, name: str, text: str) -> None:
        self._accept(name, text, None)

    @rule(name=CONVERSATIONS)
    def carry_on(self, name: str) -> None:
        """Press the button that takes the request back, whoever answers by now."""
        self._accept(name, "Carry on", CARRY_ON)

    @rule(name=CONVERSATIONS)
    def choose_another_way(self, name: str) -> None:
        """Press the button for an e-mail, whoever answers by now."""
        self._accept(name, "By e-mail instead", ways.EMAIL)

    @rule()
    def nobody_comes(self) -> None:
        """Let the scheduler tell those whom nobody took in time."""
        self.now += timedelta(minutes=HELP.rules.nobody_after_minutes)
        with Session(self.engine) as session, session.begin():
            Unattended(HELP).tell(session, now=self.now, random=Random(0))

    def _accept(self, name: str, text: str, payload: str | None) -> None:
        self.count += 1
        with Session(self.engine) as session, session.begin():
            inbox.accept(
                session,
                ownership.locked(session, name),
                provider_id=f"p{self.count}",
                text=text,
                payload=payload,
                now=self.now,
            )

    # --- workers; each may die between claim, thought and end ---

    @rule(worker=WORKERS, fails=st.booleans())
    def serve(self, worker: str, fails: bool) -> None:
        """Do what a worker does when nothing comes in between."""
        self.think(worker)
        while self.thoughts:
            self.finish(fails=fails)
        for name in NAMES:
            self.send(name)

    @rule(worker=WORKERS)
    def think(self, worker: str) -> None:
        """Claim, and let the engine decide: what asks for a person moves the owner."""
        with Session(self.engine) as session, session.begin():
            works = inbox.claim(session, worker, now=self.now, limit=2)
        for work in works:
            ours = work.payload in (CARRY_ON, ways.EMAIL)
            if ours or not self._is_for_bot(work):
                self.thoughts.append(Thought(worker, work, False))
            elif self._decide(work):
                self.thoughts.append(Thought(worker, work, True))

    def _is_for_bot(self, work: Work) -> bool:
        with Session(self.engine) as session:
            return work.owner == Owner.BOT or (
                work.owner == Owner.REQUESTED
                and ownership.asked_by(session, work.message_id)
            )

    def _decide(self, work: Work) -> bool:
        """Do what an action does; False when it refuses, so that the claim lapses."""
        with Session(self.engine) as session, session.begin():
            conversation = ownership.locked(session, work.conversation_id)
            if ownership.asked_by(session, work.message_id):
                return True
            if conversation.owner != Owner.BOT:
                return False
            if work.text == ASKS:
                ownership.request(
                    session,
                    work.conversation_id,
                    by="coach",
                    why="asked",
                    at=self.now,
                    message_id=work.message_id,
                )
        return True

    @rule(fails=st.booleans())
    def finish(self, fails: bool) -> None:
        """End the oldest thought, however late, or give up over it."""
        if not self.thoughts:
            return
        thought = self.thoughts.pop(0)
        turn = Turn(thought.work, thought.worker, TEXTS, HELP, self.now)
        with Session(self.engine) as session, session.begin():
            if not thought.bots:
                turn.hold(session)
            elif fails:
                turn.give_up(session, "failed")
            else:
                said = [Said(text=f"re: {thought.work.message_id}")]
                turn.answer(session, said)

    @rule()
    def die(self) -> None:
        """Forget what a worker was about to write."""
        if self.thoughts:
            self.thoughts.pop()

    # --- the send point, checked as it sends ---

    @rule(name=CONVERSATIONS)
    def send(self, name: str) -> None:
        with Session(self.engine) as session, session.begin():
            before = set(session.scalars(self._sent(name)))
            outbox.send(session, name, now=self.now)
            session.flush()
            new = [x for x in session.scalars(self._sent(name)) if x not in before]
            for message_id in new:
                self._was_the_owners(session, name, message_id)

    def _sent(self, name: str) -> Any:
        return select(Outbox.message_id).where(
            Outbox.conversation_id == name, Outbox.state == outbox.State.SENT
        )

    def _was_the_owners(self, session: Session, name: str, message_id: str) -> None:
        conversation = session.get_one(Conversation, name)
        message = session.get_one(Message, message_id)
        row = session.get_one(Outbox, message_id)
        assert row.owner_version == conversation.owner_version
        if message.author == writing.AGENT:
            handoff = handoffs.open_one(session, name)
            assert conversation.owner == Owner.HUMAN
            assert handoff
            assert handoff.agent == message.content["agent"].lower()
        if message.author == COACH:
            asked = row.answers_id and ownership.asked_by(session, row.answers_id)
            assert conversation.owner == Owner.BOT or asked

    # --- a proactive job that reads the owner now and writes later ---

    @rule(name=CONVERSATIONS)
    def propose(self, name: str) -> None:
        with Session(self.engine) as session:
            version = session.get_one(Conversation, name).owner_version
        self.proposals.append((name, version))

    @rule()
    def fire(self) -> None:
        if self.proposals:
            name, version = self.proposals.pop(0)
            with Session(self.engine) as session, session.begin():
                outbox.put(
                    session,
                    name,
                    Reply("how did it go?"),
                    number=0,
                    answers_id=None,
                    owner_version=version,
                    now=self.now,
                )

    # --- agents, whose screens may be old ---

    @rule(name=CONVERSATIONS, agent=AGENTS)
    def look(self, name: str, agent: Who) -> None:
        with Session(self.engine) as session:
            position = session.get_one(Conversation, name).position
        self.screens[agent.name, name] = position

    @rule(name=CONVERSATIONS, agent=AGENTS, act=st.sampled_from(ACTS))
    def act(self, name: str, agent: Who, act: str) -> None:
        with Session(self.engine) as session, session.begin():
            try:
                self._act(session, name, agent, act)
            except REFUSED:
                session.rollback()

    def _act(self, session: Session, name: str, agent: Who, act: str) -> None:
        seen = self.screens.get((agent.name, name), 0)
        words: dict[str, Any] = {"by": agent, "languages": HELP.languages}
        end: dict[str, Any] = {"by": agent, "seen": seen, "help": HELP}
        now = {"now": self.now}
        if act == "take":
            taking.take(session, name, **words, **now)
        elif act == "assign":
            taking.assign(session, name, to=BEN, **words, **now)
        elif act == "pass_on":
            taking.pass_on(session, name, team="orders", **words, **now)
        elif act == "answer":
            writing.answer(session, name, "here", by=agent, **now)
        elif act == "snooze":
            snoozing.snooze(session, name, by=agent, until=self.now)
        elif act == "give_back":
            ending.give_back(session, name, outcome="solved", **end, **now)
        elif act == "resolve":
            ending.resolve(session, name, **end, **now)
        elif act == "reopen":
            ending.reopen(session, name, **words, **now)

    @rule(name=CONVERSATIONS, looks=st.booleans(), choice=st.integers(0, 5))
    def act_as_the_owner(self, name: str, looks: bool, choice: int) -> None:
        """Do what the one who has it may do; the screen may be old."""
        with Session(self.engine) as session:
            handoff = handoffs.open_one(session, name)
        agent = BEN if handoff and handoff.agent == BEN.name else MIA
        if looks:
            self.look(name, agent)
        acts = ACTS[2:] if handoff and handoff.agent else ACTS[:2]
        self.act(name, agent, acts[choice % len(acts)])

    @rule(seconds=st.sampled_from([1.0, LEASE.total_seconds(), 3600.0]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    # --- what holds at every instant ---

    @invariant()
    def there_is_one_owner(self) -> None:
        with Session(self.engine) as session:
            for name in self._names(session):
                conversation = session.get_one(Conversation, name)
                query = select(Handoff).where(
                    Handoff.conversation_id == name, Handoff.closed_at.is_(None)
                )
                opened = session.scalars(query).all()
                wanted = conversation.owner in (Owner.REQUESTED, Owner.HUMAN)
                assert len(opened) == int(wanted)
                if conversation.owner == Owner.HUMAN:
                    assert opened[0].agent

    @invariant()
    def moves_are_one_chain(self) -> None:
        with Session(self.engine) as session:
            for name in self._names(session):
                query = select(Event.payload).where(
                    Event.kind == MOVED, Event.conversation_id == name
                )
                at, version = "bot", 1
                for move in session.scalars(query.order_by(Event.number)):
                    assert (move["from"], move["version"]) == (at, version + 1)
                    at, version = move["to"], version + 1
                conversation = session.get_one(Conversation, name)
                assert (conversation.owner, conversation.owner_version) == (at, version)

    @invariant()
    def no_message_is_unanswered_and_unseen(self) -> None:
        with Session(self.engine) as session:
            for name in self._names(session):
                query = select(Inbox).where(Inbox.conversation_id == name)
                for row in session.scalars(query):
                    assert self._is_looked_after(session, row), row.message_id

    def _names(self, session: Session) -> list[str]:
        return list(session.scalars(select(Conversation.id)))

    def _is_looked_after(self, session: Session, row: Inbox) -> bool:
        conversation = session.get_one(Conversation, row.conversation_id)
        message = session.get_one(Message, row.message_id)
        if row.state == State.NEW:
            return True
        if row.state == State.HELD:
            return conversation.owner in (Owner.REQUESTED, Owner.HUMAN)
        query = select(Outbox.state).where(
            Outbox.answers_id == row.message_id, Outbox.number >= 0
        )
        answers = set(session.scalars(query))
        return bool(
            answers & {outbox.State.READY, outbox.State.SENT}
            or (message.position or 0) <= read_by_agents(session, conversation.id)
            or ownership.asked_by(session, row.message_id)
        )

    def teardown(self) -> None:
        """Let everybody come to an end: then nothing waits any more."""
        self.thoughts.clear()
        while self._is_open():
            self.now += LEASE
            self.think("a")
            while self.thoughts:
                self.finish(fails=False)
            for name in NAMES:
                self.send(name)
                self._let_go(name)
        with Session(self.engine) as session:
            states = set(session.scalars(select(Inbox.state)))
            assert states <= {State.DONE, State.FAILED}
            assert set(session.scalars(select(Conversation.owner))) <= {Owner.BOT}
        self.there_is_one_owner()
        self.no_message_is_unanswered_and_unseen()

    def _is_open(self) -> bool:
        with Session(self.engine) as session:
            ready = select(Outbox).where(Outbox.state == outbox.State.READY)
            waits = select(Inbox).where(Inbox.state.in_([State.NEW, State.HELD]))
            persons = select(Conversation).where(Conversation.owner != Owner.BOT)
            return any(
                session.scalars(query).first() for query in (ready, waits, persons)
            )

    def _let_go(self, name: str) -> None:
        """Let whoever has a conversation read it and hand it back."""
        with Session(self.engine) as session:
            handoff = handoffs.open_one(session, name)
        if handoff is None:
            return
        agent = BEN if handoff.agent == BEN.name else MIA
        self.act(name, agent, "take")
        self.look(name, agent)
        self.act(name, agent, "give_back")
