import pytest

from journey.people.consent import Purpose, has_consent, record_consent
from journey.store.tables import ContactWish, Customer
from journey.turn import Entity
from tests.factories import make_conversation
from tests.journey.talking import Talk


def wish(talk: Talk) -> ContactWish:
    return talk.session.query(ContactWish).one()


@pytest.mark.parametrize(
    ("text", "number", "days"),
    [
        ("write to me at most once a week", 1, 7),
        ("no more than three messages per week please", 3, 7),
        ("message me at most 2 times a week", 2, 7),
        ("write to me once a month", 1, 30),
        ("one message a day is fine", 7, 7),
    ],
)
def test_number_is_kept_as_said(talk: Talk, text: str, number: int, days: int) -> None:
    assert talk.say("give_preference", text) == ["utter_contact_kept"]
    assert (wish(talk).per_week, wish(talk).span_days) == (number, days)
    assert wish(talk).said == text


@pytest.mark.parametrize(
    ("text", "until", "begins"),
    [
        ("don't write to me before 10", 600, None),
        ("please don't message me after 8 pm", None, 20 * 60),
        ("write to me only between 9:30 and 18", 570, 18 * 60),
        ("no messages after 12 am", None, 0),
    ],
)
def test_hours_are_kept_as_said(
    talk: Talk, text: str, until: int | None, begins: int | None
) -> None:
    assert talk.say("stop_messages", text, *())[0] in (
        "utter_contact_kept",
        "utter_stopped",
    )
    talk.say("give_preference", text)
    assert (wish(talk).quiet_until, wish(talk).quiet_from) == (until, begins)


@pytest.mark.parametrize("intent", ["stop_messages", "ask_my_data", "out_of_scope"])
def test_question_about_our_writing_stops_nothing(talk: Talk, intent: str) -> None:
    text = "how often will you write to me?"
    assert talk.say(intent, text) == ["utter_contact_none"]
    record_consent(
        talk.session,
        talk.customer_id,
        Purpose.DUE_AGAIN,
        True,
        text="t",
        source="m",
        now=talk.at,
    )
    talk.say("out_of_scope", "write to me once a month at most")
    assert talk.say(intent, text) == ["utter_contact_now"]
    assert talk.value("agreed") == "I may write when something is due again"
    assert "at most 1 in 4 weeks, nothing before 8:00" in talk.value("wish")
    assert has_consent(talk.session, talk.customer_id, Purpose.DUE_AGAIN, talk.at)


def test_wishes_add_up(talk: Talk) -> None:
    talk.say("give_preference", "write to me at most once a week")
    talk.say("give_preference", "and don't write before 9")
    assert (wish(talk).per_week, wish(talk).quiet_until) == (1, 540)


def test_channel_must_be_known(talk: Talk) -> None:
    text = "write to me on telegram please"
    assert talk.say("give_preference", text) == ["utter_contact_unknown"]
    customer = talk.session.get_one(Customer, "customer")
    make_conversation(talk.session, customer, channel="telegram")
    assert talk.say("give_preference", text) == ["utter_contact_kept"]
    assert wish(talk).channel == "telegram"


@pytest.mark.parametrize(
    "text", ["I write a lot at my desk", "a chair for two hours a day", "hello"]
)
def test_other_sentences_are_no_wish(talk: Talk, text: str) -> None:
    talk.say("share_situation", text)
    assert talk.session.query(ContactWish).count() == 0


def test_mandate_with_a_rhythm_is_no_wish(talk: Talk) -> None:
    every = Entity("duration", {"days": 7, "every": True})
    talk.say("set_mandate", "send me coffee once a week", every)
    assert talk.session.query(ContactWish).count() == 0
