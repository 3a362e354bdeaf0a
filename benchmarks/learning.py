"""Does learning show in talk? Simulated customers with and without it.

    .venv/bin/python -m benchmarks.learning [--customers 60] [--journeys 10]

Each customer has two needs, true answers to their questions, and a taste in the
traits of the sample catalogue's products, none of which the coach can see. Month by
month they say what troubles them, answer by button, look at the shortlist, and take
an option when it is the one that suits them best of the whole shelf. All talk runs
through the coach itself. Beside it the same customers come with learning
switched off: consent withheld, and each time as somebody new.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.catalogue.products import store_products
from journey.curate.candidate import Trait, traits
from journey.knowledge import Knowledge, load_knowledge
from journey.learning.teaching import Teacher
from journey.needs.schema import Question
from journey.people.consent import Purpose, record_consent
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Base, Event, Journey, Product
from journey.turn import Entity
from tests.journey.talking import START, Talk

BEST = 1
"""An option suits when it is among so many best of the shelf."""
TASTE = 0.5
"""How much one trait matters beside what serves the need."""
MAIN = 0.8
MONTH = timedelta(days=30)
TURNS = 12
Round = tuple[float, float, int]
"""Of the journeys with one number: share accepted, mean of questions, and how many."""


@dataclass
class Somebody:
    """A customer as nobody sees them: needs, answers and the worth of products."""

    number: int
    needs: list[str]
    answers: dict[str, str]
    worth: dict[str, dict[str, float]]

    def best(self, need: str, ids: list[str]) -> list[str]:
        """Return products, the most suitable first."""
        return sorted(ids, key=lambda x: -self.worth[need].get(x, -np.inf))


def make_somebody(
    number: int, knowledge: Knowledge, shelf: dict[str, Product]
) -> Somebody:
    """Draw a customer by number; the same one every time."""
    random = np.random.default_rng([7, number])
    needs = [str(x) for x in random.choice(sorted(knowledge.needs), 2, replace=False)]
    mine = [q for n in needs for q in knowledge.needs[n].questions]
    answers = {q.question: _answer(q, random) for q in [*mine, *knowledge.questions]}
    liking: dict[Trait, float] = defaultdict(lambda: float(random.normal(0, TASTE)))
    worth = {n: _worth(n, knowledge, shelf, answers, liking) for n in needs}
    return Somebody(number, needs, answers, worth)


def _answer(question: Question, random: np.random.Generator) -> str:
    weights = [a.counts.get("this", (1, 1))[0] + 0.5 for a in question.answers]
    chance = np.array(weights) / sum(weights)
    return str(random.choice([a.answer for a in question.answers], p=chance))


def _worth(
    need: str,
    knowledge: Knowledge,
    shelf: dict[str, Product],
    answers: dict[str, str],
    liking: dict[Trait, float],
) -> dict[str, float]:
    given = [
        a
        for q in knowledge.needs[need].questions
        if (a := knowledge.answer(q.question, answers[q.question]))
    ]
    fit: NDArray[np.float64] = knowledge.serving[need].copy()
    for answer in given:
        fit += knowledge.shelf.fit(answer.prefers)
    broken = knowledge.shelf.breaks([x for a in given for x in a.constrains])
    right = (knowledge.serving[need] > 0) & ~broken
    return {
        entry.product: float(fit[n])
        + sum(liking[trait] for trait in traits(shelf[entry.product]))
        for n, entry in enumerate(knowledge.shelf.products)
        if right[n] and shelf[entry.product].stock > 0
    }


def meet(
    talk: Talk, somebody: Somebody, need: str, number: int
) -> tuple[bool, int] | None:
    """Let somebody have one journey; return whether they took what they were shown.

    With it comes how many questions they were asked; None when no shortlist came.
    """
    cue = talk.knowledge.needs[need].cues[0]
    text = cue.phrases[0]
    talk.say(
        "share_situation",
        text,
        Entity("need", need, 0, len(text), 0.9),
        Entity("cue", f"{need}.{cue.cue}", 0, len(text)),
    )
    shown = _talk_on(talk, somebody)
    journey = _journey(talk)
    asked = _count(talk.session, journey, "question_asked")
    if shown is None:
        journey.state = "closed"
        return None
    took = _decide(talk, somebody, need, journey, shown, number)
    journey.state, journey.closed_at = "closed", talk.at
    talk.session.flush()
    return took, asked


def _talk_on(talk: Talk, somebody: Somebody) -> list[str] | None:
    """Answer and allow until a shortlist is there; return what is on it."""
    for _ in range(TURNS):
        last = talk.said[-1]
        if last.attachment and "shortlist" in last.attachment:
            return [x["product"] for x in last.attachment["shortlist"]["options"]]
        if last.response.startswith(("utter_ask_open", "utter_ask_closed")):
            question = _last_question(talk)
            answer = talk.knowledge.answer(question, somebody.answers[question])
            assert answer is not None
            talk.press(answer.title)
        elif last.response == "utter_ask_permission":
            talk.press(last.buttons[0][0])
        else:
            return None
    return None


def _decide(
    talk: Talk,
    somebody: Somebody,
    need: str,
    journey: Journey,
    shown: list[str],
    number: int,
) -> bool:
    """Take the best option when it suits; else find something by oneself."""
    ranked = somebody.best(need, list(somebody.worth[need]))
    suited = [x for x in somebody.best(need, shown) if x in ranked[:BEST]]
    if suited:
        _log(talk, journey, "option_chosen", product=suited[0])
    for product in [] if suited else shown:
        _log(talk, journey, "option_refused", product=product, why="none_of_them")
    bought = suited[0] if suited else ranked[0]
    items = [{"product": bought, "quantity": 1}]
    _log(talk, journey, "order_placed", order=number, items=items)
    return bool(suited)


def _log(talk: Talk, journey: Journey, kind: str, **payload: object) -> None:
    log.append(
        talk.session,
        kind,
        at=talk.at,
        customer_id=talk.customer_id,
        conversation_id=talk.conversation_id,
        journey=journey,
        payload=payload,
    )


def _journey(talk: Talk) -> Journey:
    query = select(Journey).where(Journey.conversation_id == talk.conversation_id)
    return talk.session.scalars(query).one()


def _last_question(talk: Talk) -> str:
    query = select(Event.payload).where(
        Event.journey_id == _journey(talk).id, Event.kind == "question_asked"
    )
    payload = talk.session.scalars(query.order_by(Event.number.desc())).first()
    assert payload is not None
    return str(payload["question"])


def _count(session: Session, journey: Journey, kind: str) -> int:
    query = select(Event.id).where(Event.journey_id == journey.id, Event.kind == kind)
    return len(session.scalars(query).all())


def live(
    session: Session,
    knowledge: Knowledge,
    people: list[Somebody],
    journeys: int,
    on: bool,
) -> Iterator[Round]:
    """Yield what came of everybody's first journeys, of their second ones and so on."""
    teacher, talks = Teacher(knowledge), dict[int, Talk]()
    random = np.random.default_rng(3)
    for turn in range(1, journeys + 1):
        found = []
        for place, somebody in enumerate(people):
            talk = _talk(session, knowledge, somebody, turn, talks, on)
            talk.knowledge = teacher.knowledge(session)
            need = somebody.needs[int(random.random() > MAIN)]
            number = (turn - 1) * len(people) + place + 1
            found.append(meet(talk, somebody, need, number))
        session.commit()
        yield _mean([x for x in found if x])


