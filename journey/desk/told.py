"""What a customer told the bot in a journey, and what the bot did with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.curate.reasons import Teller
from journey.curate.wording import in_words
from journey.desk.redaction import redact
from journey.knowledge import Knowledge
from journey.needs import beliefs
from journey.store.tables import (
    Asked,
    Belief,
    Constraint,
    Conversation,
    Goal,
    Journey,
    Option,
    Preference,
)

SHOWN = "shown"
MOST = 12
MANY_TRIED = 6
MANY_REASONS = 3


@dataclass(frozen=True)
class Offered:
    """An option and what became of it: shown, chosen, refused (why) or ignored."""

    product: str
    price: str
    choice: str
    why: str | None


@dataclass(frozen=True)
class Told:
    """The journey of this conversation; everything is empty when there is none."""

    stage: str | None = None
    since: datetime | None = None
    need: str | None = None
    because: Sequence[str] = ()
    """Why the bot believes in the need, the heaviest reason first."""
    words: str = ""
    whose: str | None = None
    goal: str | None = None
    goal_by: datetime | None = None
    constraints: Sequence[str] = ()
    preferences: Sequence[str] = ()
    tried: Sequence[str] = ()
    options: Sequence[Offered] = ()


def told(
    session: Session, conversation: Conversation, knowledge: Knowledge, now: datetime
) -> Told:
    """Return what is known from the journey that was moved last."""
    journey = session.scalar(
        select(Journey)
        .where(Journey.conversation_id == conversation.id)
        .order_by((Journey.state == "open").desc(), Journey.stage_at.desc())
        .limit(1)
    )
    if journey is None:
        return Told()
    need = knowledge.needs.get(journey.need or "")
    goal = session.scalar(
        select(Goal)
        .where(Goal.journey_id == journey.id)
        .order_by(Goal.created_at.desc())
        .limit(1)
    )
    return Told(
        stage=journey.stage,
        since=journey.stage_at,
        need=need.name if need else None,
        because=_because(session, journey, knowledge),
        words=redact(journey.words or ""),
        whose=journey.who,
        goal=redact(goal.text) if goal else None,
        goal_by=goal.by if goal else None,
        constraints=_constraints(session, journey, knowledge, now),
        preferences=_preferences(session, journey),
        tried=_tried(session, journey, knowledge, goal),
        options=_options(session, journey),
    )


def _because(session: Session, journey: Journey, knowledge: Knowledge) -> list[str]:
    if journey.need is None:
        return []
    query = select(Belief).where(
        Belief.journey_id == journey.id, Belief.need == journey.need
    )
    belief = session.scalar(query)
    reasons = beliefs.explain(belief, knowledge) if belief else []
    return [redact(reason) for reason in reasons[:MANY_REASONS]]


def _constraints(
    session: Session, journey: Journey, knowledge: Knowledge, now: datetime
) -> list[str]:
    query = select(Constraint).where(Constraint.journey_id == journey.id)
    rows = session.scalars(query.order_by(Constraint.at).limit(MOST)).all()
    arrivals = knowledge.policies.delivery.arrivals(now)
    teller = Teller(knowledge.catalogue, knowledge.language("en"), (), (), {}, arrivals)
    # A limit on the kind of thing is said in the customer's own words.
    named = knowledge.catalogue.attributes.keys() | {"price", "delivery", "brand"}
    return [
        in_words(teller, row) if row.attribute in named else redact(row.said)
        for row in rows
    ]


def _preferences(session: Session, journey: Journey) -> list[str]:
    query = select(Preference).where(Preference.journey_id == journey.id)
    rows = session.scalars(query.order_by(Preference.at).limit(MOST)).all()
    return list(dict.fromkeys(redact(row.said) for row in rows))


def _tried(
    session: Session, journey: Journey, knowledge: Knowledge, goal: Goal | None
) -> list[str]:
    query = select(Asked).where(Asked.journey_id == journey.id)
    rows = session.scalars(query.order_by(Asked.asked_at.desc()).limit(MANY_TRIED))
    tried = [_asked(row, knowledge) for row in rows]
    step = [f"step agreed: {redact(goal.step)}"] if goal and goal.step else []
    return [*tried[::-1], *step]


def _asked(row: Asked, knowledge: Knowledge) -> str:
    question = knowledge.by_question.get(row.question)
    text = question.text if question else row.question
    answer = knowledge.answer(row.question, row.answer) if row.answer else None
    return f"{text} {answer.title if answer else row.answer or '(no answer)'}"


def _options(session: Session, journey: Journey) -> list[Offered]:
    query = (
        select(Option)
        .where(Option.journey_id == journey.id)
        .order_by(Option.chosen_at.desc().nulls_last(), Option.rank)
        .limit(MOST)
    )
    rows = session.scalars(query).all()
    products = find_products(session, [row.product_id for row in rows])
    return [
        Offered(
            product=products[row.product_id].name
            if row.product_id in products
            else row.product_id,
            price=f"{row.price:.2f}",
            choice=row.choice or SHOWN,
            why=redact(row.why) if row.why else None,
        )
        for row in rows
    ]
