"""Values as shops write them: money, numbers with units, yes and no, HTML, ids."""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "₹": "INR",
    "৳": "BDT",
    "Ft": "HUF",
    "zł": "PLN",
    "Kč": "CZK",
    "kr": "SEK",
    "¥": "JPY",
}
UNITS = {
    "mg": ("kg", 1e-6),
    "g": ("kg", 1e-3),
    "kg": ("kg", 1.0),
    "oz": ("kg", 0.0283495),
    "lb": ("kg", 0.453592),
    "ml": ("l", 1e-3),
    "cl": ("l", 1e-2),
    "l": ("l", 1.0),
    "fl oz": ("l", 0.0284131),
    "gal": ("l", 4.54609),
    "mm": ("cm", 0.1),
    "cm": ("cm", 1.0),
    "m": ("cm", 100.0),
    "in": ("cm", 2.54),
    "ft": ("cm", 30.48),
    "yd": ("cm", 91.44),
    "m2": ("m2", 1.0),
    "db": ("dB", 1.0),
    "w": ("W", 1.0),
    "kw": ("W", 1000.0),
    "kwh": ("kWh", 1.0),
    "mah": ("mAh", 1.0),
    "v": ("V", 1.0),
    "lm": ("lm", 1.0),
    "tog": ("tog", 1.0),
    "°c": ("°C", 1.0),
    "gb": ("GB", 1.0),
    "tb": ("GB", 1000.0),
    "%": ("%", 1.0),
    "min": ("min", 1.0),
    "h": ("h", 1.0),
    "cup": ("cup", 1.0),
    "person": ("person", 1.0),
    "piece": ("piece", 1.0),
}
"""Unit → base unit and factor; the base units are those that the engine hears in."""
SPELLINGS = {
    "gram": "g",
    "grams": "g",
    "gr": "g",
    "kgs": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
    "ounce": "oz",
    "ounces": "oz",
    "floz": "fl oz",
    "milliliter": "ml",
    "millilitre": "ml",
    "milliliters": "ml",
    "millilitres": "ml",
    "liter": "l",
    "litre": "l",
    "liters": "l",
    "litres": "l",
    "ltr": "l",
    "millimeter": "mm",
    "centimeter": "cm",
    "meter": "m",
    "metre": "m",
    "meters": "m",
    "metres": "m",
    "inch": "in",
    "inches": "in",
    '"': "in",
    "”": "in",
    "″": "in",
    "foot": "ft",
    "feet": "ft",
    "m²": "m2",
    "sqm": "m2",
    "watt": "w",
    "watts": "w",
    "volt": "v",
    "volts": "v",
    "lumen": "lm",
    "lumens": "lm",
    "hour": "h",
    "hours": "h",
    "hrs": "h",
    "minute": "min",
    "minutes": "min",
    "mins": "min",
    "cups": "cup",
    "persons": "person",
    "people": "person",
    "pc": "piece",
    "pcs": "piece",
    "pieces": "piece",
    "ct": "piece",
}
YES = frozenset({"yes", "true", "y", "ja", "oui", "si", "sí", "igen"})
NO = frozenset({"no", "false", "n", "nein", "non", "nem"})
NUMBER = re.compile(r"[+-]?\d[\d.,'\s\u00a0\u202f]*")
DASHED = re.compile(r"(?<=\d)([.,])\s*[-\u2013\u2014]{1,2}(?!\d)")
"""No cents, as in `49,-`."""
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{2,3})*,\d{3}\Z|[+-]?\d{1,3}(?:\.\d{3}){2,}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
SLUG = re.compile(r"[^a-z0-9]+")
LONGEST_ID = 90
MOST_MARKUP = 20_000
"""Of a longer description only so much is read: what is shown is a tenth of it."""
SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript|iframe|object|svg)\b"
    r".*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>|<![^>]*>|<\?[^>]*>")
INLINE = frozenset("b i em strong span a u sup sub font small mark".split())


class NotThat(ValueError):
    """A text is not what it is read as; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and its currency when one is written."""

    amount: Decimal
    currency: str | None = None


def read_money(text: str) -> Money:
    """Read `15.00 USD`, `EUR 1.299,00`, `€ 15`, `15,-` or `15`.

    Raises:
        NotThat: no amount, an unknown currency, or one that may mean two things.
    """
    text = DASHED.sub(r"\g<1>00", text)
    found = NUMBER.search(text)
    if found is None:
        raise NotThat("is no amount of money")
    rest = (text[: found.start()] + text[found.end() :]).strip()
    amount = read_number(found[0])
    if amount < 0:
        raise NotThat("is below 0")
    if amount != amount.quantize(Decimal("0.01")):
        raise NotThat("has parts of a cent")
    return Money(amount.quantize(Decimal("0.01")), _currency(rest))


