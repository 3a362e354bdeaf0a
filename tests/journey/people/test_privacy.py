import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey import log
from journey.orders.stock import Line, reserve
from journey.people import privacy
from journey.store.tables import (
    Arrival,
    Base,
    Conversation,
    Customer,
    Erasure,
    Event,
    Order,
    Product,
    Thread,
)
from tests.factories import (
    NOW,
    make_conversation,
    make_customer,
    make_heard,
    make_journey,
    make_order,
    make_product,
)


def make_traces(session: Session) -> Conversation:
    """A customer who talked, had a journey and ordered."""
    conversation = make_conversation(session, make_customer(session, name="Ada"))
    journey = make_journey(session, conversation, words="awake at 3")
    log.write(session, make_heard(conversation), "message_heard", journey=journey)
    customer = session.get_one(Customer, conversation.customer_id)
    line = Line(make_product(session).id)
    make_order(session, line, customer=customer, address={"street": "Elm Row 1"})
    reserve(session, customer.id, [line], NOW)
    return conversation


def test_scope_names_every_table(session: Session) -> None:
    scope = privacy.scope_of(session, "anybody")
    assert set(scope) | privacy.IMPERSONAL == set(Base.metadata.tables)


def test_export_shows_what_is_held(session: Session) -> None:
    conversation = make_traces(session)
    rows = privacy.export_customer(session, conversation.customer_id)
    assert rows["customers"][0]["name"] == "Ada"
    assert rows["journeys"][0]["words"] == "awake at 3"
    assert [row["kind"] for row in rows["events"]] == ["message_heard", "promise_made"]
    assert len(rows["order_items"]) == len(rows["reservations"]) == 1


@pytest.mark.parametrize(("failures", "left"), [(0, 1), (3, 0)])
def test_erase_forgets_what_was_told_and_could_not_be_taken_in(
    session: Session, failures: int, left: int
) -> None:
    conversation = make_traces(session)
    key = {"conversation_id": conversation.id, "channel": "sms", "key": "+1555"}
    session.add(Thread(**key))
    told = {"origin": {"key": "+1555"}, "text": "hello"}
    row = {"channel": "sms", "content": told, "at": NOW, "failures": failures}
    session.add(Arrival(**row))
    session.add(Arrival(**{**row, "channel": "whatsapp"}))
    session.flush()
    privacy.erase_customer(session, conversation.customer_id, NOW)
    assert len(session.scalars(select(Arrival)).all()) == 1 + left


def test_erase_leaves_no_row_about_the_customer(session: Session) -> None:
    gone = make_traces(session).customer_id
    privacy.erase_customer(session, gone, NOW)
    left = privacy.export_customer(session, gone)
    assert {table: rows for table, rows in left.items() if rows} == {}


def test_erase_keeps_the_order_without_a_person(session: Session) -> None:
    privacy.erase_customer(session, make_traces(session).customer_id, NOW)
    order = session.scalars(select(Order)).one()
    assert (order.customer_id, order.address) == (None, None)


def test_erase_gives_what_was_kept_back(session: Session) -> None:
    privacy.erase_customer(session, make_traces(session).customer_id, NOW)
    assert session.scalars(select(Product.reserved)).all() == [0]


def test_erase_spares_everybody_else(session: Session) -> None:
    gone, stays = make_traces(session), make_traces(session)
    privacy.erase_customer(session, gone.customer_id, NOW)
    assert session.scalars(select(Customer.id)).all() == [stays.customer_id]
    assert session.scalar(select(func.count()).select_from(Event)) == 2


def test_erase_leaves_a_proof_without_identity(session: Session) -> None:
    privacy.erase_customer(session, make_traces(session).customer_id, NOW)
    proof = session.scalars(select(Erasure)).one()
    assert (proof.customer_id, proof.done_at) == (None, NOW)
    assert proof.counts["events"] == 2
