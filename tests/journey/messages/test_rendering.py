from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from journey.datafile import read
from journey.language.words import Language
from journey.messages.capabilities import CAPABILITIES, capability
from journey.messages.rendering import Part, number_in, render

ENGLISH = read(Path("data/language/en.yml"), TypeAdapter(Language))
WORDS = ENGLISH.web
OPTION = {
    "name": "Lind High-Back Desk Chair",
    "price": 1189.0,
    "currency": "EUR",
    "reason": "quiet castors",
    "drawback": "takes 40 minutes to put together",
    "delivery": "With you by Monday 30 November",
    "choose": "token-a",
}
SHORTLIST = {"shortlist": {"options": [OPTION, {**OPTION, "choose": "token-b"}]}}


def buttons(*titles: str) -> Mapping[str, Any]:
    return {"buttons": [{"title": t, "token": f"token-{t}"} for t in titles]}


def test_buttons_stay_buttons_where_they_fit() -> None:
    rendered = render("Which?", buttons("Yes", "No"), capability("whatsapp"), WORDS)
    (part,) = rendered.parts
    assert [choice.title for choice in part.choices] == ["Yes", "No"]
    assert (part.text, rendered.numbered) == ("Which?", ())


def test_buttons_are_written_and_numbered_without_buttons() -> None:
    rendered = render("Which?", buttons("Yes", "No", "So so"), capability("sms"), WORDS)
    (part,) = rendered.parts
    assert part.text == "Which?\n\n1. Yes\n2. No\n3. So so\n\nReply 1, 2 or 3."
    assert rendered.numbered == ("token-Yes", "token-No", "token-So so")


def test_long_title_is_written_in_full_beside_a_short_button() -> None:
    title = "Yes, I would like to try that one"
    rendered = render("Which?", buttons(title, "No"), capability("whatsapp"), WORDS)
    (part,) = rendered.parts
    assert f"1. {title}\n2. No" in part.text
    assert [c.title for c in part.choices] == ["1. Yes, I would…", "2. No"]


def test_options_become_numbered_text_with_reason_and_drawback() -> None:
    rendered = render("These two:", SHORTLIST, capability("email"), WORDS)
    assert rendered.parts[0].text.startswith(
        "These two:\n\n"
        "1. Lind High-Back Desk Chair, €1,189.00\n"
        "Why: quiet castors\n"
        "Good to know: takes 40 minutes to put together\n"
        "With you by Monday 30 November"
    )
    assert rendered.parts[0].text.endswith("Reply 1 or 2.")
    assert rendered.numbered == ("token-a", "token-b")


def test_numbers_go_on_from_options_to_buttons() -> None:
    content = {**SHORTLIST, **buttons("Show me others")}
    rendered = render("These two:", content, capability("telegram"), WORDS)
    assert "3. Show me others" in rendered.parts[0].text
    assert rendered.numbered == ("token-a", "token-b", "token-Show me others")
    assert [c.token for c in rendered.parts[0].choices] == list(rendered.numbered)


def test_options_stay_cards_where_there_are_cards() -> None:
    rendered = render("These two:", SHORTLIST, capability("slack"), WORDS)
    cards = rendered.parts[0].cards
    assert [card.choice and card.choice.token for card in cards] == [
        "token-a",
        "token-b",
    ]
    assert rendered.parts[0].text == "These two:"


def test_comparison_and_order_are_written() -> None:
    content = {
        "comparison": {"options": ["A", "B"], "rows": [["price", "€1", "€2"]]},
        "order": {
            "number": "1001",
            "items": [{"name": "Lamp", "quantity": 2}],
            "total": "€40",
        },
    }
    text = render("Look:", content, capability("sms"), WORDS).parts[0].text
    assert "A\nprice: €1\n\nB\nprice: €2" in text
    assert "Order 1001\n2 × Lamp\nTotal: €40" in text


@pytest.mark.parametrize("channel", CAPABILITIES)
def test_everything_fits_every_channel(channel: str) -> None:
    can = capability(channel)
    text = "A sentence that goes on for a while. " * 200
    titles = [f"Number {n} is a title of some length, longer" for n in range(12)]
    rendered = render(text, {**SHORTLIST, **buttons(*titles)}, can, WORDS)
    for part in rendered.parts:
        assert can.length(part.text) <= (can.body if part.choices else can.text)
        assert len(part.choices) <= can.buttons
        assert all(can.length(c.title) <= can.title for c in part.choices)
        assert Part.from_json(part.as_json()) == part


def test_nothing_to_say_is_no_part() -> None:
    assert render("", {}, capability("sms"), WORDS).parts == ()


def test_template_goes_with_the_text_where_there_are_templates() -> None:
    template = {"name": "check_in", "language": "en", "values": ["Ada"]}
    content = {"template": template}
    by_channel = {
        name: render("How is it?", content, capability(name), WORDS).parts[0].template
        for name in ("whatsapp", "telegram")
    }
    assert by_channel == {"whatsapp": template, "telegram": None}


def test_currency_without_sign_is_named() -> None:
    option = {**OPTION, "currency": "SEK"}
    content = {"shortlist": {"options": [option]}}
    can = replace(capability("sms"), buttons=0)
    assert "1,189.00 SEK" in render("One:", content, can, WORDS).parts[0].text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        (" 2. ", 2),
        ("#3", 3),
        ("number 1", 1),
        ("Option 2!", 2),
        ("2️⃣", 2),
        ("２", 2),
        ("2 chairs", None),
        ("for 2", None),
        ("123", None),
        ("", None),
    ],
)
def test_number_is_heard_when_it_is_all(text: str, number: int | None) -> None:
    assert number_in(text) == number
