"""Whatever dies when, and whoever comes in between: once, in order, nothing lost."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import inbox, outbox
from journey.messages.conversations import after
from journey.messages.inbox import LEASE, State, Work
from journey.messages.outbox import Reply
from journey.store.engine import open_engine
from journey.store.tables import Base, Message
from tests.journey.talk import NOW, talk

CONVERSATIONS = st.sampled_from(["c1", "c2"])
WORKERS = st.sampled_from(["a", "b", "c"])


class MessagePath(RuleBasedStateMachine):
    """Three workers that die at any step, two customers that send things twice."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = open_engine("sqlite://")
        Base.metadata.create_all(self.engine)
        self.now = NOW
        self.said: dict[str, list[str]] = {"c1": [], "c2": []}
        self.lingering: list[tuple[str, Work]] = []

    @initialize()
    def open(self) -> None:
        with Session(self.engine) as session, session.begin():
            talk(session, "c1")
            talk(session, "c2")

    @rule(name=CONVERSATIONS)
    def say(self, name: str) -> None:
        text = f"{name}-{len(self.said[name])}"
        self.said[name].append(text)
        self._accept(name, text)

    @rule(name=CONVERSATIONS, which=st.integers(0, 3))
    def say_again(self, name: str, which: int) -> None:
        if which < len(self.said[name]):
            self._accept(name, self.said[name][which])

    def _accept(self, name: str, text: str) -> None:
        with Session(self.engine) as session, session.begin():
            conversation = talk(session, name)
            inbox.accept(
                session, conversation, provider_id=text, text=text, now=self.now
            )

    @rule(worker=WORKERS, end=st.sampled_from(["answer", "fail", "linger", "die"]))
    def work(self, worker: str, end: str) -> None:
        """Claim what there is; answer it, fail, think too long over it, or die."""
        for work in self._claim(worker):
            if end == "answer":
                self._answer(worker, work)
            elif end == "fail":
                self._fail(worker, work)
            elif end == "linger":
                self.lingering.append((worker, work))

    @rule()
    def answer_late(self) -> None:
        """Answer on a claim that may have been lost long ago."""
        if self.lingering:
            self._answer(*self.lingering.pop(0))

    def _claim(self, worker: str) -> list[Work]:
        with Session(self.engine) as session, session.begin():
            return list(inbox.claim(session, worker, now=self.now, limit=2))

    def _answer(self, worker: str, work: Work) -> None:
        with Session(self.engine) as session, session.begin():
            if not inbox.close(session, work, worker, State.DONE):
                return
            for number in range(2):
                outbox.put(
                    session,
                    work.conversation_id,
                    Reply(f"re{number}: {work.text}"),
                    number=number,
                    answers_id=work.message_id,
                    owner_version=work.owner_version,
                    now=self.now,
                )

    def _fail(self, worker: str, work: Work) -> None:
        later = self.now + timedelta(seconds=1)
        with Session(self.engine) as session, session.begin():
            inbox.retry(session, work, worker, at=later, failure="", counted=True)

    @rule(name=CONVERSATIONS)
    def send(self, name: str) -> None:
        with Session(self.engine) as session, session.begin():
            outbox.send(session, name, now=self.now)

    @rule(seconds=st.sampled_from([0.5, 5.0, LEASE.total_seconds()]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def answers_stand_once_and_in_order(self) -> None:
        for name, said in self.said.items():
            answers = [text for text in self._shown(name) if text.startswith("re")]
            wanted = [f"re{number}: {text}" for text in said for number in range(2)]
            assert answers == wanted[: len(answers)]

    @invariant()
    def positions_have_no_gap(self) -> None:
        with Session(self.engine) as session:
            for name in self.said:
                positions = [m.position for m in after(session, name, 0)]
                assert positions == list(range(1, len(positions) + 1))

    def _shown(self, name: str) -> list[str]:
        with Session(self.engine) as session:
            query = select(Message.text).where(
                Message.conversation_id == name, Message.position.is_not(None)
            )
            return list(session.scalars(query.order_by(Message.position)))

    def teardown(self) -> None:
        """Let one worker live on: in the end everything is answered."""
        for _ in range(2 * sum(map(len, self.said.values())) + 2):
            self.now += LEASE
            self.work("a", "answer")
            self.send("c1")
            self.send("c2")
        for name, said in self.said.items():
            assert len(self._shown(name)) == 3 * len(said)
        self.engine.dispose()


TestMessagePath = MessagePath.TestCase
TestMessagePath.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None
)
