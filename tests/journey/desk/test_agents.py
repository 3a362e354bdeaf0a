from typing import Any

import pytest
from sqlalchemy.orm import Session

from journey.desk import agents, passwords, signin
from journey.desk.agents import Role, Vouched
from tests.factories import NOW, make_agent

ROLES = {"support": Role.AGENT, "support-leads": Role.LEAD}


def vouched(**fields: Any) -> Vouched:
    given: dict[str, Any] = {
        "subject": "https://id.example 17",
        "name": "Ana Ruiz",
        "email": "ana@shop.example",
        "groups": frozenset({"support"}),
        **fields,
    }
    return Vouched(**given)


def test_add_keeps_a_hash_and_no_password(session: Session) -> None:
    agent = agents.add(
        session, " Ana  Ruiz ", role=Role.LEAD, password="correct horse!", now=NOW
    )
    assert (agent.name, agent.shown_as, agent.role) == ("ana ruiz", "Ana Ruiz", "lead")
    assert passwords.fits(agent.password, "correct horse!")


@pytest.mark.parametrize(
    "other", [{"name": "ANA"}, {"name": "bo", "email": "Ana@Shop.example"}]
)
def test_add_refuses_what_is_taken(session: Session, other: dict[str, str]) -> None:
    make_agent(session, name="ana", email="ana@shop.example")
    with pytest.raises(agents.AgentExists):
        agents.add(session, role=Role.AGENT, password=None, now=NOW, **other)


def test_two_agents_need_no_address(session: Session) -> None:
    make_agent(session, name="ana")
    agents.add(session, "bo", role=Role.AGENT, password=None, now=NOW)
    assert [one.name for one in agents.all_agents(session)] == ["ana", "bo"]


@pytest.mark.parametrize(
    ("role", "may"), [("agent", [1, 0, 0]), ("lead", [1, 1, 0]), ("owner", [1, 1, 1])]
)
def test_role_covers_those_below(role: str, may: list[int]) -> None:
    assert [Role(role).covers(other) for other in Role] == may


def test_close_signs_out_everywhere(session: Session) -> None:
    agent = make_agent(session)
    secrets = [signin.open_session(session, agent, "::1", NOW) for _ in range(2)]
    agents.set_active(session, agent, False, NOW)
    agents.set_active(session, agent, True, NOW)
    assert [signin.signed_in(session, one, NOW) for one in secrets] == [None, None]


def test_new_password_signs_out(session: Session) -> None:
    agent = make_agent(session)
    secret = signin.open_session(session, agent, "::1", NOW)
    agents.set_password(session, agent, "another horse!", NOW)
    assert signin.signed_in(session, secret, NOW) is None


def test_meet_makes_an_account_for_a_group(session: Session) -> None:
    agent = agents.meet(session, vouched(), ROLES, NOW)
    assert (agent.role, agent.shown_as, agent.password) == ("agent", "Ana Ruiz", None)
    assert agents.meet(session, vouched(email=None), ROLES, NOW) is agent


def test_meet_finds_an_account_by_its_address(session: Session) -> None:
    agent = make_agent(session, email="ana@shop.example", role="owner")
    assert agents.meet(session, vouched(groups=frozenset()), {}, NOW) is agent
    assert (agent.role, agent.subject) == ("owner", "https://id.example 17")


def test_meet_gives_the_highest_role_of_the_groups(session: Session) -> None:
    groups = frozenset({"support", "support-leads", "cooks"})
    assert agents.meet(session, vouched(groups=groups), ROLES, NOW).role == "lead"


@pytest.mark.parametrize("groups", [frozenset(), frozenset({"cooks"})])
def test_meet_refuses_who_has_no_place(
    session: Session, groups: frozenset[str]
) -> None:
    with pytest.raises(agents.NotLetIn):
        agents.meet(session, vouched(groups=groups), ROLES, NOW)


def test_meet_refuses_who_left_the_group(session: Session) -> None:
    agents.meet(session, vouched(), ROLES, NOW)
    with pytest.raises(agents.NotLetIn, match="any more"):
        agents.meet(session, vouched(groups=frozenset()), ROLES, NOW)


def test_meet_refuses_a_closed_account(session: Session) -> None:
    agent = agents.meet(session, vouched(), ROLES, NOW)
    agents.set_active(session, agent, False, NOW)
    with pytest.raises(agents.NotLetIn):
        agents.meet(session, vouched(), ROLES, NOW)


def test_meet_gives_nobody_anothers_account(session: Session) -> None:
    agents.meet(session, vouched(), ROLES, NOW)
    with pytest.raises(agents.NotLetIn):
        agents.meet(session, vouched(subject="https://id.example 18"), ROLES, NOW)
