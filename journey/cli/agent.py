"""Commands about who works at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from journey.cli.settings import Settings
from journey.desk import agents, passwords
from journey.desk.agents import Role
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Agent

ROLES = [role.value for role in Role]


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(agent)


@click.group()
def agent() -> None:
    """Say who works at the desk."""


@agent.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="agent")
@click.option("--shown-as", help="What customers and colleagues see; NAME by default.")
@click.option("--email", help="Under which your company's own sign-in knows them.")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
@click.pass_obj
def add_agent(
    settings: Settings,
    name: str,
    role: str,
    shown_as: str | None,
    email: str | None,
    ask: bool,
) -> None:
    """Make an account for NAME; the password is printed once."""
    with writing(settings) as session:
        password = _password(ask)
        made = agents.add(
            session,
            name,
            role=Role(role),
            password=password,
            now=datetime.now(UTC),
            shown_as=shown_as,
            email=email,
        )
        click.echo(f"{made.name} may sign in at {settings.url}desk as {made.role}.")
    _tell(password, ask)


@agent.command("list")
@click.pass_obj
def list_agents(settings: Settings) -> None:
    """List the accounts."""
    with reading(open_engine(settings.database_url)) as session:
        for one in agents.all_agents(session):
            state = "" if one.active else "  closed"
            click.echo(f"{one.name}  {one.role}  {one.shown_as}{state}")


@agent.command("password")
@click.argument("name")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
@click.pass_obj
def change_password(settings: Settings, name: str, ask: bool) -> None:
    """Give NAME another password and sign them out everywhere."""
    with writing(settings) as session:
        found = pick_agent(session, name)
        password = _password(ask)
        agents.set_password(session, found, password, datetime.now(UTC))
    _tell(password, ask)


@agent.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_obj
def change_role(settings: Settings, name: str, role: str) -> None:
    """Say what NAME may do from now on."""
    with writing(settings) as session:
        pick_agent(session, name).role = Role(role)


@agent.command("close")
@click.argument("name")
@click.pass_obj
def close_agent(settings: Settings, name: str) -> None:
    """Close the account of NAME and sign them out everywhere."""
    with writing(settings) as session:
        agents.set_active(session, pick_agent(session, name), False, datetime.now(UTC))


@agent.command("open")
@click.argument("name")
@click.pass_obj
def open_agent(settings: Settings, name: str) -> None:
    """Open the closed account of NAME again."""
    with writing(settings) as session:
        agents.set_active(session, pick_agent(session, name), True, datetime.now(UTC))


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """Open a transaction; what the core refuses is said in one line.

    Raises:
        click.ClickException: a name is taken or a password is not good enough.
    """
    try:
        with open_sessions(open_engine(settings.database_url)).begin() as session:
            yield session
    except (agents.AgentExists, passwords.BadPassword) as error:
        raise click.ClickException(str(error)) from error


def pick_agent(session: Session, name: str) -> Agent:
    """Return the account of a name.

    Raises:
        click.ClickException: there is none.
    """
    found = agents.find(session, name)
    if found is None:
        raise click.ClickException(f"there is no agent {name!r}")
    return found


def _password(ask: bool) -> str:
    if not ask:
        return passwords.generate()
    given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given


def _tell(password: str, ask: bool) -> None:
    if not ask:
        click.echo(f"The password, shown only now: {password}")
