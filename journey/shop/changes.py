"""Changes of an order as they are kept until a shop's system has made them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from journey.orders.amendments import Cancel, CancelItems, Change, Readdress, Recount

KINDS: Mapping[str, type[Change]] = {
    kind.__name__: kind for kind in (Cancel, CancelItems, Readdress, Recount)
}


def kept(change: Change) -> dict[str, Any]:
    """Return a change as it is stored."""
    return {"kind": type(change).__name__, **asdict(change)}


def read(stored: dict[str, Any]) -> Change:
    """Return a change as it was stored."""
    fields = {name: value for name, value in stored.items() if name != "kind"}
    return TypeAdapter(KINDS[stored["kind"]]).validate_python(fields)
