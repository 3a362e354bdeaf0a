"""Signs in words: an encoder that has no 👍 reads `thumbs up sign`."""

import unicodedata

SIGN = "So"


def spell(text: str) -> str:
    """Return the text with each emoji or other sign as its name in Unicode."""
    if text.isascii():
        return text
    said = [
        f" {unicodedata.name(sign, '').lower()} "
        if unicodedata.category(sign) == SIGN
        else sign
        for sign in text
    ]
    return "".join(said)
