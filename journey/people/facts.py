"""Facts: what a customer told us and need not tell again."""

from sqlalchemy import select

from journey import log
from journey.knowledge import Knowledge
from journey.language.words import Language, split
from journey.store.tables import Fact, Journey
from journey.turn import Turn

MINIMUM = 3
"""Shorter words say nothing about which fact is meant."""


def key(about: str, who: str | None) -> str:
    """Return under which name a fact is kept: a husband's height is his own."""
    return f"{who}:{about}" if who else about


def learn(
    turn: Turn, about: str, value: str, *, journey: Journey | None, said: str
) -> Fact:
    """Keep a fact, in the place of an older one about the same."""
    name = key(about, journey.who if journey else None)
    event = log.write(
        turn.session,
        turn.heard,
        "fact_learned",
        journey=journey,
        about=name,
        value=value,
    )
    fact = find(turn, name) or Fact(customer_id=turn.heard.customer_id, about=name)
    fact.value, fact.said, fact.at, fact.event_id = value, said, turn.now, event.id
    turn.session.add(fact)
    turn.session.flush()
    return fact


def find(turn: Turn, name: str) -> Fact | None:
    """Return what is known under a name."""
    query = select(Fact).where(
        Fact.customer_id == turn.heard.customer_id, Fact.about == name
    )
    return turn.session.scalar(query)


def all_of(turn: Turn) -> list[Fact]:
    """Return every fact of the customer, oldest first."""
    query = select(Fact).where(Fact.customer_id == turn.heard.customer_id)
    return list(turn.session.scalars(query.order_by(Fact.at, Fact.about)))


def known(turn: Turn, who: str | None) -> dict[str, str]:
    """Return what is known about the person whom a journey is for."""
    prefix = f"{who}:" if who else ""
    facts = {fact.about: fact.value for fact in all_of(turn)}
    if who:
        return {
            a.removeprefix(prefix): v for a, v in facts.items() if a.startswith(prefix)
        }
    return {about: value for about, value in facts.items() if ":" not in about}


def in_words(fact: Fact, knowledge: Knowledge, language: Language) -> str:
    """Return a fact as it is said to the customer."""
    who, _, about = fact.about.rpartition(":")
    words = knowledge.words(about, fact.value) or language.says["known_fact"].format(
        about=about.replace("_", " "), value=fact.value.replace("_", " ")
    )
    if not who:
        return words
    return language.says["of_whom"].format(
        who=language.people.get(who, who), fact=words
    )


def forget(turn: Turn, fact: Fact) -> None:
    """Remove one fact and say so in the log without repeating it."""
    log.write(turn.session, turn.heard, "fact_forgotten", about=fact.about)
    turn.session.delete(fact)
    turn.session.flush()


def meant(turn: Turn, text: str) -> Fact | None:
    """Return the fact that a request such as "forget that I'm tall" is about."""
    language = turn.knowledge.language(turn.heard.language)
    wanted = {word for word in split(text) if len(word) >= MINIMUM}
    scored = [
        (len(wanted & _tokens(turn, fact, language)), fact) for fact in all_of(turn)
    ]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def _tokens(turn: Turn, fact: Fact, language: Language) -> set[str]:
    words = in_words(fact, turn.knowledge, language)
    text = f"{fact.about} {fact.value} {words} {fact.said}".replace("_", " ")
    return {word for word in split(text) if len(word) >= MINIMUM} - _COMMON


_COMMON = frozenset(
    "the and you your that this for about forget have with was are not know please"
    " remove delete what".split()
)
