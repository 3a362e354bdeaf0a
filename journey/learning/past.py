"""What a lesson reads: one event, and what came before it, as columns of the log.

Lessons read through a `Past`, so that the same lessons are drawn from the log in its
database and from a customer's events in memory (`journey/learning/parts.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from journey.people.consent import Purpose, has_consent
from journey.store.tables import Event, LearnedTaste

EVIDENCE = ("need_believed", "question_answered")
CHOICES = ("option_chosen", "order_placed")


class Act(Protocol):
    """An event as far as lessons look at it."""

    @property
    def number(self) -> int:
        """Its place in the log."""

    @property
    def at(self) -> datetime:
        """When it was."""

    @property
    def customer_id(self) -> str | None:
        """Whose it is."""

    @property
    def journey_id(self) -> str | None:
        """In which journey it was."""

    @property
    def need(self) -> str | None:
        """What that journey was for."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """What is told about it."""


class Past(Protocol):
    """What came before an event, of the same customer."""

    def willing(self, event: Act) -> bool:
        """Tell whether the customer let us learn at that instant."""

    def orders(self, event: Act) -> Iterator[Act]:
        """Yield the orders before, the last first."""

    def last_order(self, event: Act) -> Act | None:
        """Return the order before."""

    def taken(self, event: Act, products: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each of some products was last ordered."""

    def choices(self, event: Act) -> Iterable[Act]:
        """Return what was chosen and ordered before in the event's journey."""

    def evidence(self, event: Act) -> Sequence[Act]:
        """Return the signs of the event's journey, and every confirmed need."""


_EVENTS = Event.__table__.c
_TASTES = LearnedTaste.__table__.c
_BEFORE = select(
    *(_EVENTS.number, _EVENTS.at, _EVENTS.customer_id, _EVENTS.journey_id),
    *(_EVENTS.need, _EVENTS.kind, _EVENTS.payload),
).where(_EVENTS.number < bindparam("number"))
_ORDERS = _BEFORE.where(
    _EVENTS.customer_id == bindparam("customer"), _EVENTS.kind == "order_placed"
).order_by(_EVENTS.number.desc())
_LAST_ORDER = _ORDERS.limit(1)
_HERE = _EVENTS.journey_id == bindparam("journey")
_CHOICES = _BEFORE.where(_HERE, _EVENTS.kind.in_(CHOICES)).order_by(_EVENTS.number)
_EVIDENCE = _BEFORE.where(
    or_(
        _HERE & _EVENTS.kind.in_(EVIDENCE),
        (_EVENTS.customer_id == bindparam("customer"))
        & (_EVENTS.kind == "summary_confirmed"),
    )
).order_by(_EVENTS.number)
_TAKEN = select(_TASTES.product_id, _TASTES.ordered_at).where(
    _TASTES.customer_id == bindparam("customer"),
    _TASTES.product_id.in_(bindparam("products", expanding=True)),
    _TASTES.ordered_at.is_not(None),
)
"""Statements of every lesson, made once."""


class LoggedPast:
    """The past as the log in its database has it."""

    def __init__(self, session: Session) -> None:
        """Read in a session's transaction; what it holds back must be flushed."""
        self._session = session

    def willing(self, event: Act) -> bool:
        """Tell whether the customer let us learn at that instant."""
        customer = event.customer_id
        return customer is not None and has_consent(
            self._session, customer, Purpose.LEARNING, event.at, unsaid=True
        )

    def orders(self, event: Act) -> Iterator[Act]:
        """Yield the orders before, the last first."""
        yield from self._before(_ORDERS, event)

    def last_order(self, event: Act) -> Act | None:
        """Return the order before."""
        return next(iter(self._before(_LAST_ORDER, event)), None)

    def taken(self, event: Act, products: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each of some products was last ordered."""
        mine = {"customer": event.customer_id, "products": list(products)}
        rows = self._session.connection().execute(_TAKEN, mine)
        return {product: at for product, at in rows}

    def choices(self, event: Act) -> Iterable[Act]:
        """Return what was chosen and ordered before in the event's journey."""
        return self._before(_CHOICES, event) if event.journey_id else ()

    def evidence(self, event: Act) -> Sequence[Act]:
        """Return the signs of the event's journey, and every confirmed need."""
        return list(self._before(_EVIDENCE, event))

    def _before(self, query: Select[Any], event: Act) -> Iterable[Any]:
        given = {
            "number": event.number,
            "customer": event.customer_id,
            "journey": event.journey_id,
        }
        return self._session.connection().execute(query, given)
