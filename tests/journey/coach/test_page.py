"""The link to a customer's own page, said in the talk."""

import pytest

from journey.people import linking
from tests.journey.talking import Talk


@pytest.mark.parametrize(
    "text", ["show me my page", "can I have a link to my page?", "open my page please"]
)
def test_page_is_given_as_a_link_that_is_good_once(talk: Talk, text: str) -> None:
    assert "utter_my_page" in talk.say("out_of_scope", text)
    address, _, code = talk.value("link").partition("?code=")
    assert address == "http://127.0.0.1:8080/yours/open"
    assert linking.redeem(talk.session, code, now=talk.at) == talk.customer_id
    assert linking.redeem(talk.session, code, now=talk.at) is None


@pytest.mark.parametrize("text", ["the product page is broken", "which page?"])
def test_other_pages_are_ordinary_talk(talk: Talk, text: str) -> None:
    assert "utter_my_page" not in talk.say("out_of_scope", text)
