"""The address that a message has in it."""

from journey.orders.address import missing, read_address
from journey.turn import Turn


def address_in(turn: Turn) -> dict[str, str]:
    """Return the parts of an address that are said; names of products are none."""
    text = turn.heard.text
    for found in turn.heard.of("product"):
        blank = " " * (found.end - found.start)
        text = text[: found.start] + blank + text[found.end :]
    given = read_address(text)
    return given if not missing(given) else read_address(turn.heard.text)
