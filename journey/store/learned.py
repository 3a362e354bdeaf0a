"""What was learned: sums of whole numbers that add up in any order, over all shards.

A weight fades with time (see journey/learning/fading.py); a log gap is kept in
fixed point. Whole numbers add up to the same sum whatever came first, so that a
replay of the log and a merge of shards give the very same rows.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class LearnedProduct(Base):
    """How customers with a need took a product; need "" is outside of any."""

    __tablename__ = "learned_products"

    need: Mapped[Short] = mapped_column(primary_key=True)
    product_id: Mapped[Short] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    ordered: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(BigInteger, default=0)


class LearnedNext(Base):
    """How often a product came in the order after another, by the same customer."""

    __tablename__ = "learned_nexts"

    product_id: Mapped[Short] = mapped_column(primary_key=True)
    next_id: Mapped[Short] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(BigInteger, default=0)


class LearnedGap(Base):
    """The days between two orders of a product: how many, and their logs' sums."""

    __tablename__ = "learned_gaps"

    product_id: Mapped[Short] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    logs: Mapped[int] = mapped_column(BigInteger, default=0)
    squares: Mapped[int] = mapped_column(BigInteger, default=0)


class LearnedTaste(Base):
    """How one customer took one product, and when they ordered it."""

    __tablename__ = "learned_tastes"

    customer_id: Mapped[Short] = mapped_column(primary_key=True)
    product_id: Mapped[Short] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[int] = mapped_column(default=0)
    ordered: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    refused_price: Mapped[int] = mapped_column(default=0)
    refused_trait: Mapped[int] = mapped_column(default=0)
    refused_itself: Mapped[int] = mapped_column(default=0)
    refused_all: Mapped[int] = mapped_column(default=0)
    liked: Mapped[int] = mapped_column(BigInteger, default=0)
    disliked: Mapped[int] = mapped_column(BigInteger, default=0)
    gaps: Mapped[int] = mapped_column(default=0)
    logs: Mapped[int] = mapped_column(BigInteger, default=0)
    ordered_at: Mapped[datetime | None]


class LearnedContact(Base):
    """How often one customer answered what we wrote first, by channel and hour."""

    __tablename__ = "learned_contacts"

    customer_id: Mapped[Short] = mapped_column(primary_key=True)
    channel: Mapped[Short] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    sent: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)


class LearnedHour(Base):
    """The same of all customers; the hour is each customer's own."""

    __tablename__ = "learned_hours"

    channel: Mapped[Short] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    sent: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)


class LearnedSign(Base):
    """How often customers with a confirmed need had given a sign before.

    `kind` is `cue` (sign `<need>.<cue>`), `answer` (`<question>.<answer>`) or
    `before` (the customer's confirmed need before this one, "" for none).
    """

    __tablename__ = "learned_signs"

    kind: Mapped[Short] = mapped_column(primary_key=True)
    sign: Mapped[Short] = mapped_column(primary_key=True)
    need: Mapped[Short] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class LearnedMute(Base):
    """A trait of products of which nothing is learned about a customer any more.

    `likes` is what they said about it themselves, None when they only had it deleted.
    """

    __tablename__ = "learned_mutes"

    id: Mapped[Id]
    customer_id: Mapped[Short] = mapped_column(index=True)
    trait: Mapped[Short]
    likes: Mapped[bool | None]
    at: Mapped[datetime]


class LearningModel(Base):
    """Weights over the counts: `serving`, `challenger` or `retired`."""

    __tablename__ = "learning_models"

    id: Mapped[Short] = mapped_column(primary_key=True)
    kind: Mapped[Short] = mapped_column(index=True)
    state: Mapped[Short]
    weights: Mapped[Payload]
    report: Mapped[Payload]
    fitted_at: Mapped[datetime]


class ModelParts(Base):
    """What a model is made of besides its weights: arrays, counted up to an instant."""

    __tablename__ = "model_parts"

    model_id: Mapped[str] = mapped_column(
        ForeignKey("learning_models.id"), primary_key=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary)
    counted_at: Mapped[datetime]
