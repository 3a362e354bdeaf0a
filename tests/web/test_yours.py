"""A customer's own page: who comes in, what is shown, and what its forms change."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.coach.mandates.page import ASKED
from journey.mandates.mandates import give_mandate
from journey.people import linking
from journey.people.consent import Purpose, agreed, ledger
from journey.people.customers import find_customer
from journey.proactive.plan import KINDS
from journey.store.tables import (
    ContactWish,
    Customer,
    Execution,
    Mandate,
    Product,
)
from tests.factories import make_product
from tests.web.conftest import Browser, Running
from tests.web.test_chat import signature

PAGE = {"accept": "text/html"}
TERMS = {"days": "28", "cap": "25", "notice": "5", "quantity": "2"}


async def signed_in(system: Running) -> tuple[Browser, str]:
    """Return the browser of a verified customer, and the customer."""
    browser = system.browser()
    await browser.open(user_id="ada", signature=signature("ada"), name="Ada")
    customer = await system.service.store.read(
        lambda session: find_customer(session, "site", "ada")
    )
    assert customer is not None
    return browser, customer.id


async def with_mandate(system: Running, customer_id: str) -> str:
    def write(session: Session) -> str:
        product = make_product(session, name="Water Filter", uses_up_days=30)
        mandate = give_mandate(
            session,
            customer_id=customer_id,
            product_id=product.id,
            cap=Decimal("30"),
            every_days=28,
            said="order it",
            now=datetime.now(UTC),
        )
        order_at = datetime.now(UTC) + timedelta(days=3)
        session.add(
            Execution(
                mandate_id=mandate.id,
                customer_id=customer_id,
                number=1,
                product_id=product.id,
                quantity=1,
                order_at=order_at,
                act_at=order_at,
                created_at=datetime.now(UTC),
            )
        )
        return mandate.id

    return await system.service.store.write(write)


async def rows(system: Running, table: type[Any]) -> list[Any]:
    return await system.service.store.read(lambda s: list(s.scalars(select(table))))


async def csrf(browser: Browser) -> str:
    shown = await browser.http.get("/yours", headers=PAGE)
    assert shown.status_code == 200
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', shown.text)
    assert found
    return found.group(1)


async def send(browser: Browser, path: str, **form: str) -> httpx.Response:
    data = {"csrf": await csrf(browser), **form}
    return await browser.http.post(f"/yours{path}", data=data)


async def test_stranger_is_told_how_to_come_in(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    shown = await browser.http.get("/yours")
    assert shown.status_code == 401
    assert "my page" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in shown.headers["content-security-policy"]


async def test_link_opens_the_page_once(system: Running) -> None:
    _, customer_id = await signed_in(system)
    now = system.service.clock()
    code = await system.service.store.write(
        lambda s: linking.issue(s, customer_id, now=now)
    )
    browser = system.browser()
    # A preview that looks at the link leaves it good.
    assert (await browser.http.get(f"/yours/open?code={code}")).status_code == 200
    opened = await browser.http.post("/yours/open", data={"code": code})
    assert opened.status_code == 303
    assert "httponly" in opened.headers["set-cookie"].lower()
    assert "this is your page" in (await browser.http.get("/yours")).text
    again = await system.browser().http.post("/yours/open", data={"code": code})
    assert again.status_code == 403


async def test_guessing_at_links_is_slowed_down(system: Running) -> None:
    http = system.browser().http
    guess = {"code": "LINK-ABCDEFGHJKMN"}
    for _ in range(20):
        assert (await http.post("/yours/open", data=guess)).status_code == 403
    refused = await http.post("/yours/open", data=guess)
    assert (refused.status_code, "Wait a moment" in refused.text) == (429, True)
    assert int(refused.headers["retry-after"]) > 0


async def test_page_shows_the_words_that_were_agreed_to(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    await with_mandate(system, customer_id)
    shown = (await browser.http.get("/yours")).text
    assert "I order Water Filter for you every 4 weeks" in shown
    assert "I may write when something is due again" in shown


async def test_form_without_its_token_changes_nothing(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    named = await with_mandate(system, customer_id)
    refused = await browser.http.post(
        f"/yours/mandates/{named}", data={"wish": "revoke", "csrf": "0"}
    )
    assert (refused.status_code, "too old" in refused.text) == (403, True)
    assert [x.state for x in await rows(system, Mandate)] == ["active"]


async def test_other_site_cannot_send_a_form(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    named = await with_mandate(system, customer_id)
    token = await csrf(browser)
    refused = await browser.http.post(
        f"/yours/mandates/{named}",
        data={"wish": "revoke", "csrf": token},
        headers={"origin": "https://evil.example"},
    )
    assert refused.status_code in (401, 403)
    assert [x.state for x in await rows(system, Mandate)] == ["active"]


@pytest.mark.parametrize(
    ("wishes", "state"),
    [
        (["pause"], "paused"),
        (["pause", "resume"], "active"),
        (["revoke"], "revoked"),
        (["nonsense"], "active"),
    ],
)
async def test_mandate_is_paused_gone_on_with_and_ended(
    system: Running, wishes: list[str], state: str
) -> None:
    browser, customer_id = await signed_in(system)
    named = await with_mandate(system, customer_id)
    for wish in wishes:
        done = await send(browser, f"/mandates/{named}", wish=wish)
        assert done.status_code == 303
    assert [x.state for x in await rows(system, Mandate)] == [state]


async def test_change_replaces_a_mandate_and_keeps_its_words(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    await with_mandate(system, customer_id)
    (product,) = [x for x in await rows(system, Product) if x.name == "Water Filter"]
    await send(browser, "/mandates", product=product.id, **TERMS)
    old, new = sorted(await rows(system, Mandate), key=lambda x: x.created_at)
    assert (old.state, new.state) == ("revoked", "active")
    assert (new.cap, new.quantity, new.notice_days) == (Decimal("25.00"), 2, 5)
    words = await system.service.store.read(lambda s: ledger(s, customer_id)[-1])
    assert words.text.startswith("I order 2 × Water Filter for you every 4 weeks")
    assert words.source.startswith("page:")


@pytest.mark.parametrize("terms", [{"cap": "-1"}, {"notice": "0"}, {"quantity": "x"}])
async def test_terms_that_cannot_be_are_refused(
    system: Running, terms: dict[str, str]
) -> None:
    browser, customer_id = await signed_in(system)
    await with_mandate(system, customer_id)
    (product,) = [x for x in await rows(system, Product) if x.name == "Water Filter"]
    refused = await send(browser, "/mandates", product=product.id, **{**TERMS, **terms})
    assert refused.status_code == 400
    assert f"“{next(iter(terms))}” can&#39;t be that" in refused.text
    assert len(await rows(system, Mandate)) == 1


async def test_product_that_was_never_bought_is_refused(system: Running) -> None:
    browser, _ = await signed_in(system)
    product = await system.service.store.write(lambda s: make_product(s).id)
    refused = await send(browser, "/mandates", product=product, **TERMS)
    assert (refused.status_code, "Say how often" in refused.text) == (400, True)
    assert await rows(system, Mandate) == []


async def test_order_to_come_is_skipped(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    await with_mandate(system, customer_id)
    (execution,) = await rows(system, Execution)
    assert (await send(browser, f"/orders/{execution.id}")).status_code == 303
    (execution,) = await rows(system, Execution)
    assert (execution.state, execution.why) == ("skipped", "vetoed")
    assert (await send(browser, f"/orders/{execution.id}")).status_code == 409


async def test_other_customers_mandate_stays_as_it_is(system: Running) -> None:
    browser, _ = await signed_in(system)

    def other(session: Session) -> str:
        customer = Customer(created_at=datetime.now(UTC))
        session.add(customer)
        session.flush()
        return customer.id

    theirs = await with_mandate(system, await system.service.store.write(other))
    (execution,) = await rows(system, Execution)
    await send(browser, f"/mandates/{theirs}", wish="revoke")
    assert (await send(browser, f"/orders/{execution.id}")).status_code == 409
    assert [x.state for x in await rows(system, Mandate)] == ["active"]


async def test_ticks_are_consents_with_their_words(system: Running) -> None:
    browser, customer_id = await signed_in(system)
    wishes = {"per_week": "1", "quiet_from": "20:30", "quiet_until": "09:15"}
    await send(browser, "/messages", due_again="yes", better_price="yes", **wishes)
    await send(browser, "/messages", due_again="yes", **wishes)
    now = system.service.clock()
    stood = await system.service.store.read(lambda s: agreed(s, customer_id, now))
    assert stood == [Purpose.DUE_AGAIN]
    decided = await system.service.store.read(lambda s: ledger(s, customer_id))
    assert [x.granted for x in decided] == [True, True, False]
    assert {x.text for x in decided} <= {
        "I may write when something is due again",
        "I may write when something that you wanted costs less",
    }
    (wish,) = await rows(system, ContactWish)
    assert (wish.per_week, wish.quiet_from, wish.quiet_until) == (1, 1230, 555)


def test_every_purpose_of_messages_can_be_ticked() -> None:
    assert set(ASKED) == {kind.purpose for kind in KINDS.values()} - {Purpose.MANDATE}
