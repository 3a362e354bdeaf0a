"""The accounts of those who work at the desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from journey.desk import passwords
from journey.store.tables import Agent, AgentSession


class Role(StrEnum):
    """What somebody may do at the desk; each may what those before it may."""

    AGENT = "agent"
    LEAD = "lead"
    OWNER = "owner"

    def covers(self, other: "Role") -> bool:
        """Tell whether who has this role may do what another one may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class AgentExists(ValueError):
    """The name or the address belongs to somebody already."""


class NotLetIn(Exception):
    """A company vouched for somebody who has no place at the desk."""


@dataclass(frozen=True)
class Vouched:
    """Whom a company's own sign-in vouches for."""

    subject: str
    name: str
    email: str | None
    groups: frozenset[str]


def plain(name: str) -> str:
    """Return a name as accounts are known by it: spaces and capitals do not count."""
    return " ".join(name.split()).casefold()


def add(
    session: Session,
    name: str,
    *,
    role: Role,
    password: str | None,
    now: datetime,
    shown_as: str | None = None,
    email: str | None = None,
) -> Agent:
    """Make an account.

    Raises:
        AgentExists: the name or the e-mail address is taken.
        passwords.BadPassword: the password is too short or too long.
    """
    address = plain(email) if email else None
    taken = Agent.name == plain(name)
    if address:
        taken |= Agent.email == address
    if session.scalars(select(Agent.id).where(taken)).first():
        raise AgentExists(f"there is an agent {plain(name)!r} already")
    agent = Agent(
        name=plain(name),
        shown_as=shown_as or " ".join(name.split()),
        email=address,
        role=role,
        password=passwords.make_hash(password) if password is not None else None,
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return agent


def find(session: Session, name: str) -> Agent | None:
    """Return the account of a name."""
    return session.scalars(select(Agent).where(Agent.name == plain(name))).first()


def all_agents(session: Session) -> list[Agent]:
    """Return every account, by name."""
    return list(session.scalars(select(Agent).order_by(Agent.name)))


def shown_names(session: Session) -> dict[str, str]:
    """Return what each account is shown as."""
    return {agent.name: agent.shown_as for agent in all_agents(session)}


def set_password(session: Session, agent: Agent, password: str, now: datetime) -> None:
    """Give an account another password; who is signed in with it is signed out."""
    agent.password = passwords.make_hash(password)
    end_sessions(session, agent, now)


def set_active(session: Session, agent: Agent, active: bool, now: datetime) -> None:
    """Open or close an account; a closed one is signed out everywhere."""
    agent.active = active
    if not active:
        end_sessions(session, agent, now)


def end_sessions(session: Session, agent: Agent, now: datetime) -> None:
    """Sign an agent out everywhere."""
    open_ones = (AgentSession.agent_id == agent.id) & AgentSession.ended_at.is_(None)
    session.execute(update(AgentSession).where(open_ones).values(ended_at=now))


def meet(
    session: Session, vouched: Vouched, roles: Mapping[str, Role], now: datetime
) -> Agent:
    """Return the account of somebody whom their company vouches for.

    It is found by the subject, then by the verified e-mail address, and made
    when a group of theirs has a role. A group's role replaces the account's.

    Raises:
        NotLetIn: nobody gave them a role, or the account is closed.
    """
    role = highest(roles[group] for group in vouched.groups if group in roles)
    agent = _known(session, vouched)
    if agent is None:
        if role is None:
            raise NotLetIn(f"{vouched.subject} has no account and no group with a role")
        agent = _make(session, vouched, role, now)
    if not agent.active or (role is None and agent.password is None and roles):
        raise NotLetIn(f"{agent.name} may not work here any more")
    agent.subject = vouched.subject
    agent.role = role or agent.role
    session.flush()
    return agent


def highest(roles: Iterable[Role]) -> Role | None:
    """Return the role that may most."""
    return max(roles, key=list(Role).index, default=None)


def _known(session: Session, vouched: Vouched) -> Agent | None:
    by_subject = select(Agent).where(Agent.subject == vouched.subject)
    if found := session.scalars(by_subject).first():
        return found
    if vouched.email is None:
        return None
    unclaimed = (Agent.email == plain(vouched.email)) & Agent.subject.is_(None)
    return session.scalars(select(Agent).where(unclaimed)).first()


def _make(session: Session, vouched: Vouched, role: Role, now: datetime) -> Agent:
    try:
        return add(
            session,
            vouched.email or vouched.subject,
            role=role,
            password=None,
            now=now,
            shown_as=vouched.name,
            email=vouched.email,
        )
    except AgentExists as error:
        raise NotLetIn(str(error)) from error
