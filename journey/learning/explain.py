"""What was learned about a customer, line by line, with where each comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.catalogue.load import Catalogue
from journey.curate.candidate import Trait, traits
from journey.language.words import Language
from journey.learning.lessons import LESSONS
from journey.learning.mutes import words_of
from journey.learning.purchases import products_in
from journey.learning.serving import KEPT_AFTER
from journey.learning.tastes import taste_of
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Event, LearnedTaste, Product
from journey.turn import Heard

Own = Mapping[str, tuple[LearnedTaste, Product]]
LIKED = frozenset(
    "learned_kept learned_ordered learned_chosen learned_likes said_likes".split()
)
"""The lines that tell of a liking; the others tell that something was not liked."""
CLEAR = 0.15
"""From this pull on a trait is told to the customer as theirs."""


@dataclass(frozen=True)
class Line:
    """One thing learned: how it is said, what deletes it, and the events behind it.

    `about` is `{"product": id}` or `{"trait": "material=wood"}`; `says` names a text
    of the language files that `values` fill.
    """

    says: str
    values: Mapping[str, str]
    about: Mapping[str, str]
    events: tuple[Event, ...]

    @property
    def likes(self) -> bool:
        """Whether the line tells of a liking."""
        return self.says in LIKED

    def words(self, language: Language) -> str:
        """Return the line as it is said."""
        return language.says[self.says].format(**self.values)


def lines(
    session: Session, customer_id: str, catalogue: Catalogue, now: datetime
) -> list[Line]:
    """Return all that serves this customer's shortlists, products before traits."""
    own = own_sums(session, customer_id, now)
    if not own:
        return []
    story = _story(session, customer_id)
    about_products = [
        line for row, product in own.values() if (line := _product(row, product, now))
    ]
    found = [*about_products, *_trait_lines(session, customer_id, own, catalogue, now)]
    return [_founded(line, own, story) for line in found]


def own_sums(session: Session, customer_id: str, now: datetime) -> Own:
    """Return the customer's own sums, none when they do not want learning."""
    if not has_consent(session, customer_id, Purpose.LEARNING, now, unsaid=True):
        return {}
    query = (
        select(LearnedTaste, Product)
        .join(Product, Product.id == LearnedTaste.product_id)
        .where(LearnedTaste.customer_id == customer_id)
    )
    rows = session.execute(query.execution_options(populate_existing=True))
    return {product.id: (taste, product) for taste, product in rows}


def delete_line(session: Session, heard: Heard, line: Line) -> Event:
    """Forget one line; the log keeps the wish, so that no rebuild brings it back."""
    return _note(session, heard, "lesson_deleted", line.about)


def correct_line(
    session: Session, heard: Heard, about: Mapping[str, str], likes: bool
) -> Event:
    """Let what a customer says of a trait or product stand for what was learned."""
    return _note(session, heard, "lesson_corrected", {**about, "likes": likes})


def _note(
    session: Session, heard: Heard, kind: str, payload: Mapping[str, Any]
) -> Event:
    return log.append(
        session,
        kind,
        at=heard.at,
        customer_id=heard.customer_id,
        conversation_id=heard.conversation_id,
        message_id=heard.message_id,
        payload=payload,
    )


def _product(row: LearnedTaste, product: Product, now: datetime) -> Line | None:
    says = _experience(row, now)
    if says is None:
        return None
    return Line(says, {"name": product.name}, {"product": product.id}, ())


def _experience(row: LearnedTaste, now: datetime) -> str | None:
    kept = row.ordered_at is not None and row.ordered_at <= now - KEPT_AFTER
    if row.returned:
        return "learned_returned"
    if row.bad > row.good:
        return "learned_disappointed"
    if row.ordered > 0:
        return "learned_kept" if kept else "learned_ordered"
    if row.refused_itself or row.refused_trait or row.refused_price:
        return "learned_refused"
    return "learned_chosen" if row.chosen else None


def _trait_lines(
    session: Session,
    customer_id: str,
    own: Own,
    catalogue: Catalogue,
    now: datetime,
) -> Iterator[Line]:
    shelf = _peers(session, own)
    said = words_of(session, customer_id)
    for name, likes in said.items():
        if likes is not None and not name.endswith(f"={False}"):
            yield _trait(trait_of(name), "said", likes, catalogue)
    taste = taste_of(list(own.values()), [(x, 1.0) for x in shelf], said, now)
    mine = dict.fromkeys(t for _, product in own.values() for t in traits(product))
    for trait in sorted(mine, key=lambda t: -abs(taste.pull(t))):
        if abs(taste.pull(trait)) >= CLEAR and "=".join(trait) not in said:
            yield _trait(trait, "learned", taste.pull(trait) > 0, catalogue)


def trait_of(name: str) -> Trait:
    """Return the trait that a name such as `material=wool` stands for."""
    about, _, value = name.partition("=")
    return about, value


def _trait(trait: Trait, how: str, drawn: bool, catalogue: Catalogue) -> Line:
    """To like what lacks something is to like it less."""
    likes = drawn == (trait[1] != str(False))
    says = f"{how}_likes" if likes else f"{how}_dislikes"
    values = {"what": _in_words(trait, catalogue)}
    return Line(says, values, {"trait": "=".join(trait)}, ())


def _in_words(trait: Trait, catalogue: Catalogue) -> str:
    name, value = trait
    if name == "category":
        known = catalogue.categories.get(value)
        return known.name if known else value
    attribute = catalogue.attributes.get(name)
    if attribute is None:
        return value
    if attribute.type == "boolean":
        return attribute.name
    said = attribute.values.get(value, (value,))[0]
    return f"{attribute.name}: {said}"


def _peers(session: Session, own: Own) -> list[Product]:
    """Return the products beside which the customer's own ones stand."""
    kinds = {product.category for _, product in own.values()}
    query = select(Product).where(Product.category.in_(kinds), Product.active)
    return list(session.scalars(query))


def _story(session: Session, customer_id: str) -> Sequence[Event]:
    kinds = [kind for kind in LESSONS if kind != "shortlist_shown"]
    query = select(Event).where(Event.customer_id == customer_id)
    return session.scalars(query.where(Event.kind.in_(kinds))).all()


def _founded(line: Line, own: Own, story: Sequence[Event]) -> Line:
    """Return a line with the events that speak of its products."""
    product, trait = line.about.get("product"), line.about.get("trait")
    meant = {
        name
        for name, (_, x) in own.items()
        if name == product or trait in {"=".join(t) for t in traits(x)}
    }
    events = tuple(event for event in story if meant & set(products_in(event)))
    return Line(line.says, line.values, line.about, events)
