"""What a customer may come to need without having said so, and why we think so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.language.words import Language
from journey.learning.histories import day_of, own_orders
from journey.learning.latent import (
    LatentModel,
    Outlook,
    Owner,
    Story,
    worth_telling,
)
from journey.learning.stories import KIND, NEED, read_needs, story_of
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Event, Journey

VETOED, POSTPONED = "hint_vetoed", "hint_postponed"
PAUSE = timedelta(days=330)
"""So long after a no the same is not spoken of."""


@dataclass(frozen=True)
class Hint:
    """A kind of product or a need that a customer likely comes to within 30 days."""

    outlook: Outlook
    name: str
    before: str = ""

    @property
    def thing(self) -> str:
        """What is meant: `kind:` or `need:` and its id."""
        return self.outlook.thing

    def reason(self, language: Language) -> str:
        """Say in words why we think so."""
        share = self.outlook.share
        return language.says[f"why_latent_{self.outlook.why}"].format(
            before=self.before, count=round(10 * share), times=f"{share:.1f}"
        )


def hints(
    session: Session, customer_id: str, knowledge: Knowledge, now: datetime
) -> list[Hint]:
    """Return what is likely enough to speak of, the likeliest first.

    Nothing is foretold of who does not want learning.
    """
    if not has_consent(session, customer_id, Purpose.LEARNING, now, unsaid=True):
        return []
    names, open_now = _sold(knowledge), _spoken_of(session, customer_id, now)
    model = _model(session, knowledge)
    story = _story(session, customer_id, knowledge)
    found = [
        x
        for x in model.outlooks(story, day_of(now))
        if worth_telling(x) and x.thing in names and x.thing not in open_now
    ]
    found.sort(key=lambda x: (-x.chance, x.thing))
    return [Hint(x, names[x.thing], names.get(x.after, "")) for x in found]


def _model(session: Session, knowledge: Knowledge) -> LatentModel:
    """Return what was counted, leaning on what the owner's files say of needs."""
    owners = {
        NEED + need.need: Owner(need.prior, need.season)
        for need in knowledge.served.values()
    }
    return replace(knowledge.ready.models(session).latent, owners=owners)


def _story(session: Session, customer_id: str, knowledge: Knowledge) -> Story:
    products = knowledge.catalogue.products
    bought = own_orders(session, customer_id)
    kinds = {
        x: products[x].category for _, items in bought for x in items if x in products
    }
    needs = read_needs(session, customer_id).get(customer_id, ())
    return story_of(bought, needs, kinds)


def _sold(knowledge: Knowledge) -> Mapping[str, str]:
    """Return the names of the kinds and needs for which there is anything."""
    there = {product.category for product in knowledge.catalogue.products.values()}
    kinds = knowledge.catalogue.categories
    needs = {NEED + name: need.name for name, need in knowledge.served.items()}
    return {KIND + x: kinds[x].name for x in there if x in kinds} | needs


def _spoken_of(session: Session, customer_id: str, now: datetime) -> set[str]:
    """Return the things that are looked for at present or were refused."""
    refused = select(Event.payload).where(
        Event.customer_id == customer_id, Event.kind == VETOED, Event.at > now - PAUSE
    )
    needs = select(Journey.need).where(
        Journey.customer_id == customer_id, Journey.state == "open"
    )
    looked_for = {f"{NEED}{need}" for need in session.scalars(needs)}
    silent = looked_for | {str(x["thing"]) for x in session.scalars(refused)}
    return silent | _put_off(session, customer_id, now)


def _put_off(session: Session, customer_id: str, now: datetime) -> set[str]:
    """Return the things of which the customer wants to hear at a later day."""
    query = select(Event.payload).where(
        Event.customer_id == customer_id, Event.kind == POSTPONED
    )
    until = {str(x["thing"]): str(x["until"]) for x in session.scalars(query)}
    return {x for x, day in until.items() if datetime.fromisoformat(day) > now}
