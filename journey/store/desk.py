"""Agents, how they sign in, and what of customers they looked at."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Short


class Agent(Base):
    """A person who works at the desk: `agent`, `lead` or `owner`.

    `password` is a hash; without one only the company's own sign-in works, which
    knows the person by `subject`.
    """

    __tablename__ = "agents"

    id: Mapped[Id]
    name: Mapped[Short] = mapped_column(unique=True)
    shown_as: Mapped[Short]
    email: Mapped[Short | None] = mapped_column(unique=True)
    role: Mapped[Short]
    password: Mapped[Short | None]
    subject: Mapped[Short | None] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class AgentSession(Base):
    """A sign-in that lasts; the id is the hash of what the browser holds."""

    __tablename__ = "agent_sessions"

    id: Mapped[Short] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    address: Mapped[Short]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInTry(Base):
    """A try to sign in with a password: `failed`, `passed`, or `forgiven`.

    Tries that failed before one that passed are forgiven: they count no more.
    """

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_name", "name", "at"),
        Index("ix_sign_in_tries_address", "address", "at"),
    )

    id: Mapped[Id]
    name: Mapped[Short]
    address: Mapped[Short]
    state: Mapped[Short] = mapped_column(default="failed")
    at: Mapped[datetime]


class CustomerRead(Base):
    """That an agent looked at a customer: what, and when."""

    __tablename__ = "customer_reads"
    __table_args__ = (Index("ix_customer_reads_last", "agent_id", "customer_id", "at"),)

    id: Mapped[Id]
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    what: Mapped[Short]
    at: Mapped[datetime]
