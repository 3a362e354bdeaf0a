from __future__ import annotations

from collections.abc import Callable

import pytest

TermsIn = Callable[[str, str], set[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("she is the light of my life", "share_situation"),
        ("he is heavy now, the vet says", "share_situation"),
        ("the noise next door starts at six and ends when it wants", "share_situation"),
        ("i walk home in black nights after the late shift", "share_situation"),
        ("the light stays on until two, that's our house", "complain"),
        ("i'm a light sleeper, what would help", "ask_recommendation"),
        ("see you, heavy traffic today", "goodbye"),
    ],
)
def test_a_word_of_ordinary_talk_is_no_trait(
    terms_in: TermsIn, text: str, intent: str
) -> None:
    assert terms_in(text, intent) == set()


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("something light for the summer", "give_preference", ("attribute", "weight")),
        ("my son is allergic to wool", "share_situation", ("material", "wool")),
        ("she loves black", "share_situation", ("colour", "black")),
        ("it is for our black desk chair", "share_situation", ("colour", "black")),
        ("black", "out_of_scope", ("colour", "black")),
        ("the grey one was lovely", "give_feedback", ("colour", "grey")),
        ("is it heavy", "ask_about_option", ("attribute", "weight")),
        ("with the noise cancelling i hear nobody", "share_situation",
         ("attribute", "noise_cancelling")),
    ],
)  # fmt: skip
def test_a_trait_is_heard_where_it_is_a_wish(
    terms_in: TermsIn, text: str, intent: str, expected: tuple[str, str]
) -> None:
    assert expected in terms_in(text, intent)
