"""Short ways to let a customer do something that the coach learns from."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from journey import log
from journey.store.tables import Customer, Event, Journey
from tests.factories import NOW, make_conversation, make_customer, make_journey


class Person:
    """A customer in a journey for a need."""

    def __init__(self, session: Session, need: str | None = "sleep") -> None:
        self.session = session
        self.customer: Customer = make_customer(session)
        self.conversation = make_conversation(session, self.customer)
        self.journey: Journey = make_journey(session, self.conversation, need=need)
        self.id = self.customer.id

    def does(self, kind: str, at: datetime = NOW, **payload: Any) -> Event:
        return log.append(
            self.session,
            kind,
            at=at,
            customer_id=self.id,
            conversation_id=self.conversation.id,
            journey=self.journey,
            payload=payload,
        )

    def sees(self, *products: str, **more: Any) -> Event:
        options = [{"product": product} for product in products]
        return self.does("shortlist_shown", options=options, **more)

    def orders(self, number: int, *products: str, days: float = 0) -> Event:
        items = [{"product": product, "quantity": 1} for product in products]
        at = NOW + timedelta(days=days)
        return self.does("order_placed", at=at, order=number, items=items)
