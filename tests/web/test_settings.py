import pytest

from journey.desk.agents import Role
from web.settings import read_settings

COMPANY = {"COACH_OIDC_ISSUER": "https://id.example", "COACH_OIDC_CLIENT_ID": "desk"}


def test_reads_company_with_its_groups() -> None:
    roles = "support=agent, Shop = Owners=owner"
    oidc = read_settings({**COMPANY, "COACH_OIDC_ROLES": roles}).oidc
    assert oidc is not None
    assert oidc.roles == {"support": Role.AGENT, "Shop = Owners": Role.OWNER}
    assert (oidc.issuer, oidc.claim) == ("https://id.example", "groups")


def test_has_no_company_by_default() -> None:
    assert read_settings({}).oidc is None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"COACH_OIDC_ISSUER": "http://id.example"}, "COACH_OIDC_ISSUER"),
        ({"COACH_OIDC_CLIENT_ID": ""}, "COACH_OIDC_CLIENT_ID"),
        ({"COACH_OIDC_ROLES": "support"}, "COACH_OIDC_ROLES: 'support'"),
        ({"COACH_OIDC_ROLES": "support=boss"}, "agent, lead, owner"),
    ],
)
def test_names_what_is_wrong_with_company(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_settings({**COMPANY, **wrong})
