"""What the page's forms may say."""

from datetime import time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from journey.proactive.quiet import DAY


def _empty(given: object) -> object:
    return None if given == "" else given


def _minute(given: object) -> object:
    return clock.hour * 60 + clock.minute if (clock := _clock(given)) else given


def _clock(given: object) -> time | None:
    return time.fromisoformat(given) if isinstance(given, str) else None


Minute = Annotated[int, BeforeValidator(_minute), Field(ge=0, lt=DAY)]


class Wanted(BaseModel):
    """The terms of a mandate as the form gives them."""

    product: Annotated[str, Field(max_length=100)]
    cap: Annotated[Decimal | None, BeforeValidator(_empty), Field(gt=0, le=100_000)] = (
        None
    )
    days: Annotated[int, Field(ge=0, le=730)] = 0
    notice: Annotated[int, Field(ge=1, le=30)]
    quantity: Annotated[int, Field(ge=1, le=19)]
    alike: bool = False


class Wishes(BaseModel):
    """How often and when somebody may be written to."""

    per_week: Annotated[int, Field(ge=0, le=21)]
    quiet_from: Minute
    quiet_until: Minute
