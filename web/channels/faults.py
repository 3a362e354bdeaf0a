"""What can go wrong with a channel: at our door, and at the provider's."""

from datetime import timedelta
from random import Random

SHORTEST, LONGEST = 1.0, 300.0
"""Seconds until the next try; they double from try to try."""


class Forged(Exception):
    """A request that the provider did not send, or that is too old."""

    def __init__(self, why: str, status: int = 401) -> None:
        super().__init__(why)
        self.status = status


class Unreadable(Exception):
    """A request of the right sender that makes no sense."""


UNREADABLE = (
    Unreadable,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
)
"""What reading raises: what it says, or what Python does when a value is no such."""


def reason_of(error: Exception) -> str:
    """Return in a sentence what could not be read."""
    if isinstance(error, Unreadable):
        return str(error)
    return f"what was sent lacks {error}"


class Later(Exception):
    """The provider did not take a message now; `after` says how long to wait."""

    def __init__(
        self, why: str, after: timedelta | None = None, *, limited: bool = False
    ) -> None:
        super().__init__(why)
        self.after, self.limited = after, limited

    def wait(self, tries: int, random: Random) -> float:
        """Return the seconds until the next try: as the provider says, else doubled."""
        if self.after is not None:
            return self.after.total_seconds() + random.uniform(0, SHORTEST)
        return min(SHORTEST * 2.0**tries, LONGEST) * random.uniform(0.5, 1.5)


class Refused(Exception):
    """The provider will never take this message."""


class Gone(Refused):
    """The customer blocked us or left: nothing can be delivered to them."""


class WindowClosed(Exception):
    """Free text may not be written until the customer writes again."""
