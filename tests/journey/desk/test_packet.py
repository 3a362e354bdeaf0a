"""The packet of a customer who talked with the coach, asked, and was refused."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.desk import packet, packet_text
from journey.desk.handoffs import Urgency
from journey.desk.mood import Feeling, Mood, mood_of
from journey.desk.packet import Line, Packet
from journey.desk.told import Offered, Told
from journey.owner.help import Help, load_help
from journey.people.consent import Purpose
from journey.promises.promises import make_promise
from journey.store.tables import Conversation, Handoff, Message
from tests.factories import NOW
from tests.journey.coach.test_recognize import troubled
from tests.journey.talking import Talk, cue

RULES = load_help().rules


def built(talk: Talk) -> Packet:
    return packet.build(talk.session, "conversation", talk.knowledge, talk.at)


def spoke(talk: Talk, *texts: str, author: str = "customer") -> None:
    conversation = talk.session.get_one(Conversation, "conversation")
    for text in texts:
        conversation.position += 1
        talk.session.add(
            Message(
                conversation_id="conversation",
                direction="in" if author == "customer" else "out",
                provider_id=f"p{conversation.position}",
                position=conversation.position,
                author=author,
                text=text,
                created_at=talk.at,
            )
        )
    talk.session.flush()


def test_packet_tells_the_need_in_the_customers_words(talk: Talk) -> None:
    troubled(talk)
    talk.wait(minutes=25)
    talk.say("ask_human", "a person please")
    known = built(talk).told
    assert known.need == "to sleep through the night"
    assert "keep waking up" in known.words
    assert known.stage == "recognize"
    assert known.because[0].startswith("they said “")
    assert known.tried[0].endswith("(no answer)")


def test_packet_has_promises_with_the_overdue_first(talk: Talk) -> None:
    for days, kind in ((3, "refund"), (-1, "delivery")):
        make_promise(
            talk.session,
            kind,
            customer_id="customer",
            due_at=talk.at + timedelta(days=days),
            now=talk.at,
            keeper="shop",
        )
    made = built(talk)
    assert [(due.what, due.overdue) for due in made.promises] == [
        ("delivery", True),
        ("refund", False),
    ]
    assert "late with: delivery" in made.next


def test_packet_has_no_card_number_and_no_address(talk: Talk) -> None:
    spoke(talk, "my card is 4111 1111 1111 1111, password: hunter2")
    text = json.dumps(packet.as_json(built(talk)))
    assert "1111 1111" not in text
    assert "hunter2" not in text
    assert "address" not in text


def test_packet_has_ten_turns(talk: Talk) -> None:
    for number in range(14):
        spoke(talk, f"question {number}")
        spoke(talk, f"answer {number}", author="coach")
    turns = built(talk).turns
    assert [turn.text for turn in turns[:2]] == ["question 4", "answer 4"]
    assert len(turns) == 20


def test_packet_shows_the_line_behind_a_mood(talk: Talk) -> None:
    spoke(talk, "this is annoying", "where is it?", "I AM SO DONE WITH THIS")
    spoke(talk, "ok")
    mood = built(talk).mood
    assert mood == Mood(Feeling.ANGRY, "I AM SO DONE WITH THIS")


def test_packet_is_stored_with_the_request(talk: Talk) -> None:
    spoke(talk, "a person please")
    talk.say("ask_human", "a person please")
    stored = talk.session.query(Handoff).one().packet
    assert stored["reason"] == "asked"
    assert stored["said"] == "a person please"


def test_plain_text_is_one_screen(talk: Talk) -> None:
    troubled(talk)
    talk.say("ask_human", "a person please")
    text = packet_text.plain(built(talk), RULES, talk.at)
    first, *rest = text.splitlines()
    assert first == "somebody without a name asked for a person (urgency: normal)"
    assert "Stage: recognize, for 1 min" in "\n".join(rest) or "for 0 min" in text
    assert len(text) < 2000


def test_reason_has_no_card_number(talk: Talk) -> None:
    text = "i keep waking up 4111 1111 1111 1111"
    name = "sleep_through_the_night.wakes_at_night"
    talk.say("share_situation", text, cue(name, text, text))
    made = built(talk)
    assert made.told.because
    assert "1111 1111" not in packet_text.plain(made, RULES, talk.at)


LONG = st.text(max_size=3000)
MANY = st.lists(LONG, max_size=20)
TOLD = st.builds(
    Told,
    stage=LONG,
    since=st.just(NOW),
    need=LONG,
    because=MANY,
    words=LONG,
    whose=LONG,
    goal=LONG,
    goal_by=st.just(NOW),
    constraints=MANY,
    preferences=MANY,
    tried=MANY,
    options=st.lists(st.builds(Offered, LONG, LONG, LONG, LONG), max_size=20),
)
LINES = st.builds(Line, st.sampled_from(["customer", "coach"]), LONG, st.just(NOW))


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=20), TOLD, MANY, LONG)
def test_plain_text_is_never_too_long(
    turns: list[Line], told: Told, parts: list[str], words: str
) -> None:
    made = Packet(
        reason="anger",
        urgency=Urgency.SOON,
        since=NOW,
        said=words,
        name=words,
        verified=False,
        customer_since=NOW,
        channel="web",
        language="English",
        mood=Mood(Feeling.ANGRY, words),
        told=told,
        promises=[packet.Due(part, NOW, True, "shop") for part in parts],
        consents={purpose: True for purpose in Purpose},
        turns=turns,
        next=words,
    )
    text = packet_text.plain(made, RULES, NOW)
    assert len(text) < 2000
    assert "Consents: yes to messages of ours" in text


@pytest.mark.parametrize(
    ("line", "feeling"),
    [
        ("i want to die", Feeling.IN_DANGER),
        ("this is unacceptable", Feeling.ANGRY),
        ("I'm really disappointed", Feeling.UPSET),
        ("I'm worried about my baby", Feeling.WORRIED),
        ("thanks a lot", Feeling.GLAD),
        ("I'm not angry", Feeling.CALM),
        ("do you have chairs", Feeling.CALM),
        ("OK", Feeling.CALM),
    ],
)
def test_mood_of_one_line(help: Help, line: str, feeling: Feeling) -> None:
    assert mood_of([line], help.risks, help.languages["en"]).feeling == feeling
