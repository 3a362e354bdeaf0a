"""What agents do with a conversation at Chatwoot, as moves of ours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.desks.chatwoot import KIM, LEE, ROBOT
from tests.web.desks.conftest import Story

AT = datetime(2030, 1, 1, tzinfo=UTC)


async def answered(story: Story) -> int:
    """Let Kim answer somebody, who has read it; return the conversation there."""
    await story.ask()
    key = story.chatwoot.only
    await story.chatwoot.reply(key, "Hi, Kim here")
    await story.browser.until("Hi, Kim here")
    await story.told()
    story.chatwoot.wait()
    return key


async def test_assigned_one_is_kept_for_the_agent_and_not_taken(story: Story) -> None:
    await story.ask()
    await story.chatwoot.become(story.chatwoot.only, assignee=KIM)
    assert (story.owner, story.handoff.agent) == ("requested", "chatwoot 7 Kim")


async def test_assigned_to_a_colleague_is_said_to_the_customer(story: Story) -> None:
    await story.chatwoot.become(await answered(story), assignee=LEE)
    assert story.handoff.agent == "chatwoot 8 Lee"
    await story.browser.until(story.said("colleague", agent="Lee"))


async def test_colleague_who_answers_has_it(story: Story) -> None:
    await story.chatwoot.reply(await answered(story), "Lee again", LEE)
    texts = await story.browser.until("Lee again")
    assert texts[-2] == story.said("colleague", agent="Lee")


@pytest.mark.parametrize(
    ("status", "state", "says"),
    [("resolved", "resolved", "resolved"), ("pending", "returned", "back_other")],
)
async def test_closed_one_is_the_bots_again(
    story: Story, status: str, state: str, says: str
) -> None:
    await story.chatwoot.become(await answered(story), status=status)
    assert (story.owner, story.handoff.state) == ("bot", state)
    await story.browser.until(story.said(says, agent="Kim"))
    await story.told()
    assert story.chatwoot.status == status


async def test_outcome_of_the_conversation_is_read_as_at_our_desk(story: Story) -> None:
    key = await answered(story)
    attributes = {"coach_outcome": "replacement sent"}
    await story.chatwoot.become(key, status="pending", custom_attributes=attributes)
    await story.browser.until(story.said("back_replacement", agent="Kim"))
    assert story.handoff.outcome == "replacement sent"


async def test_what_nobody_there_can_have_read_is_the_bots_to_answer(
    story: Story,
) -> None:
    key = await answered(story)
    story.chatwoot.plan = [(429, {"retry-after": "30"})] * 20
    await story.browser.say("one more thing")
    await story.chatwoot.until(lambda: len(story.chatwoot.plan) < 20)
    await story.chatwoot.become(key, status="resolved")
    texts = await story.browser.until("re: one more thing")
    assert texts.count("re: one more thing") == 1


async def test_put_aside_until_a_time_and_woken_by_the_customer(story: Story) -> None:
    await story.chatwoot.become(
        await answered(story), status="snoozed", snoozed_until=AT
    )
    assert (story.handoff.state, story.handoff.snoozed_until) == ("snoozed", AT)
    await story.browser.say("are you there?")
    await story.chatwoot.until(lambda: story.chatwoot.status == "open")
    await story.chatwoot.until(lambda: story.handoff.state == "taken")


@pytest.mark.parametrize("status", ["resolved", "pending"])
async def test_closed_unanswered_lets_the_bot_go_on_with_what_waits(
    story: Story, status: str
) -> None:
    await story.ask()
    await story.browser.say("still there?")
    await story.chatwoot.until(
        lambda: "still there?" in story.chatwoot.of_kind("incoming")
    )
    await story.told()
    await story.chatwoot.become(story.chatwoot.only, status=status)
    await story.browser.until("re: still there?")
    assert (story.owner, story.handoff.state) == ("bot", "withdrawn")
    assert story.said("back_other", agent="Our team") in await story.browser.texts()


@pytest.mark.parametrize(
    ("fields", "owner", "agent"),
    [
        ({}, "requested", "chatwoot"),
        ({"assignee": LEE}, "human", "chatwoot 8 Lee"),
        ({"assignee": ROBOT}, "requested", "chatwoot"),
    ],
)
async def test_opened_again_is_theirs_again(
    story: Story, fields: dict[str, Any], owner: str, agent: str
) -> None:
    key = await answered(story)
    await story.chatwoot.become(key, status="resolved")
    story.chatwoot.wait()
    await story.chatwoot.become(key, status="open", **fields)
    assert (story.owner, story.handoff.agent) == (owner, agent)
    await story.told()
    await story.browser.say("who is there?")
    await story.chatwoot.until(
        lambda: "who is there?" in story.chatwoot.of_kind("incoming")
    )


async def test_older_change_that_comes_later_is_no_news(story: Story) -> None:
    key = await answered(story)
    chatwoot = story.chatwoot
    old = chatwoot.of_conversation(
        "conversation_updated", {**chatwoot.conversations[key], "assignee": LEE}
    )
    chatwoot.wait()
    await chatwoot.become(key, status="resolved")
    await chatwoot.call({**old, "status": "open"})
    assert story.owner == "bot"


async def test_customer_who_goes_on_with_the_bot_is_taken_off_their_list(
    story: Story,
) -> None:
    await story.ask()
    await story.browser.say("hm")
    waits = story.system.service.texts.say("waiting_for_person")
    await story.browser.until(waits)
    shown = next(x for x in await story.browser.history() if x["text"] == waits)
    await story.browser.press(shown["content"]["buttons"][0]["token"])
    await story.chatwoot.until(lambda: story.chatwoot.status == "pending")
    await story.browser.until("re: hm")
    assert story.owner == "bot"


async def test_second_request_opens_the_same_conversation(story: Story) -> None:
    key = await answered(story)
    await story.chatwoot.become(key, status="resolved")
    await story.ask()
    assert story.chatwoot.only == key
    notes = story.chatwoot.of_kind("note")
    assert sum(note.startswith("somebody without a name") for note in notes) == 2
    story.chatwoot.wait(timedelta(hours=1).total_seconds())
    await story.chatwoot.reply(key, "Welcome back")
    await story.browser.until("Welcome back")
