"""What an errand leaves in our books, and what the customer hears of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders import amendments, refunds, returns
from journey.orders.amendments import Cancel, CancelItems, Change
from journey.orders.deliveries import promise_delivery, settle_delivery
from journey.orders.orders import Status, advance, items_of, total
from journey.shop import changes, errands, notices
from journey.shop.errands import Kind
from journey.shop.news import News
from journey.shop.platform import Altered, Dearer, Known, Refused, Repaid, SoldOut
from journey.store.tables import (
    Errand,
    Order,
    OrderItem,
    Product,
    Refund,
    Return,
)
from journey.turn import Move

Answer = Known | Altered | Repaid
PERSON = "shop"
"""Why a person is asked for."""


@dataclass(frozen=True)
class Finish:
    """Finishes one errand in the transaction that closes it."""

    session: Session
    errand: Errand
    order: Order
    news: News
    now: datetime

    def take(self, answer: Answer | Refused) -> None:
        """Write down what the platform answered."""
        match answer:
            case Refused() if self.errand.kind == Kind.PLACE:
                self._not_placed(answer)
            case Refused():
                self._not_done(answer)
            case Known() if self.errand.kind == Kind.LOOK:
                workdays = self.news.knowledge.policies.delivery.workdays
                notices.hear(self.session, answer, workdays, self.now, by="look")
            case Known():
                self._placed(answer)
            case Altered():
                self._altered(answer)
            case Repaid():
                self._repaid(answer)

    def say_slow(self) -> None:
        """Say once that the platform does not answer, and that we keep at it."""
        self.errand.told_at = self.now
        self._tell(Move("utter_shop_slow", self._values()), "slow")

    def _placed(self, known: Known) -> None:
        order = self.order
        order.external_id, order.shop_number = known.ref, known.number
        order.pay_url = known.pay_url
        order.paid_at = self.now if known.paid else None
        for item in items_of(self.session, order):
            item.external_id = known.lines.get(item.id)
        advance(self.session, order, Status.PLACED, self.now)
        promise_delivery(self.session, order, order.customer_id or "", self.now)
        self.news.log("order_confirmed", shop_number=known.number)
        values = self._values(total=self.news.money(float(known.total)))
        if known.total > total(self.session, order):
            name = "utter_shop_ordered_more"
        else:
            name = "utter_shop_ordered"
        self._tell(Move(name, {**values, "link": known.pay_url or ""}), "placed")

    def _not_placed(self, refused: Refused) -> None:
        moves = self._why_not(refused)
        advance(self.session, self.order, Status.FAILED, self.now)
        for later in errands.waiting(self.session, self.order):
            later.state, later.failure = errands.State.FAILED, "not placed"
        self._correct_mirror(refused)
        self.news.log("order_failed", why=str(refused))
        self._tell(moves, "failed")

    def _why_not(self, refused: Refused) -> Move:
        """Return what is said; a person is asked for when we cannot help."""
        product = self._product(refused)
        if product is None:
            self.news.call_person(PERSON)
            return Move("utter_shop_refused", self._values())
        again = self.news.button("order_again", "order_product", product=product.id)
        values = self._values(name=product.name)
        if isinstance(refused, SoldOut):
            values["left"] = str(refused.left)
            if not refused.left:
                return Move("utter_shop_sold_out", values)
            return Move("utter_shop_only_left", values, buttons=(again,))
        assert isinstance(refused, Dearer)
        values["new"] = self.news.money(float(refused.price))
        return Move("utter_shop_dearer", values, buttons=(again,))

    def _product(self, refused: Refused) -> Product | None:
        if not isinstance(refused, SoldOut | Dearer):
            return None
        query = select(Product).where(Product.external_id == refused.product)
        return self.session.scalar(query)

    def _correct_mirror(self, refused: Refused) -> None:
        """Believe the platform's stock and price, so that nobody else stumbles."""
        product = self._product(refused)
        if product is not None and isinstance(refused, SoldOut):
            product.stock = refused.left
        elif product is not None and isinstance(refused, Dearer):
            product.price = refused.price

    def _altered(self, altered: Altered) -> None:
        if self.order.status == Status.FAILED:
            # It was undone there; nobody knows of it.
            return
        change = changes.read(self.errand.about)
        before = total(self.session, self.order)
        if self.order.status != Status.CANCELLED:
            # Else a notice of what we asked for was faster than its answer.
            amendments.apply(self.session, self.order, change, self.now)
        settle_delivery(self.session, self.order, self.now)
        self._note_refund(altered.repaid, before)
        self._log_change(change)
        cancelled = self.order.status == Status.CANCELLED
        name = "utter_shop_cancelled" if cancelled else "utter_shop_changed"
        values = self._values()
        if altered.repaid is not None:
            less = before - total(self.session, self.order)
            name, values["refund"] = f"{name}_refund", self.news.money(float(less))
        self._tell(Move(name, values), "changed")

    def _log_change(self, change: Change) -> None:
        if isinstance(change, Cancel | CancelItems):
            gone = change.items if isinstance(change, CancelItems) else ()
            items = items_of(self.session, self.order)
            products = [{"product": x.product_id} for x in items if x.id in gone]
            self.news.log("order_cancelled", items=products)
        else:
            self.news.log("order_changed", what=type(change).__name__)

    def _note_refund(self, repaid: Repaid | None, before: Decimal) -> None:
        if repaid is None:
            return
        less = before - total(self.session, self.order)
        once = f"errand:{self.errand.number}"
        refund = refunds.owe(
            self.session,
            self.order,
            less,
            once=once,
            reason="cancelled",
            now=self.now,
        )
        self._settle(refund, repaid)

    def _settle(self, refund: Refund, repaid: Repaid) -> None:
        refund.external_id = repaid.ref
        if repaid.paid:
            refunds.settle(refund, self.now)
        else:
            self.news.log("refund_by_hand", amount=float(refund.amount))

    def _not_done(self, refused: Refused) -> None:
        """Leave everything as it was, and bring in a person."""
        self.news.log("errand_failed", of=self.errand.kind, why=str(refused))
        if self.errand.kind not in (Kind.PLACE, Kind.CHANGE):
            return
        self.news.call_person(PERSON)
        change = changes.read(self.errand.about)
        what = "cancel" if isinstance(change, Cancel) else "change"
        self._tell(Move(f"utter_shop_cannot_{what}", self._values()), "refused")

    def _repaid(self, repaid: Repaid) -> None:
        row = self.session.get_one(Return, self.errand.about["return"])
        returns.advance_return(
            self.session,
            row,
            returns.State.REFUNDED,
            self.now,
            repaid=repaid.paid,
            external_id=repaid.ref,
        )
        item = self.session.get_one(OrderItem, row.item_id)
        product = self.session.get_one(Product, item.product_id)
        values = self._values(
            name=product.name, refund=self.news.money(float(row.refund))
        )
        self.news.log("return_refunded", refund=float(row.refund))
        if repaid.paid:
            self._tell(Move("utter_shop_repaid", values), "repaid")

    def _values(self, **more: str) -> dict[str, str]:
        order = self.order
        return {
            "number": order.called,
            "total": self.news.money(float(total(self.session, order))),
            "day": self.news.delivery_day(order.deliver_by),
            **more,
        }

    def _tell(self, move: Move, what: str) -> None:
        self.news.tell([move], once=f"errand:{self.errand.number}:{what}")
