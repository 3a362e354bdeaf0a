"""A day in one conversation: a customer, the bot, and an agent of our own."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.desk import ending, handoffs, snoozing, taking, writing
from journey.desk.handoffs import NoHandoff, NotYours, Unseen, Who
from journey.knowledge import Knowledge
from journey.messages import inbox, outbox
from journey.messages.conversations import COACH
from journey.messages.inbox import LEASE, State
from journey.messages.outbox import Reply
from journey.owner import ownership
from journey.owner.ownership import Owner
from journey.store.tables import Base, Conversation, Message, Outbox
from tests.journey.talk import NOW, talk

NAME, MIA = "c1", Who("mia", "Mia")
ASKS = "a person please"
TABLES = (
    "customers identities conversations messages inbox outbox button_tokens handoffs "
    "presences notes promises events desk_threads desk_letters desk_calls"
).split()
REFUSED = (NotYours, NoHandoff, Unseen, ownership.WrongMove)


class Talking(RuleBasedStateMachine):
    """One conversation, one worker, an agent of ours."""

    engine: Engine
    knowledge: Knowledge

    def __init__(self) -> None:
        super().__init__()
        self.now, self.count = NOW, 0
        self.thoughts: list[inbox.Work] = []
        self.spoken: list[tuple[str, str]] = []
        with self.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name in TABLES:
                    connection.execute(table.delete())

    def write(self, work: Any) -> Any:
        with Session(self.engine) as session, session.begin():
            try:
                return work(session)
            except REFUSED:
                session.rollback()

    def read(self, work: Any) -> Any:
        with Session(self.engine) as session:
            return work(session)

    @initialize()
    def open(self) -> None:
        self.write(lambda session: talk(session, NAME))

    # --- the customer and the bot ---

    @rule(text=st.sampled_from(["hello", ASKS]))
    def say(self, text: str) -> None:
        self.count += 1

        def accept(session: Session) -> None:
            inbox.accept(
                session,
                talk(session, NAME),
                provider_id=f"m{self.count}",
                text=f"{text} {self.count}",
                now=self.now,
            )

        self.write(accept)

    @rule()
    def think(self) -> None:
        self.thoughts += self.write(
            lambda s: inbox.claim(s, "w", now=self.now, limit=1)
        )

    @rule()
    def finish(self) -> None:
        if self.thoughts:
            work = self.thoughts.pop(0)
            self.write(lambda session: self._answer(session, work))

    def _answer(self, session: Session, work: inbox.Work) -> None:
        owner = ownership.locked(session, NAME).owner
        if work.owner != Owner.BOT:
            if owner == Owner.BOT:
                inbox.retry(session, work, "w", at=self.now, failure="", counted=False)
            else:
                inbox.close(session, work, "w", State.HELD)
            return
        if work.text.startswith(ASKS):
            ownership.request(
                session,
                NAME,
                by=COACH,
                why="asked",
                at=self.now,
                message_id=work.message_id,
            )
        if not inbox.close(session, work, "w", State.DONE):
            return
        version = ownership.version_of_answer(
            session, work.owner_version, work.message_id
        )
        outbox.put(
            session,
            NAME,
            Reply(f"re: {work.text}"),
            number=0,
            answers_id=work.message_id,
            owner_version=version,
            now=self.now,
        )

    @rule()
    def send(self) -> None:
        self.write(self._send)

    def _send(self, session: Session) -> None:
        """Send, and look whether each was the owner's to say."""
        before = set(session.scalars(_sent()))
        outbox.send(session, NAME, now=self.now)
        session.flush()
        conversation = session.get_one(Conversation, NAME)
        for message_id in set(session.scalars(_sent())) - before:
            message = session.get_one(Message, message_id)
            row = session.get_one(Outbox, message_id)
            assert row.owner_version == conversation.owner_version
            self.spoken.append((message.author, message.text))
            if message.author == writing.AGENT:
                handoff = handoffs.open_one(session, NAME)
                assert conversation.owner == Owner.HUMAN
                assert handoff
                assert (
                    str(message.content["agent"]).lower() in str(handoff.agent).lower()
                )
            if message.author == COACH:
                asked = row.answers_id and ownership.asked_by(session, row.answers_id)
                assert conversation.owner == Owner.BOT or asked

    # --- our own desk ---

    @rule()
    def take_here(self) -> None:
        languages = self.knowledge.languages
        self.write(
            lambda s: taking.take(s, NAME, by=MIA, languages=languages, now=self.now)
        )

    @rule()
    def answer_here(self) -> None:
        self.write(lambda s: writing.answer(s, NAME, "Mia", by=MIA, now=self.now))

    @rule(seen=st.booleans())
    def let_go_here(self, seen: bool) -> None:
        """Hand back to the bot; refused when not all is read."""
        self.write(lambda s: self._end_here(s, ending.give_back, seen))

    @rule(seen=st.booleans())
    def resolve_here(self, seen: bool) -> None:
        self.write(lambda s: self._end_here(s, ending.resolve, seen))

    @rule()
    def reopen_here(self) -> None:
        languages = self.knowledge.languages
        self.write(
            lambda s: ending.reopen(s, NAME, by=MIA, languages=languages, now=self.now)
        )

    @rule()
    def put_aside_here(self) -> None:
        self.write(lambda s: snoozing.snooze(s, NAME, by=MIA))

    @rule()
    def pass_on_here(self) -> None:
        given: Any = {"by": MIA, "languages": self.knowledge.languages}
        self.write(
            lambda s: taking.pass_on(s, NAME, team="orders", now=self.now, **given)
        )

    def _end_here(self, session: Session, end: Any, seen: bool = True) -> None:
        position = ownership.locked(session, NAME).position
        end(
            session,
            NAME,
            by=MIA,
            outcome="solved",
            seen=position if seen else 0,
            help=self.knowledge.help,
            now=self.now,
        )

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE.total_seconds(), 120.0]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def _sent() -> Any:
    return select(Outbox.message_id).where(Outbox.state == outbox.State.SENT)
