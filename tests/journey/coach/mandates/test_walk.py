"""A customer's way with a mandate: offered, noticed, placed, undone, skipped, ended."""

from datetime import timedelta

import pytest

from journey.coach.mandates.mandating import NOTICE_DAYS
from journey.people.consent import Purpose, has_consent
from tests.journey.coach.months import HOME, Months
from tests.journey.coach.shopping import deliver, order
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"
GAP = 25


@pytest.fixture
def agreed(shop: Talk) -> Months:
    """Return the months of who bought until a mandate was offered, and said yes."""
    months = Months(shop)
    while "mandate_offered" not in shop.kinds():
        deliver(shop, order(shop, COFFEE))
        assert len(months.orders()) < 6
        if shop.said[-1].response.startswith("utter_may"):
            shop.say("deny", "no")
        shop.wait(days=0 if "mandate_offered" in shop.kinds() else GAP)
    assert len(months.orders()) >= 2
    assert not has_consent(shop.session, "customer", Purpose.MANDATE, shop.at)
    assert shop.press("Yes, show me") == ["utter_confirm_mandate"]
    assert shop.say("affirm", "yes") == ["utter_mandate_given"]
    assert has_consent(shop.session, "customer", Purpose.MANDATE, shop.at)
    return months


def silent(months: Months) -> int:
    """Let the next order come of itself; return how many there are."""
    months.until("mandate_executed")
    months.wait(1)
    return len(months.orders())


def test_silence_orders_as_announced_and_the_order_is_undone(agreed: Months) -> None:
    before = len(agreed.orders())
    assert silent(agreed) == before + 1
    placed, announced = agreed.orders()[-1], agreed.moments("mandate_announced")[0]
    assert placed.placed_at - announced >= timedelta(days=NOTICE_DAYS)
    assert (placed.address, placed.channel) == (HOME, "web")
    assert f"order {placed.number}" in agreed.last()
    assert agreed.press("Take it back") == ["utter_mandate_undone"]
    assert placed.status == "cancelled"
    assert agreed.talk.events("mandate_vetoed")[-1]["product"] == COFFEE
    # It goes on: what was too early is announced again, later.
    undone = agreed.now
    agreed.until("mandate_announced")
    assert agreed.now - undone > timedelta(days=2)


def test_skip_then_silence_then_revoke(agreed: Months) -> None:
    agreed.until("mandate_announced")
    before = len(agreed.orders())
    assert agreed.press("Skip this time") == ["utter_mandate_skipped"]
    agreed.wait(NOTICE_DAYS + 1)
    assert len(agreed.orders()) == before
    assert silent(agreed) == before + 1
    assert agreed.talk.say("revoke_mandate", "stop ordering for me")[0] == (
        "utter_mandate_revoked"
    )
    agreed.wait(60, step=1)
    assert len(agreed.orders()) == before + 1
