"""How a language names days."""

from pydantic import Field

from journey.catalogue.schema import Entry


class Calendar(Entry):
    """How one language names days; a weekday and a month go by all their names."""

    weekdays: tuple[tuple[str, ...], ...] = Field(min_length=7, max_length=7)
    months: tuple[tuple[str, ...], ...] = Field(min_length=12, max_length=12)
    ahead: dict[str, int]
    units: dict[str, int]
    numbers: dict[str, int]
    begins: tuple[str, ...]
