import pytest

from tests.web.desk.conftest import Desk
from tests.web.desk.talk import talking


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 403), ("lead", 200), ("owner", 200)]
)
async def test_is_for_leads_and_owners(desk: Desk, role: str, status: int) -> None:
    seat = await desk.signed_in("ana", role)
    assert (await seat.page("/desk/insights")).status_code == status
    is_offered = 'href="/desk/insights"' in (await seat.page()).text
    assert is_offered == (status == 200)


async def test_shows_what_happened(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in("ana", "lead")
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/resolve", seen="99")
    page = (await ana.page("/desk/insights?days=30")).text
    assert '<th scope="row">ana</th><td>1</td><td class="words">was taken over' in page
    assert 'href="?days=30" aria-current="page"' in page
