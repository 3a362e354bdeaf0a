"""Respond: do what was asked for: order, look after orders, act on mandates."""

from journey.coach import asking
from journey.coach.mandates import (
    announcing,
    ending,
    mandating,
    obstacles,
    renewing,
    undoing,
)
from journey.coach.orders import (
    addressing,
    amending,
    appending,
    cancelling,
    carting,
    hastening,
    naming,
    news,
    ordering,
    reordering,
    reshaping,
    returning,
    tracking,
)
from journey.coach.shortlist import choosing, watching
from journey.coach.shortlist.options import on_table, pointed
from journey.turn import Move, Turn


def order(turn: Turn) -> list[Move]:
    """Order what is named, or the option that is pointed at."""
    table = on_table(turn)
    named = turn.heard.of("product", "category")
    if table and (pointed(turn, table) or not named):
        return choosing.choose(turn)
    return naming.order_named(turn)


def change(turn: Turn) -> list[Move]:
    """Change an order; what is only announced, when no order is here any more."""
    return announcing.changed_later(turn) or amending.change(turn)


INTENTS = {
    "order_product": order,
    "reorder": reordering.again,
    "track_order": tracking.track,
    "change_order": change,
    "cancel_order": cancelling.cancel,
    "return_order": returning.give_back,
    "set_mandate": mandating.give,
    "revoke_mandate": ending.revoke,
}
EXPECTS = {
    "confirm_order": ordering.answer,
    "cart": carting.answer,
    "confirm_append": appending.answer,
    "address": addressing.take,
    "which_product": naming.product_chosen,
    "change_what": amending.change_what,
    "which_line": amending.which_line,
    "confirm_cancel": cancelling.confirm_cancel,
    "confirm_swap": reshaping.confirm_swap,
    "return_item": returning.which,
    "return_unopened": returning.unopened,
    "return_reason": returning.because,
    "mandate_product": mandating.product,
    "mandate_every": mandating.every,
    "confirm_mandate": mandating.agree,
    **hastening.EXPECTS,
    **news.EXPECTS,
    **asking.EXPECTS,
    **renewing.EXPECTS,
    **watching.EXPECTS,
    **announcing.EXPECTS,
    **obstacles.EXPECTS,
    **undoing.EXPECTS,
}
ASIDES = frozenset({"track_order"})
