import re

from journey.desk import agents, passwords, signin
from tests.factories import NOW, make_agent
from tests.journey.cli.conftest import Coach


def test_add_prints_the_password_once(coach: Coach) -> None:
    result = coach.run("agent", "add", "Ana", "--role", "lead")
    assert result.exit_code == 0, result.output
    password = re.search(r"only now: (\S+)", result.output)
    with coach.session() as session:
        ana = agents.find(session, "ana")
    assert ana and password
    assert ana.role == "lead"
    assert passwords.fits(ana.password, password[1])


def test_add_asks_for_the_password(coach: Coach) -> None:
    given = "correct horse!\ncorrect horse!\n"
    result = coach.run("agent", "add", "Ana", "--ask", given=given)
    assert "correct horse!" not in result.output
    with coach.session() as session:
        ana = agents.find(session, "ana")
    assert ana and passwords.fits(ana.password, "correct horse!")


def test_add_refuses_a_taken_name_in_one_line(coach: Coach) -> None:
    coach.run("agent", "add", "Ana")
    result = coach.run("agent", "add", "ANA")
    assert result.exit_code == 1
    assert result.output == "Error: there is an agent 'ana' already\n"


def test_add_refuses_a_weak_password(coach: Coach) -> None:
    result = coach.run("agent", "add", "Ana", "--ask", given="short\nshort\n")
    assert "12 to 200 characters" in result.output
    assert coach.run("agent", "list").output == ""


def test_close_ends_sessions_and_open_brings_back(coach: Coach) -> None:
    with coach.session() as session, session.begin():
        secret = signin.open_session(session, make_agent(session, name="ana"), "", NOW)
    assert coach.run("agent", "close", "ana").exit_code == 0
    assert coach.run("agent", "list").output.endswith("closed\n")
    with coach.session() as session:
        assert signin.signed_in(session, secret, NOW) is None
    coach.run("agent", "open", "ana")
    assert "closed" not in coach.run("agent", "list").output


def test_role_changes(coach: Coach) -> None:
    coach.run("agent", "add", "Ana")
    coach.run("agent", "role", "ana", "owner")
    assert coach.run("agent", "list").output == "ana  owner  Ana\n"


def test_password_changes(coach: Coach) -> None:
    coach.run("agent", "add", "Ana")
    assert "only now" in coach.run("agent", "password", "Ana").output


def test_unknown_agent_is_one_sentence(coach: Coach) -> None:
    result = coach.run("agent", "close", "bo")
    assert result.output == "Error: there is no agent 'bo'\n"
