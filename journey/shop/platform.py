"""The other side of the port: a shop system that is asked over the network.

Nothing here touches our database, and nothing that does may call it inside a
transaction. Every call may be made again with the same effect: `key` names what is
done once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Change
from journey.orders.orders import Status


class PlatformError(Exception):
    """A call that did not do what it should; its text never holds a secret.

    `code` is the platform's own name of what went wrong, when it has one.
    """

    code = ""


class Down(PlatformError):
    """The platform cannot answer now; what was asked may have been done or not."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        """Keep why, and when the platform wants to be asked again."""
        super().__init__(reason)
        self.after = after


class Refused(PlatformError):
    """The platform will never do this; it did nothing."""


class SoldOut(Refused):
    """The platform has fewer pieces of a product."""

    def __init__(self, product: str, left: int) -> None:
        """Keep the platform's id of the product, and how many pieces are left."""
        super().__init__(f"{product}: {left} left")
        self.product, self.left = product, left


class Dearer(Refused):
    """A product costs more on the platform than what the customer agreed to."""

    def __init__(self, product: str, price: Decimal) -> None:
        """Keep the platform's id of the product, and its price."""
        super().__init__(f"{product} costs {price}")
        self.product, self.price = product, price


class Forged(Exception):
    """A message that the platform did not sign."""


@dataclass(frozen=True)
class WantedLine:
    """One line as it shall be: our id of it, the platform's of the product."""

    item: str
    product: str
    quantity: int
    price: Decimal
    line: str | None = None
    """The platform's id of the line, once there is one."""


def check_line(line: WantedLine, left: int | None, price: Decimal | None) -> None:
    """Refuse what there is not enough of, or what became dearer.

    `left` is None where pieces are not counted, `price` where none is known.

    Raises:
        SoldOut, Dearer: it cannot be had as the customer agreed to it.
    """
    if left is not None and left < line.quantity:
        raise SoldOut(line.product, left)
    if price is not None and price > line.price:
        raise Dearer(line.product, price)


@dataclass(frozen=True)
class Wanted:
    """An order as it shall be on the platform.

    `key` finds it again, `since` is when it was asked for first, at the earliest.
    `address` has street, postcode, city and a country of two letters.
    """

    key: str
    number: int
    lines: Sequence[WantedLine]
    currency: str
    fee: Decimal
    way: str
    address: Mapping[str, str]
    since: datetime
    name: str = ""
    email: str | None = None


@dataclass(frozen=True)
class Known:
    """An order as the platform has it.

    `status` is None when the platform's own says nothing to us; `lines` maps our ids
    of lines to the platform's.
    """

    ref: str
    key: str | None
    number: str
    status: Status | None
    paid: bool
    pay_url: str | None
    total: Decimal
    lines: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class Repaid:
    """Money that the platform gave back; by hand when its gateway cannot."""

    ref: str
    paid: bool


@dataclass(frozen=True)
class Altered:
    """An order after a change, and the money that went back with it."""

    order: Known
    repaid: Repaid | None = None


@dataclass(frozen=True)
class Restocked:
    """What the platform says of a product: pieces (None: enough) and price.

    The id of a product speaks for all of its variants, whose ids begin with it and a
    colon. `at` is when it was so, where the platform says it.
    """

    product: str
    stock: int | None
    price: Decimal | None
    active: bool
    at: datetime | None = None


@dataclass(frozen=True)
class Pulled:
    """A product of the platform's catalogue, with the platform's id."""

    item: Item
    product: str


@dataclass(frozen=True)
class Notice:
    """A message of the platform: what it is known by, and what it says."""

    id: str
    order: Known | None = None
    products: Sequence[Restocked] = ()


class Platform(Protocol):
    """A shop system; see the module for what its calls may rely on.

    Each call raises `Down` or `Refused`.
    """

    name: str
    secret_setting: str
    """The setting that holds the secret of its webhooks."""
    hears: bool
    """Whether that secret is set: without it every notice is refused."""

    def check(self) -> str:
        """Return whom we talk to, such as the shop's name and address."""
        ...

    def currency(self) -> str:
        """Return the currency of the shop's prices."""
        ...

    def pull(self, given: Given, report: Report) -> Iterator[Pulled]:
        """Yield the whole catalogue."""
        ...

    def can(self, change: Change, *, paid: bool) -> bool:
        """Tell whether an order can be changed so over the network."""
        ...

    def look(self, ref: str) -> Known:
        """Return how far an order is."""
        ...

    def place(self, wanted: Wanted) -> Known:
        """Return the order of this key, made when there is none.

        Raises:
            SoldOut, Dearer: it is not there, and was not made.
        """
        ...

    def alter(self, ref: str, wanted: Wanted) -> Altered:
        """Bring an order that is not sent to these lines and this address.

        A line that shall not be sent is there with no pieces.
        """
        ...

    def cancel(self, ref: str, wanted: Wanted) -> Altered:
        """Cancel an order; what was paid goes back."""
        ...

    def repay(
        self, ref: str, lines: Mapping[str, int], amount: Decimal, key: str
    ) -> Repaid:
        """Give money back for returned pieces, by the platform's ids of lines."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...

    def subscribe(self, url: str) -> Sequence[str]:
        """Have us told of orders and products at an address; return what is new."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Return what a webhook says; None when it says nothing to us.

        Raises:
            Forged: it is not signed with our secret.
            ValueError: it is signed and cannot be read.
        """
        ...
