"""What agents and other desks must not see, taken out of what was written."""

import re

from journey.messages.cleaning import mask_cards

HIDDEN = "•••"
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
SECRET = re.compile(
    r"\b(password|passcode|pass ?phrase|pin|cvc|cvv|security code)"
    r"(\s*[:=]\s*|\s+(?:is|was)\s+)(\S+)",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return a text without card and account numbers, passwords and codes."""
    kept = IBAN.sub(HIDDEN, mask_cards(text))
    return SECRET.sub(rf"\1\2{HIDDEN}", kept)
