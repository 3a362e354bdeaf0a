"""Journeys: their log, what is believed and wished in them, and what was offered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short, new_id


class Journey(Base):
    """One run through the stages for one need.

    `who` is the person it is for when that is not the customer ("husband").
    """

    __tablename__ = "journeys"
    __table_args__ = (Index("ix_journeys_open", "customer_id", "state", "stage_at"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    stage: Mapped[Short] = mapped_column(default="recognize")
    experience: Mapped[Short | None]
    need: Mapped[Short | None]
    words: Mapped[str | None]
    who: Mapped[Short | None]
    state: Mapped[Short] = mapped_column(default="open")
    outcome: Mapped[Short | None]
    started_at: Mapped[datetime]
    stage_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Event(Base):
    """An immutable row of the journey log; stage and need are those of its moment."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_story", "customer_id", "at"),
        Index("ix_events_own_kind", "customer_id", "kind", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[Short] = mapped_column(unique=True, default=new_id)
    at: Mapped[datetime]
    customer_id: Mapped[Short | None]
    conversation_id: Mapped[Short | None]
    journey_id: Mapped[Short | None] = mapped_column(index=True)
    message_id: Mapped[Short | None] = mapped_column(index=True)
    stage: Mapped[Short | None]
    need: Mapped[Short | None]
    kind: Mapped[Short] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    payload: Mapped[Payload] = mapped_column(default=dict)
    decided_by: Mapped[Short]
    learning_state: Mapped[int] = mapped_column(default=0)


class Belief(Base):
    """The log-odds that a journey is about a need, with the terms that make them."""

    __tablename__ = "beliefs"
    __table_args__ = (UniqueConstraint("journey_id", "need"),)

    id: Mapped[Id]
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"))
    need: Mapped[Short]
    log_odds: Mapped[float]
    evidence: Mapped[list[Any]] = mapped_column(default=list)


class Asked(Base):
    """A coaching question that was put in a journey, and its answer."""

    __tablename__ = "asked"
    __table_args__ = (UniqueConstraint("journey_id", "question"),)

    id: Mapped[Id]
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"))
    question: Mapped[Short]
    answer: Mapped[Short | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Constraint(Base):
    """A hard wish of a journey: an option that breaks it is not shown."""

    __tablename__ = "constraints"

    id: Mapped[Id]
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"), index=True)
    attribute: Mapped[Short]
    op: Mapped[Short]
    value: Mapped[Payload]
    said: Mapped[str]
    at: Mapped[datetime]


class Preference(Base):
    """A soft wish of a journey: weight from -1 (avoid) to 1 (want)."""

    __tablename__ = "preferences"

    id: Mapped[Id]
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"), index=True)
    attribute: Mapped[Short]
    value: Mapped[Payload]
    weight: Mapped[float]
    said: Mapped[str]
    at: Mapped[datetime]


class Shortlist(Base):
    """One to four options shown together, and who decided on them."""

    __tablename__ = "shortlists"
    __table_args__ = (Index("ix_shortlists_last", "journey_id", "at"),)

    id: Mapped[Id]
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"))
    decided_by: Mapped[Short]
    at: Mapped[datetime]


class Option(Base):
    """A product as offered: why, what speaks against it, and how it was taken."""

    __tablename__ = "options"
    __table_args__ = (Index("ix_options_taken", "journey_id", "choice"),)

    id: Mapped[Id]
    shortlist_id: Mapped[str] = mapped_column(ForeignKey("shortlists.id"), index=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"))
    rank: Mapped[int]
    product_id: Mapped[Short]
    price: Mapped[float]
    reason: Mapped[str]
    drawback: Mapped[str]
    terms: Mapped[Payload] = mapped_column(default=dict)
    propensity: Mapped[float]
    choice: Mapped[Short | None]
    why: Mapped[str | None]
    chosen_at: Mapped[datetime | None]


class Goal(Base):
    """What a customer wants to reach, the next small step and the check-in."""

    __tablename__ = "goals"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id"))
    text: Mapped[str]
    by: Mapped[datetime | None]
    step: Mapped[str | None]
    state: Mapped[Short] = mapped_column(default="open")
    created_at: Mapped[datetime]
