"""A message as a channel can show it: buttons where it has them, else numbers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from journey.messages.capabilities import Capability
from journey.messages.splitting import shorten, split

NUMBER = re.compile(r"(?:option|number|no\.?|nr\.?|#)?\s*(\d{1,2})\s*[.)!]?", re.I)
KEYCAP = {ord("\ufe0f"): None, ord("\u20e3"): None}
Words = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """Something that can be pressed: a title and the token that it stands for."""

    title: str
    token: str


@dataclass(frozen=True)
class Card:
    """A product as a channel with cards shows it."""

    title: str
    text: str
    image: str | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class Part:
    """One message as it goes to the provider."""

    text: str
    choices: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    template: Mapping[str, Any] | None = None
    """The approved template that says the same where free text may not be written."""

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of a part until it is sent."""
        return asdict(self)

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> "Part":
        """Return a part as it was kept."""
        cards = [
            Card(**{**card, "choice": _choice(card["choice"])})
            for card in content["cards"]
        ]
        choices = [Choice(**choice) for choice in content["choices"]]
        template = content.get("template")
        return Part(content["text"], tuple(choices), tuple(cards), template)


@dataclass(frozen=True)
class Rendered:
    """A message in parts, and the tokens that a number in the answer stands for."""

    parts: tuple[Part, ...] = ()
    numbered: tuple[str, ...] = ()


def _choice(content: Mapping[str, str] | None) -> Choice | None:
    return Choice(**content) if content else None


def number_in(text: str) -> int | None:
    """Return the number that is all there is in a text: "2", "2.", "number 2"."""
    plain = unicodedata.normalize("NFKC", text.translate(KEYCAP)).strip()
    found = NUMBER.fullmatch(plain)
    return int(found.group(1)) if found else None


def render(
    text: str, content: Mapping[str, Any], can: Capability, words: Words
) -> Rendered:
    """Return a message as the channel can show it; nothing of it is left out."""
    return _Rendering(can, words).render(text, content)


@dataclass
class _Rendering:
    can: Capability
    words: Words
    lines: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    listed: list[Choice] = field(default_factory=list)
    """What is written with a number in front."""

    def render(self, text: str, content: Mapping[str, Any]) -> Rendered:
        self.lines.append(text)
        self._compare(content.get("comparison"))
        self._order(content.get("order"))
        self._offer((content.get("shortlist") or {}).get("options", ()))
        given = [Choice(b["title"], b["token"]) for b in content.get("buttons", ())]
        pressed = self._pressed(given)
        whole = "\n\n".join(line for line in self.lines if line)
        # Cards bear no numbers, but "2" after three of them means the second.
        named = self.listed or [card.choice for card in self.cards if card.choice]
        numbered = tuple(choice.token for choice in named)
        parts = list(self._parts(whole, pressed))
        if parts and self.can.templates and content.get("template"):
            parts = [replace(parts[0], template=content["template"]), *parts[1:]]
        return Rendered(tuple(parts), numbered)

    def _say(self, key: str, **values: Any) -> str:
        return self.words[key].format(**values)

    def _compare(self, comparison: Mapping[str, Any] | None) -> None:
        """Write a table as one block per option: no channel shows columns well."""
        if not comparison:
            return
        for column, name in enumerate(comparison["options"], 1):
            rows = [f"{row[0]}: {row[column]}" for row in comparison["rows"]]
            self.lines.append("\n".join([name, *rows]))

    def _order(self, order: Mapping[str, Any] | None) -> None:
        if not order:
            return
        head = [self._say("order", **order)]
        items = [self._item(item) for item in order.get("items", ())]
        ends = [
            f"{self.words[key]}: {order[key]}"
            for key in ("total", "deliver_by")
            if order.get(key)
        ]
        self.lines.append("\n".join(head + items + ends))

    def _item(self, item: Any) -> str:
        if isinstance(item, str):
            return item
        return self._say("item", count=item.get("quantity", 1), name=item["name"])

    def _offer(self, options: Sequence[Mapping[str, Any]]) -> None:
        if 0 < len(options) <= self.can.cards:
            self.cards = [self._card(option) for option in options]
            return
        for number, option in enumerate(options, 1):
            if choice := self._choice_of(option):
                self.listed.append(choice)
            self.lines.append(f"{number}. {self._titled(option)}")
            self.lines[-1] += f"\n{self._about(option)}"

    def _card(self, option: Mapping[str, Any]) -> Card:
        choice = self._choice_of(option)
        pressable = Choice(self.words["choose"], choice.token) if choice else None
        image = option.get("image")
        return Card(self._titled(option), self._about(option), image, pressable)

    def _choice_of(self, option: Mapping[str, Any]) -> Choice | None:
        token = option.get("choose")
        return Choice(str(option["name"]), token) if token else None

    def _titled(self, option: Mapping[str, Any]) -> str:
        amount, currency = f"{option['price']:,.2f}", option["currency"]
        known = f"price_in_{currency}"
        key = known if known in self.words else "price_in"
        price = self._say(key, amount=amount, currency=currency)
        return f"{option['name']}, {price}"

    def _about(self, option: Mapping[str, Any]) -> str:
        said = (
            (self.words["reason"], option.get("reason")),
            (self.words["drawback"], option.get("drawback")),
            (None, option.get("delivery")),
        )
        return "\n".join(
            f"{label}: {text}" if label else str(text) for label, text in said if text
        )

    def _pressed(self, given: Sequence[Choice]) -> list[Choice]:
        """Return what becomes buttons; what cannot be one is written with a number."""
        wanted = [*self.listed, *given]
        if not wanted:
            return []
        fits = all(self.can.length(choice.title) <= self.can.title for choice in given)
        if len(wanted) <= self.can.buttons and fits and not self.listed:
            return list(given)
        ways = enumerate(given, len(self.listed) + 1)
        self.lines.append("\n".join(f"{number}. {c.title}" for number, c in ways))
        self.listed = wanted
        if len(wanted) <= self.can.buttons:
            return [self._short(number, c) for number, c in enumerate(wanted, 1)]
        self.lines.append(self._say("reply_with", numbers=self._numbers(len(wanted))))
        return []

    def _short(self, number: int, choice: Choice) -> Choice:
        title = shorten(f"{number}. {choice.title}", self.can.title, self.can.length)
        return Choice(title, choice.token)

    def _numbers(self, count: int) -> str:
        numbers = [str(number) for number in range(1, count + 1)]
        if count == 1:
            return numbers[0]
        return f"{', '.join(numbers[:-1])} {self.words['number_or']} {numbers[-1]}"

    def _parts(self, text: str, pressed: Sequence[Choice]) -> Iterator[Part]:
        last = self.can.body if pressed or self.cards else self.can.text
        pieces = split(text, self.can.text, self.can.length)
        if pieces and self.can.length(pieces[-1]) > last:
            *whole, long = pieces
            pieces = [*whole, *split(long, last, self.can.length)]
        for piece in pieces[:-1]:
            yield Part(piece)
        if pieces or pressed or self.cards:
            final = pieces[-1] if pieces else ""
            yield Part(final, tuple(pressed), tuple(self.cards))
