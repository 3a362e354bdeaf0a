"""Whole stories between a website and Chatwoot."""

from tests.web.desks.chatwoot import KIM
from tests.web.desks.conftest import ASKED, ASKS, Story


async def test_agent_answers_in_chatwoot_and_the_bot_goes_on(story: Story) -> None:
    await story.browser.say("my back hurts")
    await story.browser.until("re: my back hurts")
    await story.ask()
    chatwoot, key = story.chatwoot, story.chatwoot.only
    assert (story.owner, story.handoff.agent) == ("requested", "chatwoot")
    packet, turns = chatwoot.of_kind("note")
    assert packet.startswith("somebody without a name asked for a person")
    assert "customer: my back hurts" in turns

    await story.browser.say("it is urgent")
    await chatwoot.until(lambda: "it is urgent" in chatwoot.of_kind("incoming"))
    await chatwoot.reply(key, "Kim here. Where does it hurt?")
    await story.browser.until("Kim here. Where does it hurt?")
    assert (story.owner, story.handoff.agent) == ("human", "chatwoot 7 Kim")
    await story.browser.say("low down")
    await chatwoot.until(lambda: "low down" in chatwoot.of_kind("incoming"))

    await story.told()
    chatwoot.wait()
    await chatwoot.become(key, status="resolved", assignee=KIM)
    assert (story.owner, story.handoff.state) == ("bot", "resolved")
    await story.browser.say("hello again")
    texts = await story.browser.until("re: hello again")
    assert texts == [
        "my back hurts",
        "re: my back hurts",
        ASKS,
        ASKED,
        "it is urgent",
        story.system.service.texts.say("waiting_for_person"),
        story.said("joined", agent="Kim"),
        "Kim here. Where does it hurt?",
        "low down",
        story.said("resolved", agent="Kim"),
        "hello again",
        "re: hello again",
    ]
    assert chatwoot.refused == []
