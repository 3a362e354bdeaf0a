"""Units of measure and money, and what they are in base units.

The base units are those in which catalogues are written: kg, l, cm, m2, dB, W, h …
"""

import re

UNITS: dict[str, tuple[str, str, float, str]] = {}
"""Unit → (unit, base unit, factor, pattern of how it is written)."""

for _unit, _base, _factor, _pattern in (
    ("mg", "kg", 1e-6, r"mg|milligram(?:me)?s?"),
    ("kg", "kg", 1.0, r"kg|kgs|kilos?|kilogram(?:me)?s?"),
    ("g", "kg", 1e-3, r"g|gr|grams?|grammes?"),
    ("oz", "kg", 0.0283495, r"oz|ounces?"),
    ("lb", "kg", 0.453592, r"lbs?|pounds? (?:in|of) weight"),
    ("st", "kg", 6.35029, r"stones?"),
    ("ml", "l", 1e-3, r"ml|mls|millilit(?:re|er)s?"),
    ("cl", "l", 1e-2, r"cl|centilit(?:re|er)s?"),
    ("l", "l", 1.0, r"l|lt|ltrs?|lit(?:re|er)s?"),
    ("fl oz", "l", 0.0284131, r"fl\.? ?oz|fluid ounces?"),
    ("pint", "l", 0.568261, r"pints?"),
    ("gal", "l", 4.54609, r"gal|gallons?"),
    ("mm", "cm", 0.1, r"mm|millimet(?:re|er)s?"),
    ("cm", "cm", 1.0, r"cms?|centimet(?:re|er)s?|centis?"),
    ("km", "cm", 1e5, r"kms?|kilomet(?:re|er)s?"),
    ("m", "cm", 100.0, r"m|met(?:re|er)s?"),
    ("in", "cm", 2.54, r"inch(?:es)?|in(?= (?:wide|tall|high|deep|long))|\"|”|″"),
    ("ft", "cm", 30.48, r"ft|foot|feet|'|’|′"),
    ("yd", "cm", 91.44, r"yards?|yd"),
    ("m2", "m2", 1.0, r"m2|m²|sqm|sq\.? ?m|square met(?:re|er)s?"),
    ("dB", "dB", 1.0, r"db|decibels?"),
    ("kW", "W", 1000.0, r"kw|kilowatts?"),
    ("W", "W", 1.0, r"w|watts?"),
    ("kWh", "kWh", 1.0, r"kwh"),
    ("mAh", "mAh", 1.0, r"mah"),
    ("V", "V", 1.0, r"v|volts?"),
    ("lm", "lm", 1.0, r"lm|lumens?"),
    ("tog", "tog", 1.0, r"togs?"),
    ("°C", "°C", 1.0, r"°c|° ?c|degrees?(?: c(?:elsius)?)?|°"),
    ("GB", "GB", 1.0, r"gb|gigs?|gigabytes?"),
    ("TB", "GB", 1000.0, r"tb|terabytes?"),
    ("%", "%", 1.0, r"%|per ?cent|percent"),
    ("cup", "cup", 1.0, r"cups?"),
    ("person", "person", 1.0, r"people|persons?|adults|guests?"),
    ("min", "min", 1.0, r"mins?|minutes?"),
    ("h", "h", 1.0, r"h|hrs?|hours?"),
):
    UNITS[_unit] = (_unit, _base, _factor, _pattern)

_ORDER = sorted(UNITS, key=lambda u: -len(UNITS[u][3]))
UNIT = "|".join(
    f"(?P<u{i}>{UNITS[u][3]})" for i, u in enumerate(_ORDER)
)  # one group a unit: which group matched is the unit
GROUPS = {f"u{i}": u for i, u in enumerate(_ORDER)}
UNIT_END = r"(?![^\W_])"

CURRENCIES = {
    "EUR": r"€|eur|euros?", "GBP": r"£|gbp|quid|pounds?|pound sterling",
    "USD": r"\$|usd|us dollars?|dollars?|bucks?", "INR": r"₹|inr|rs\.?|rupees?",
    "HUF": r"huf|ft\.|forints?", "BDT": r"৳|bdt|taka",
}  # fmt: skip
CENTS = r"cents?|pence|ct"
CURRENCY = "|".join(f"(?P<{code}>{p})" for code, p in CURRENCIES.items())
SIGN = r"[€£$₹৳]|(?:eur|gbp|usd|inr|rs\.?|huf|bdt)(?![^\W\d_])"
_CODE = {code: re.compile(rf"(?:{p})\Z", re.I) for code, p in CURRENCIES.items()}


def base(amount: float, unit: str) -> tuple[float, str]:
    """Return the amount in base units, and the base unit."""
    _, base_unit, factor, _ = UNITS[unit]
    return round(amount * factor, 6), base_unit


def currency(text: str) -> str | None:
    """Return the ISO code of a currency sign or word."""
    for code, pattern in _CODE.items():
        if pattern.match(text.strip()):
            return code
    return None
