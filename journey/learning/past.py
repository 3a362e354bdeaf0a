"""What a lesson reads: one event, and what came before it, as columns of the log.

Lessons read through a `Past`, so that the same lessons are drawn from the log in its
database and from a customer's events in memory (`journey/learning/parts.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from journey.people.consent import Purpose, has_consent
from journey.store.prepared import Among, Prepared
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


class Earlier(NamedTuple):
    """An event of the log, as far as lessons look at it."""

    number: int
    at: datetime
    customer_id: str | None
    journey_id: str | None
    need: str | None
    kind: str
    payload: Mapping[str, Any]


_EVENTS = Event.__table__.c
_TASTES = LearnedTaste.__table__.c
_BEFORE = select(*(_EVENTS[name] for name in Earlier._fields)).where(
    _EVENTS.number < bindparam("number")
)


def _one_of(kinds: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(_EVENTS.kind == kind for kind in kinds))


_NEWEST = _BEFORE.where(
    _EVENTS.customer_id == bindparam("customer"), _EVENTS.kind == "order_placed"
).order_by(_EVENTS.number.desc())
_ORDERS, _LAST_ORDER = Prepared(_NEWEST), Prepared(_NEWEST.limit(1))
_HERE = _EVENTS.journey_id == bindparam("journey")
_CHOICES = Prepared(_BEFORE.where(_HERE, _one_of(CHOICES)).order_by(_EVENTS.number))
_EVIDENCE = Prepared(
    _BEFORE.where(
        or_(
            _HERE & _one_of(EVIDENCE),
            (_EVENTS.customer_id == bindparam("customer"))
            & (_EVENTS.kind == "summary_confirmed"),
        )
    ).order_by(_EVENTS.number)
)
_ORDERED = select(_TASTES.product_id, _TASTES.ordered_at).where(
    _TASTES.customer_id == bindparam("customer"), _TASTES.ordered_at.is_not(None)
)
_TAKEN = Among(lambda these: _ORDERED.where(_TASTES.product_id.in_(these)))
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
        return next(self._before(_LAST_ORDER, event), None)

    def taken(self, event: Act, products: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each of some products was last ordered."""
        connection = self._session.connection()
        rows = _TAKEN.rows(connection, products, customer=event.customer_id)
        return {product: at for product, at in rows}

    def choices(self, event: Act) -> Iterable[Act]:
        """Return what was chosen and ordered before in the event's journey."""
        return self._before(_CHOICES, event) if event.journey_id else ()

    def evidence(self, event: Act) -> Sequence[Act]:
        """Return the signs of the event's journey, and every confirmed need."""
        return list(self._before(_EVIDENCE, event))

    def _before(self, query: Prepared, event: Act) -> Iterator[Earlier]:
        rows = query.rows(
            self._session.connection(),
            number=event.number,
            customer=event.customer_id,
            journey=event.journey_id,
        )
        return map(Earlier._make, rows)