def _talk(
    session: Session,
    knowledge: Knowledge,
    somebody: Somebody,
    turn: int,
    talks: dict[int, Talk],
    on: bool,
) -> Talk:
    """Let somebody come: as themselves, or each time as a stranger without consent."""
    who, at = f"{somebody.number}-{turn}", START + (turn - 1) * MONTH
    if on and turn > 1:
        talk = talks[somebody.number]
        talk.at = at
        talk.open(who)
        return talk
    talks[somebody.number] = talk = Talk(session, knowledge, at, who, who)
    if not on:
        _withhold(session, talk)
    return talk


def _withhold(session: Session, talk: Talk) -> None:
    record_consent(
        session,
        talk.customer_id,
        Purpose.LEARNING,
        False,
        text="Learn from me",
        source="simulation",
        now=talk.at,
    )


def run(people: int, journeys: int, on: bool) -> Iterator[Round]:
    """Yield by journey number: acceptance, questions asked, and how many."""
    knowledge = load_knowledge()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/learning.db")
        Base.metadata.create_all(engine)
        with open_sessions(engine)() as session:
            store_products(session, knowledge.catalogue)
            session.flush()
            shelf = {x.id: x for x in session.scalars(select(Product))}
            all_of_them = [make_somebody(n, knowledge, shelf) for n in range(people)]
            yield from live(session, knowledge, all_of_them, journeys, on)
        engine.dispose()


def _beside(people: int, journeys: int, on: bool) -> Iterator[Round]:
    """Run a world in a process of its own; it begins at once."""
    ours, theirs = Pipe(duplex=False)
    process = Process(target=_tell, args=(theirs, people, journeys, on), daemon=True)
    process.start()
    theirs.close()
    return (ours.recv() for _ in range(journeys))


def _tell(to: "Connection[Round, None]", people: int, journeys: int, on: bool) -> None:
    for found in run(people, journeys, on):
        to.send(found)


def _mean(rows: list[tuple[bool, int]]) -> Round:
    took = float(np.mean([x[0] for x in rows])) if rows else 0.0
    return took, float(np.mean([x[1] for x in rows])) if rows else 0.0, len(rows)


def main() -> None:
    """Print both worlds side by side, a line when everybody had one more journey."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--journeys", type=int, default=10)
    given = parser.parse_args()
    worlds = [_beside(given.customers, given.journeys, on) for on in (True, False)]
    print("journey  taken on/off   change   questions on/off   change   n")
    for number, (on, off) in enumerate(zip(*worlds, strict=True), 1):
        (a, q, size), (b, r, _) = on, off
        print(
            f"{number:7}  {a:.3f} {b:.3f}   {_change(a, b)}   {q:.2f} {r:.2f}"
            f"   {_change(q, r)}   {size}",
            flush=True,
        )


def _change(one: float, other: float) -> str:
    return f"{one / other - 1:+.0%}" if other else "-"


if __name__ == "__main__":
    main()
