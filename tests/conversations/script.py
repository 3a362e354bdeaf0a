"""Conversations as YAML: what a customer says, and what must come of it."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

HERE = Path(__file__).parent


class Part(BaseModel):
    """A frozen part of a script; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shop(Part):
    """What changes on the shop's side, until the script is over.

    `product` (an id) costs `price`, has `stock` pieces, or is `gone` from the
    catalogue; the customer's newest `order` comes as far as this.
    """

    product: str | None = None
    price: Decimal | None = None
    stock: int | None = None
    gone: bool = False
    order: Literal["packed", "shipped", "delivered"] | None = None


class Step(Part):
    """One turn.

    `customer` types, `press` presses a button of the last reply by (a part of) its
    title. `coach` lists what must be among the reply, in this order: an expression
    for a response's name, or one between slashes for the text. `never` lists what must
    not be there. `wait` lets days or hours pass, `device` opens a new conversation of
    the same customer. `passes` lets time pass in which the scheduler works: the reply
    is what the customer is written in that time; with `until` it passes no longer than
    until something is written. `shop` changes the shop's side, `zone` the customer's
    clock; both before anything else of the step.
    """

    customer: str | None = None
    press: str | None = None
    coach: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    wait: dict[str, float] = Field(default_factory=dict)
    device: str | None = None
    passes: dict[str, float] = Field(default_factory=dict)
    until: dict[str, float] = Field(default_factory=dict)
    shop: Shop | None = None
    zone: str | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        if self.customer is not None and self.press is not None:
            raise ValueError("a step either types or presses")
        return self


class Script(Part):
    """One conversation: its turns, then what the log and the tables must hold.

    `log` lists kinds of events, in this order, others may lie between; `once` those
    that must have come about exactly once; `db` gives, per table, columns of rows
    that must be there (an empty list: no row). `begins` is when, where it matters.
    """

    conversation: str
    begins: datetime | None = None
    turns: Annotated[tuple[Step, ...], Field(min_length=2)]
    log: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    db: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)


def load_scripts() -> dict[str, Script]:
    """Return every script by `kind: conversation`."""
    found = {}
    for path in sorted(HERE.glob("*/*.yml")):
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
            script = Script.model_validate(raw)
            found[f"{path.parent.name}: {script.conversation}"] = script
    return found
