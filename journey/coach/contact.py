"""How a customer wants to be written to, said in words: how often, when, and where."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from journey import log
from journey.coach import back
from journey.language.words import Language, split
from journey.people.consent import WRITING, has_consent
from journey.proactive.wishes import keep_wish, wishes_of
from journey.store.tables import Conversation, Customer
from journey.turn import Move, Turn

HEARD = 0.1
"""The share of a message that a word about writing must make up."""
ASKED = 0.3
"""The share that a question about our writing must make up."""
HOUR = r"(\d{1,2})(?::(\d\d))?\s*(am|pm|a\.m\.|p\.m\.)?"
BETWEEN = re.compile(rf"\b(?:between|from)\s+{HOUR}\s+(?:and|to|until|till)\s+{HOUR}")
BEFORE = re.compile(rf"\b(?:before|earlier than)\s+{HOUR}")
AFTER = re.compile(rf"\b(?:after|later than|past)\s+{HOUR}")
NOON = 12
DAY = 24 * 60
WEEK = 7
Wish = Mapping[str, Any]


def answer(turn: Turn) -> list[Move] | None:
    """Keep how the customer wants to be written to, and say it back."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("how_written", turn.heard.text) >= ASKED:
        return [*_holds(turn, language), *back.way_back(turn)]
    if language.heard("write_to_me", turn.heard.text) < HEARD:
        return None
    text = " ".join(split(turn.heard.text))
    wish = {
        **_often(text, language),
        **_hours(turn.heard.text.lower()),
        **_channel(turn, text),
    }
    if not wish:
        return None
    if wish.get("channel") == "":
        return [Move("utter_contact_unknown"), *back.way_back(turn)]
    keep_wish(
        turn.session,
        turn.heard.customer_id,
        said=turn.heard.text,
        now=turn.now,
        **wish,
    )
    log.write(turn.session, turn.heard, "contact_wished", **wish)
    said = language.join(_in_words(wish, language))
    return [Move("utter_contact_kept", {"wish": said}), *back.way_back(turn)]


def _holds(turn: Turn, language: Language) -> list[Move]:
    """Say what may be written about, how often and when, as it holds now."""
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    agreed = [
        language.says[f"consent_{purpose}"]
        for purpose in sorted(WRITING)
        if has_consent(turn.session, customer.id, purpose, turn.now)
    ]
    if not agreed:
        return [Move("utter_contact_none")]
    found = wishes_of(turn.session, customer, turn.knowledge.policies.people.timezone)
    wish: Wish = {
        "per_week": found.per_week,
        "span_days": found.span.days,
        "quiet_until": found.quiet.ends,
        "quiet_from": found.quiet.begins,
        **({"channel": found.channel} if found.channel else {}),
    }
    said = language.join(_in_words(wish, language))
    return [Move("utter_contact_now", {"agreed": language.join(agreed), "wish": said})]


def _often(text: str, language: Language) -> Wish:
    """Return how often: "at most twice a week", "once a month", "less often"."""
    spans = [x for x in language.periods if f" {x} " in f" {text} "]
    counts = [n for token in text.split() if (n := _count(token, language)) is not None]
    if not spans or not counts:
        return {}
    # The article of "a week" is a number too: what is said first counts.
    days = language.periods[spans[0]]
    if days < WEEK:
        return {"per_week": round(counts[0] * WEEK / days), "span_days": WEEK}
    return {"per_week": int(counts[0]), "span_days": int(days)}


def _count(token: str, language: Language) -> float | None:
    if token.isdecimal():
        return float(token)
    return language.numbers.get(token)


def _hours(text: str) -> Wish:
    """Return when not: outside a span of hours, before one, after one."""
    if found := BETWEEN.search(text):
        return {
            "quiet_until": _minute(found, 1),
            "quiet_from": _minute(found, 4),
        }
    wish = {}
    if found := BEFORE.search(text):
        wish["quiet_until"] = _minute(found, 1)
    if found := AFTER.search(text):
        wish["quiet_from"] = _minute(found, 1)
    return {name: minute for name, minute in wish.items() if minute is not None}


def _minute(found: "re.Match[str]", first: int) -> int | None:
    hour, minute, half = (found.group(first + n) for n in range(3))
    value = int(hour)
    if half and half.startswith("p") and value < NOON:
        value += NOON
    if half and half.startswith("a") and value == NOON:
        value = 0
    total = value * 60 + int(minute or 0)
    return total % DAY if total <= DAY else None


def _channel(turn: Turn, text: str) -> Wish:
    """Return where: a channel that is named; "" when we do not know them there."""
    language = turn.knowledge.language(turn.heard.language)
    named = [x for x in language.channels if f" {x} " in f" {text} "]
    if not named:
        return {}
    channel = language.channels[named[0]] or turn.heard.channel
    query = select(Conversation.id).where(
        Conversation.customer_id == turn.heard.customer_id,
        Conversation.channel == channel,
    )
    known = turn.session.scalar(query.limit(1)) is not None
    return {"channel": channel if known else ""}


def often_in_words(language: Language, count: int, days: int) -> str:
    """Return how often at most is written in so many days."""
    name = "weekly" if days == WEEK else "often"
    return language.says[f"contact_{name}"].format(
        count=count, span=language.span(days)
    )


def _in_words(wish: Wish, language: Language) -> list[str]:
    says, said = language.says, []
    if "per_week" in wish:
        said.append(often_in_words(language, wish["per_week"], wish["span_days"]))
    for name in ("quiet_until", "quiet_from"):
        if name in wish:
            hour, minute = divmod(wish[name], 60)
            said.append(says[f"contact_{name}"].format(time=f"{hour}:{minute:02}"))
    if "channel" in wish:
        names = {code: name for name, code in language.channels.items()}
        where = names.get(wish["channel"], wish["channel"])
        said.append(says["contact_channel"].format(channel=where))
    return said
