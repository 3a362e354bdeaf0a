from decimal import Decimal

from sqlalchemy.orm import Session

from journey.mandates.mandates import (
    State,
    give_mandate,
    living_mandates,
    revoke_mandate,
)
from journey.store.tables import Mandate
from tests.factories import NOW, make_customer, make_product


def make_mandate(session: Session, customer: str, product: str) -> Mandate:
    return give_mandate(
        session,
        customer_id=customer,
        product_id=product,
        cap=Decimal(25),
        every_days=None,
        said="send me a new filter whenever it's due, max 25",
        now=NOW,
    )


def test_give_mandate_again_replaces_the_first(session: Session) -> None:
    customer, product = make_customer(session).id, make_product(session).id
    first = make_mandate(session, customer, product)
    second = make_mandate(session, customer, product)
    assert living_mandates(session, customer) == [second]
    assert first.state == State.REVOKED


def test_revoke_mandate_ends_it(session: Session) -> None:
    customer, product = make_customer(session).id, make_product(session).id
    revoke_mandate(session, make_mandate(session, customer, product), NOW)
    assert living_mandates(session, customer) == []
