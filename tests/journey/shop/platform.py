"""A platform that does what a test tells it, and remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Cancel, CancelItems, Change, Readdress, Recount
from journey.orders.orders import Status
from journey.shop.platform import Altered, Known, Notice, Pulled, Repaid, Wanted
from tests.factories import NOW


@dataclass
class Scripted:
    """Keeps orders under their keys; `before` and `after` run around each call."""

    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    orders: dict[str, Known] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    refunds: dict[str, Decimal] = field(default_factory=dict)
    repaid: Repaid | None = None
    name: str = "scripted"
    secret_setting: str = "COACH_SCRIPTED_SECRET"
    hears: bool = True

    def check(self) -> str:
        return self.name

    def currency(self) -> str:
        return "EUR"

    def pull(self, given: Given, report: Report) -> Iterator[Pulled]:
        del given, report
        yield from ()

    def can(self, change: Change, *, paid: bool) -> bool:
        del paid
        return isinstance(change, Cancel | CancelItems | Readdress | Recount)

    def look(self, ref: str) -> Known:
        return next(x for x in self.orders.values() if x.ref == ref)

    def place(self, wanted: Wanted) -> Known:
        self._ask("place", wanted)
        if wanted.key not in self.orders:
            self.orders[wanted.key] = known(wanted)
        self.after()
        return self.orders[wanted.key]

    def alter(self, ref: str, wanted: Wanted) -> Altered:
        self._ask("alter", wanted)
        self.after()
        return Altered(replace(known(wanted), ref=ref), self.repaid)

    def cancel(self, ref: str, wanted: Wanted) -> Altered:
        self._ask("cancel", wanted)
        self.after()
        gone = replace(known(wanted), ref=ref, status=Status.CANCELLED)
        return Altered(gone, self.repaid)

    def repay(
        self, ref: str, lines: Mapping[str, int], amount: Decimal, key: str
    ) -> Repaid:
        del ref, lines
        self.asked.append("repay")
        self.before()
        self.refunds[key] = amount
        return self.repaid or Repaid("r1", paid=True)

    def close(self) -> None:
        return

    def subscribe(self, url: str) -> list[str]:
        return [url]

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        del headers, body
        return None

    def _ask(self, what: str, wanted: Wanted) -> None:
        self.asked.append(what)
        self.wanted.append(wanted)
        self.before()


def known(wanted: Wanted) -> Known:
    """Return an order as it is after it was made."""
    goods = sum((x.price * x.quantity for x in wanted.lines), Decimal(0))
    return Known(
        ref=f"ref-{wanted.number}",
        key=wanted.key,
        number=str(wanted.number + 6000),
        status=Status.PLACED,
        paid=False,
        pay_url="https://shop.example/pay/1",
        total=goods + wanted.fee,
        lines={line.item: f"line-{line.item}" for line in wanted.lines},
        at=NOW,
    )
