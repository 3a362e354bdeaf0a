"""What Chatwoot calls us with: who is believed, and that each thing happens once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.desks.chatwoot import BOT_SECRET, LEE
from tests.web.desks.conftest import ASKED, ASKS, Story


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"secret": "guessed"}, 401),
        ({"secret": ""}, 401),
        ({"age": timedelta(minutes=6)}, 403),
        ({"age": timedelta(minutes=-6)}, 403),
    ],
)
async def test_refuses_forged_and_replayed(
    story: Story, how: dict[str, Any], status: int
) -> None:
    await story.ask()
    answer = await story.chatwoot.reply(story.chatwoot.only, "trust me", **how)
    assert answer is not None
    assert answer.status_code == status
    assert await story.browser.texts() == [ASKS, ASKED]
    assert story.owner == "requested"


@pytest.mark.parametrize("same", [True, False], ids=["repeated", "from both webhooks"])
async def test_answer_that_comes_five_times_is_sent_once(
    story: Story, same: bool
) -> None:
    await story.ask()
    await story.chatwoot.reply(story.chatwoot.only, "Hi", times=5, same=same)
    texts = await story.browser.until("Hi")
    assert texts[2:] == [story.said("joined", agent="Kim"), "Hi"]


async def test_bots_webhook_is_believed_by_its_own_secret(story: Story) -> None:
    await story.ask()
    await story.chatwoot.reply(story.chatwoot.only, "Hi", secret=BOT_SECRET)
    await story.browser.until("Hi")


async def test_notes_and_our_own_echo_do_not_reach_the_customer(story: Story) -> None:
    await story.ask()
    await story.browser.say("hello?")
    await story.chatwoot.until(lambda: "hello?" in story.chatwoot.of_kind("incoming"))
    await story.chatwoot.write_note(story.chatwoot.only, "a difficult one")
    await story.told()
    waits = story.system.service.texts.say("waiting_for_person")
    assert await story.browser.texts() == [ASKS, ASKED, "hello?", waits]
    assert waits in story.chatwoot.of_kind("outgoing")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"account": {"id": 4}}, 200),
        ({"inbox": {"id": 1}}, 200),
        ({"event": "contact_updated"}, 200),
        ({"conversation": {"id": 4711}}, 200),
        ({"sender": None}, 200),
        ({"sender": {"id": 2, "name": "Hale", "type": "agent_bot"}}, 200),
        ({"message_type": "template"}, 200),
        ({"id": "many"}, 400),
        ({"conversation": None}, 400),
    ],
)
async def test_other_calls_change_nothing(
    story: Story, change: dict[str, Any], status: int
) -> None:
    await story.ask()
    chatwoot = story.chatwoot
    kim = {"id": 7, "name": "Kim", "type": "user"}
    one = chatwoot.keep(chatwoot.only, "Hi", "outgoing", False, kim)
    payload = {**chatwoot.of_message("message_created", one), **change}
    answer = await chatwoot.call(payload)
    assert answer is not None
    assert answer.status_code == status
    assert story.owner == "requested"


async def test_answer_told_after_the_end_is_delivered_and_the_bot_has_it(
    story: Story,
) -> None:
    await story.ask()
    chatwoot, key = story.chatwoot, story.chatwoot.only
    await chatwoot.reply(key, "Reset it.")
    last = chatwoot.keep(key, "And all the best", "outgoing", False, LEE)
    await story.told()
    chatwoot.wait()
    await chatwoot.become(key, status="resolved")
    await chatwoot.call(chatwoot.of_message("message_created", last))
    await story.browser.until("And all the best")
    assert story.owner == "bot"
    await story.browser.say("thanks")
    await story.browser.until("re: thanks")


async def test_answer_that_was_deleted_before_it_is_told_is_not_sent(
    story: Story,
) -> None:
    await story.ask()
    chatwoot, key = story.chatwoot, story.chatwoot.only
    one = chatwoot.keep(key, "Oops", "outgoing", False, LEE)
    created = chatwoot.of_message("message_created", one)
    await chatwoot.delete(one)
    await chatwoot.call(created)
    assert await story.browser.texts() == [ASKS, ASKED]


async def test_deleted_answer_goes_and_the_agent_hears_that_it_was_sent(
    story: Story,
) -> None:
    await story.ask()
    chatwoot, key = story.chatwoot, story.chatwoot.only
    await chatwoot.reply(key, "the wrong address")
    await story.browser.until("the wrong address")
    await chatwoot.delete(chatwoot.messages[-1] | {})
    await story.told()
    assert (await story.browser.texts())[-1] == story.said("taken_back", agent="Kim")
    assert any("may have read it" in note for note in chatwoot.of_kind("note"))


async def test_edited_answer_stays_as_sent_and_the_agent_hears_so(
    story: Story,
) -> None:
    await story.ask()
    chatwoot, key = story.chatwoot, story.chatwoot.only
    await chatwoot.reply(key, "It is 30 euros")
    one = next(x for x in chatwoot.messages if x["content"] == "It is 30 euros")
    for text in ("It is 30 euros", "It is 40 euros"):
        one["content"] = text
        await chatwoot.call(chatwoot.of_message("message_updated", one))
    await story.told()
    assert (await story.browser.texts())[-1] == "It is 30 euros"
    hints = [note for note in chatwoot.of_kind("note") if "first wording" in note]
    assert len(hints) == 1


@pytest.mark.parametrize("text", ["", "See the picture"])
async def test_file_is_told_of_honestly_to_both(story: Story, text: str) -> None:
    await story.ask()
    await story.chatwoot.reply(story.chatwoot.only, text, files=2)
    line = story.said("agent_file", agent="Kim")
    await story.browser.until(f"{text}\n\n{line}".strip())
    await story.told()
    assert any("file was not sent" in x for x in story.chatwoot.of_kind("note"))


async def test_too_long_answer_is_refused_to_the_agents_face(story: Story) -> None:
    await story.ask()
    await story.chatwoot.reply(story.chatwoot.only, "x" * 4001)
    await story.told()
    assert "Not sent to the customer" in story.chatwoot.of_kind("note")[-1]
    assert story.owner == "requested"