def _currency(text: str) -> str | None:
    if not text:
        return None
    code = SIGNS.get(text, text.upper())
    if not CURRENCY.match(code):
        raise NotThat(f"{text!r} is no currency")
    return code


def read_number(text: str) -> Decimal:
    """Read a number with a decimal point or comma, grouped or not.

    Raises:
        NotThat: it is no number, or `1.234` may be one or a thousand.
    """
    plain = re.sub(r"[\s'\u00a0\u202f]", "", text).rstrip(".,")
    point, comma = plain.rfind("."), plain.rfind(",")
    if point >= 0 and comma >= 0:
        marks = ",." if point > comma else ".,"
        plain = plain.replace(marks[0], "").replace(marks[1], ".")
    elif GROUPED.match(plain):
        plain = plain.replace(",", "").replace(".", "")
    elif comma >= 0:
        plain = plain.replace(",", ".")
    elif point > 0 and len(plain) - point - 1 == 3 and plain[0] != "0":
        raise NotThat("may be one or a thousand, write two decimals")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise NotThat("is no number") from None


def read_amount(text: str) -> tuple[float, str]:
    """Read a number with its unit; return it in the base unit, and that unit.

    Raises:
        NotThat: it is not a number and a unit that we know.
    """
    found = NUMBER.match(text.strip())
    unit = text.strip()[found.end() :].strip() if found else ""
    known = unit_of(unit)
    if found is None or known is None:
        raise NotThat("is no number with a unit")
    base, factor = UNITS[known]
    return round(_measured(found[0]) * factor, 6), base


def _measured(text: str) -> float:
    """Read a number of something measured: there `1.234` has three decimals."""
    plain = text.strip()
    if re.fullmatch(r"[+-]?\d+\.\d+", plain):
        return float(plain)
    return float(read_number(plain))


def unit_of(text: str) -> str | None:
    """Return the unit that a text names, None when we know none such."""
    plain = " ".join(text.casefold().rstrip(".").split())
    plain = SPELLINGS.get(plain, plain)
    return plain if plain in UNITS else None


def read_boolean(text: str) -> bool:
    """Read yes or no.

    Raises:
        NotThat: it is neither.
    """
    plain = text.strip().casefold()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise NotThat("is neither yes nor no")


def read_instant(text: str) -> datetime:
    """Read an ISO 8601 time; one without a zone is taken as it stands, in UTC.

    Raises:
        NotThat: it is none.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotThat("is no ISO 8601 date") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def plain_text(text: str) -> str:
    """Return a text without markup, entities and control characters, in one line."""
    if "<" in text:
        text = _without_markup(text)
    return tidy(text)


def tidy(text: str) -> str:
    """Return a text in one line, its entities resolved, safe to show."""
    told = html.unescape(text) if "&" in text else text
    if not told.isprintable():
        told = "".join(
            " " if char.isspace() else char
            for char in told
            if char.isspace() or unicodedata.category(char)[0] != "C"
        )
    return " ".join(told.split())


def _without_markup(text: str) -> str:
    """Drop tags, and what runs or styles a page with all that is in it."""
    kept = SILENT.sub(" ", text[:MOST_MARKUP])
    return TAG.sub(lambda tag: "" if (tag[1] or "").lower() in INLINE else " ", kept)


def shorten(text: str, most: int) -> str:
    """Return a text cut at a sentence or a word to so many characters."""
    if len(text) <= most:
        return text
    head = text[: most - 2]
    stop = head.rfind(". ")
    return head[: stop + 1] if stop > most // 2 else head.rsplit(" ", 1)[0] + " …"


def slug(text: str, joint: str = "-") -> str:
    """Return a text in small ASCII letters and digits; empty when nothing is left."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return SLUG.sub(joint, folded.encode("ascii", "ignore").decode()).strip(joint)


def product_id(raw: str) -> str:
    """Return the id under which we keep a shop's own id: the same one each time.

    Where letters are lost, a mark of the shop's id keeps two products apart.
    """
    plain = slug(raw)
    if plain == raw.casefold() and len(plain) <= LONGEST_ID:
        return plain
    mark = hashlib.sha256(raw.encode()).hexdigest()[:6]
    return f"{plain[: LONGEST_ID - 7].rstrip('-')}-{mark}".lstrip("-")
