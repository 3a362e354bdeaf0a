"""Makers of rows and values, each complete and changeable by keyword."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from journey.orders.baskets import Basket, Delivery
from journey.orders.stock import Line
from journey.shop.embedded import EmbeddedShop
from journey.store.tables import (
    Agent,
    Conversation,
    Customer,
    Journey,
    Order,
    Product,
)
from journey.turn import Heard

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
numbers = count(1)


def make_customer(session: Session, **columns: Any) -> Customer:
    customer = Customer(**{"created_at": NOW, **columns})
    session.add(customer)
    session.flush()
    return customer


def make_conversation(
    session: Session, customer: Customer, **columns: Any
) -> Conversation:
    given = {"channel": "website", "created_at": NOW, "active_at": NOW, **columns}
    conversation = Conversation(customer_id=customer.id, **given)
    session.add(conversation)
    session.flush()
    return conversation


def make_journey(
    session: Session, conversation: Conversation, **columns: Any
) -> Journey:
    journey = Journey(
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        **{"started_at": NOW, "stage_at": NOW, **columns},
    )
    session.add(journey)
    session.flush()
    return journey


def make_product(session: Session, **columns: Any) -> Product:
    given: dict[str, Any] = {
        "id": f"product-{next(numbers)}",
        "name": "Lind High-Back Desk Chair",
        "brand": "Lind",
        "category": "desk-chair",
        "price": Decimal("189.00"),
        "unit": "piece",
        "stock": 10,
        "delivery_days": 3,
        "drawback": "Takes about 40 minutes to put together.",
        "about": "A mesh chair with a high back.",
        **columns,
    }
    product = Product(**given)
    session.add(product)
    session.flush()
    return product


def make_basket(customer: Customer, *lines: Line, **fields: Any) -> Basket:
    given: dict[str, Any] = {
        "lines": lines,
        "customer_id": customer.id,
        "once": "first",
        "delivery": Delivery("standard", Decimal("4.90"), NOW + timedelta(days=3)),
        **fields,
    }
    return Basket(**given)


def make_order(session: Session, *lines: Line, **fields: Any) -> Order:
    """Place an order in the embedded shop, for a new customer unless one is given."""
    customer = fields.pop("customer", None) or make_customer(session)
    now = fields.pop("now", NOW)
    lines = lines or (Line(make_product(session).id),)
    basket = make_basket(customer, *lines, **fields)
    return EmbeddedShop().place(session, basket, now)


def make_heard(conversation: Conversation, text: str = "hello", **fields: Any) -> Heard:
    given: dict[str, Any] = {
        "message_id": f"message-{next(numbers)}",
        "conversation_id": conversation.id,
        "customer_id": conversation.customer_id,
        "channel": conversation.channel,
        "text": text,
        "intent": "greet",
        "confidence": 0.95,
        "at": NOW,
        **fields,
    }
    return Heard(**given)


def make_agent(session: Session, **columns: Any) -> Agent:
    name = f"agent-{next(numbers)}"
    given = {"name": name, "role": "agent", "created_at": NOW, **columns}
    agent = Agent(**{"shown_as": str(given["name"]).title(), **given})
    session.add(agent)
    session.flush()
    return agent
