"""Addresses as people write them, and what is still missing in one."""

import re
from collections.abc import Mapping

POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}-)?(\d{4}\s?[A-Z]{2}|\d{4,5}|[A-Z]\d{2}\s?[A-Z0-9]{4})\b"
)
NUMBER = re.compile(r"\b\d{1,4}\s?[a-zA-Z]?\b(?:\s?[-/]\s?\d+\w?)?")
LEADS = re.compile(
    r"^.*?\b(?:(?:home|work|office|house|place|flat|\w+['’]s)(?: is(?: at)?|:)"
    r"|address is|address to|address|live (?:at|in)|it's|its"
    r"|(?:deliver(?:ed)?|send|ship) (?:it |them )?to|to)\b[:\s]*"
    r"(?:,?\s*it(?:['’]s| is)\s)?",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,.;!?]*\b(?:now|please|pls|instead|thanks|thank you|from now on|these days"
    r"|for now|this (?:time|once)|since [\w ]+))+[\s.!?]*$"
    r"|(?<=[^\W\d_]{4})[.!?]\s+\D+$",
    re.IGNORECASE,
)
"""What is said after an address: "now, please", or another sentence."""
ABROAD = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2}\s\d{5}\b")
"""British and American postcodes, which none of the shop's countries writes so."""
PARTS = re.compile(r"\s*[,;\n]\s*")
Address = Mapping[str, str]


def read_address(text: str) -> dict[str, str]:
    """Return street, postcode and city as far as they are said.

    A part with a house number is the street; what follows the postcode is the
    town. The whole is kept as it was written, one line.
    """
    line = TAIL.sub("", " ".join(_without_lead(text).split()))
    found: dict[str, str] = {}
    postcode = _postcode(line)
    if postcode:
        found["postcode"] = postcode[1].strip()
        after = PARTS.split(line[postcode.end() :].strip(" ,"))
        before = line[: postcode.start()].strip(" ,;")
        city = after[0].strip(" .") if after[0] else ""
        if not city and "," in before:
            before, _, city = before.rpartition(",")
        if city:
            found["city"] = city.strip()
        if len(after) > 1 and after[1]:
            found["country"] = after[1].strip(" .")
        line = before
    street = _street(line)
    if street:
        found["street"] = street
    return found


def _without_lead(text: str) -> str:
    lead = LEADS.match(text)
    rest = text[lead.end() :] if lead else text
    if not lead or not _has_digits(rest):
        return text
    # "I need to change the address to …": each lead may hide another one.
    more = LEADS.match(rest)
    return _without_lead(rest) if more and not _has_digits(more[0]) else rest


def _has_digits(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _postcode(line: str) -> "re.Match[str] | None":
    """Return the last thing that can be a postcode: a house number comes before it."""
    found = list(POSTCODE.finditer(line))
    return found[-1] if found else None


def _street(line: str) -> str | None:
    parts = [part for part in PARTS.split(line.strip(" ,")) if part]
    with_number = [part for part in parts if NUMBER.search(part) and _worded(part)]
    if not with_number:
        return None
    start = parts.index(with_number[0])
    return ", ".join(parts[start:])


def _worded(part: str) -> bool:
    return any(sum(sign.isalpha() for sign in word) > 2 for word in part.split())


def missing(address: Address) -> list[str]:
    """Return which parts a parcel still needs."""
    return [part for part in ("street", "postcode", "city") if not address.get(part)]


def is_abroad(text: str) -> bool:
    """Tell whether a postcode is one of a country of another kind of postcodes."""
    return ABROAD.search(text) is not None


def in_line(address: Address | None) -> str:
    """Return an address in one line."""
    if not address:
        return ""
    town = " ".join(filter(None, [address.get("postcode"), address.get("city")]))
    parts = [address.get("street"), town, address.get("country")]
    return ", ".join(part for part in parts if part)
