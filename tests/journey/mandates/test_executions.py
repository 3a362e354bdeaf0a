from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from journey.mandates.executions import announce
from journey.store.tables import Execution
from tests.factories import make_customer, make_product
from tests.journey.mandates.test_mandates import make_mandate

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        (datetime(2026, 3, 27, 10), 71),
        (datetime(2026, 10, 23, 10), 73),
        (datetime(2028, 2, 27, 10), 72),
    ],
)
def test_notice_lasts_so_many_days_on_the_customers_clock(
    session: Session, told: datetime, hours: int
) -> None:
    customer, product = make_customer(session), make_product(session)
    mandate = make_mandate(session, customer.id, product.id)
    now = told.replace(tzinfo=BERLIN).astimezone(UTC)
    execution = Execution(order_at=now)
    announce(execution, mandate, product, customer, now, BERLIN)
    assert execution.order_at - now == timedelta(hours=hours)
    assert execution.order_at.astimezone(BERLIN).hour == 10
